"""Requests whose cost must not grow with the number of stored documents, and databases that hold many."""

import asyncio
from collections.abc import Awaitable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Final, Protocol, TypeVar

import numpy as np

from backchat_contracts import Problem, strategy_id
from deploy.embedded.stack import Stack
from services.backtest import mongo as backtest
from services.backtest.documents import result_document
from services.backtest.domain.acceptance import accept
from services.backtest.domain.backtest import Backtest
from services.backtest.domain.change import Change
from services.backtest.domain.result import Result
from services.backtest.migrations import MIGRATIONS
from services.chassis.jobs.queue import Queue
from services.chassis.process.service import now
from services.chassis.settings import ServiceSettings
from services.chassis.storage.aggregates import Aggregates
from services.chassis.storage.schema import open_database
from services.compare import mongo as compare
from services.compare.migrations import MIGRATIONS as COMPARE_MIGRATIONS
from services.session import mongo as session
from services.session.domain.session import Session
from tests.bench.broker import settings_of
from tests.bench.load import http_request
from tests.bench.scenarios import BACKTESTS, CHATOPS, COMPARE, CREATE, STRATEGIES, TRIGGER, Scenario
from tests.builders import (
    config,
    curve,
    delivery,
    new_id,
    performance,
    result,
    specification,
    strategy,
    strategy_saved,
)
from tests.fakes import FakeKafka

T = TypeVar("T")

SIZES: Final = (10, 1_000, 10_000)
"""Numbers of backtests and of sessions; there is a strategy for four backtests."""
MOST: Final = 1.5
"""How many times the cost in the smallest database a request may take."""
FEWEST_STRATEGIES: Final = 50
"""As many as a question without names is answered from."""
USER: Final = "grown"
CHAT_SESSION: Final = "session-grown"
AT_ONCE: Final = 500
FAILED_ONE_IN: Final = 10
DAYS: Final = 300


def requests() -> list[Scenario]:
    """Return the requests; of the lists, a page that the smallest database fills too."""
    question = {"message": "Which strategy is steadier?"}
    return [
        Scenario("backtest.list", "find", [http_request("GET", f"{BACKTESTS}?limit=10")]),
        Scenario("backtest.list failed", "find", [http_request("GET", f"{BACKTESTS}?limit=1&status=failed")]),
        Scenario("strategy.list", "find", [http_request("GET", "/api/v1/strategies?limit=10")]),
        Scenario(
            "session.list", "find", [http_request("GET", f"{CHATOPS}/sessions?user_id={USER}&limit=10")]
        ),
        Scenario("chat", "find", [http_request("POST", f"{CHATOPS}/session/{CHAT_SESSION}/chat", question)]),
        CREATE,
        COMPARE,
        TRIGGER,
    ]


async def fill(stack: Stack, size: int, strategies: int | None = None) -> None:
    """Store this many backtests and sessions, as their services do, in a stack that runs no services.

    There is one of each strategy at least, so in the smallest there are more; the last of each has curves.
    `strategies`: how many there are, beside three; else one for four backtests.
    """
    settings = settings_of(stack)
    wanted = strategies or max(size // 4, FEWEST_STRATEGIES)
    names = [*STRATEGIES, *(f"strategy {number}" for number in range(wanted))]
    began = now() - timedelta(milliseconds=max(size, len(names)))
    ended = [_ended(names, number, began) for number in range(max(size, len(names)))]
    await _fill_backtest(settings, names, ended)
    await _fill_compare(settings, names, ended)
    await _fill_session(settings, [later(began, number) for number in range(size)])


def _ended(names: Sequence[str], number: int, began: datetime) -> Backtest:
    """Make a backtest of one strategy after the other, each with its own parameters."""
    name, moment = names[number % len(names)], later(began, number)
    spec = specification(
        strategy_name=name,
        strategy_id=strategy_id(name),
        config=config(parameters={"number": number}),
        created_at=moment,
    )
    queued = accept(spec, 0.0, 1.0, leads=False).state
    if number % FAILED_ONE_IN == 0 and number >= len(names):
        return queued.fail(Problem(code="data-missing", detail="no prices"), moment).state
    return queued.start(1, moment).state.complete(performance(), new_id("result"), 0.1, moment).state


async def _fill_backtest(settings: ServiceSettings, names: Sequence[str], ended: Sequence[Backtest]) -> None:
    kafka, origin = FakeKafka(), delivery().origin
    async with open_database(settings, "backtest", MIGRATIONS) as database:
        catalogue = Aggregates(database["strategies"], kafka, settings)
        strategies = backtest.MongoStrategies(catalogue)
        documents = Aggregates(database["backtests"], kafka, settings)
        results = database["backtest_results"]
        backtests = backtest.MongoBacktests(documents, results)
        await _started(catalogue, strategies, documents, backtests, Queue(documents, dict))
        first = ended[0].spec.created_at
        new = [strategy(name, created_at=later(first, number)) for number, name in enumerate(names)]
        await _all(strategies.add(each.create(), origin) for each in new)
        await _all(backtests.add(Change(each, ()), origin) for each in ended)
        await _all(
            results.insert_one(result_document(each.result_id, _curves(each.spec.strategy_name)))
            for each in _standing(ended)
        )
        await catalogue.stop()
        await documents.stop()


def _standing(ended: Sequence[Backtest]) -> Iterable[Backtest]:
    """Return the last completed backtest of each strategy."""
    return {each.spec.strategy_id: each for each in ended if each.status == "completed"}.values()


def _curves(name: str) -> Result:
    equity, exposure = curve(name, DAYS), np.full(DAYS, 0.5)
    days = np.busday_offset("2010-01-04", np.arange(DAYS), roll="forward")
    return result(days=days, equity=equity, benchmark=curve("the benchmark", DAYS), exposure=exposure)


async def _fill_compare(settings: ServiceSettings, names: Sequence[str], ended: Sequence[Backtest]) -> None:
    async with open_database(settings, "compare", COMPARE_MIGRATIONS) as database:
        model = compare.MongoStrategyModel(database["strategies"])
        trials = compare.MongoTrials(database["trials"])
        await _started(model, trials)
        first = ended[0].spec.created_at
        await _all(model.saved(strategy_saved(name, created_at=first), 1) for name in names)
        completions = [each.completion() for each in ended if each.status == "completed"]
        await _all(model.completed(each) for each in completions)
        await _all(trials.add(each) for each in completions)


async def _fill_session(settings: ServiceSettings, moments: list[datetime]) -> None:
    async with open_database(settings, "session", session.MIGRATIONS) as database:
        documents = Aggregates(database["chat_sessions"], FakeKafka(), settings)
        sessions = session.MongoSessions(documents)
        await _started(documents, sessions, Queue(documents, dict))
        new = [Session(new_id("session"), USER, created_at=moment, updated_at=moment) for moment in moments]
        new[0] = replace(new[0], session_id=CHAT_SESSION)
        await _all(sessions.add(each, [], delivery()) for each in new)
        await documents.stop()


class Part(Protocol):
    """What a service starts before it stores anything; it creates the indexes."""

    async def start(self) -> None: ...


async def _started(*parts: Part) -> None:
    for part in parts:
        await part.start()


def later(began: datetime, milliseconds: int) -> datetime:
    return began + timedelta(milliseconds=milliseconds)


async def _all(calls: Iterable[Awaitable[T]]) -> None:
    """Make the calls, some hundred at a time, which then share writes."""
    remaining = iter(calls)
    while group := list(islice(remaining, AT_ONCE)):
        await asyncio.gather(*group)
