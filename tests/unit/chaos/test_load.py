"""The load and the chats of a chaos run: what they record as accepted, cancelled, answered or wrong."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from backchat_contracts import strategy_id
from tests.chaos.chats import Chats
from tests.chaos.check import Observations
from tests.chaos.client import Answer, Client
from tests.chaos.load import Load
from tests.chaos.plan import Turn, plan_jobs
from tests.unit.chaos.observations import JOB, LIFE, observed, page

pytestmark = pytest.mark.anyio

SENT = Turn(0, 0.0, 0, "which one?")
USER, ASSISTANT = (
    {"turn_id": "t", "role": "user", "content": "which one?"},
    {"turn_id": "t", "role": "assistant", "content": "this one"},
)
OTHER = {**USER, "turn_id": "not answered", "content": "and now?"}


class FakeClient(Client):
    """Answers by the end of the path, and records the requests."""

    def __init__(self, answers: Mapping[str, Answer]) -> None:
        self._answers = answers
        self.asked: list[tuple[str, Any]] = []

    async def once(self, _method: str, path: str, body: object = None, _key: str | None = None) -> Answer:
        self.asked.append((path, body))
        return next(answer for end, answer in self._answers.items() if path.endswith(end))


def loading(client: Client, *, durable: bool = False) -> tuple[Load, Observations]:
    seen = Observations()
    return Load(client, "nowhere:9092", seen, durable=durable, run="test"), seen


@pytest.mark.parametrize(
    ("durable", "status", "confirmed", "wrong"),
    [
        (False, 200, True, False),
        (False, 404, False, True),
        (True, 404, True, False),  # not consumed yet: cancelled as soon as it is
        (True, 202, False, False),
        (False, 409, False, False),
    ],
)
async def test_a_cancellation_is_confirmed_by_its_answer(
    *, durable: bool, status: int, confirmed: bool, wrong: bool
) -> None:
    client = FakeClient(
        {"/backtest/trigger": Answer(202, {"backtest_id": "a"}), "/cancel": Answer(status, {})}
    )
    load, seen = loading(client, durable=durable)
    await load.ask([replace(JOB, at=0.0, through_kafka=False, cancel_after=0.0)])
    assert seen.accepted.keys() == {"a"}
    assert bool(seen.cancelled) == confirmed
    assert bool(seen.findings) == wrong


async def test_two_jobs_are_never_one_backtest() -> None:
    load, seen = loading(FakeClient({"/backtest/trigger": Answer(202, {"backtest_id": "a"})}))
    job = replace(JOB, at=0.0, through_kafka=False, cancel_after=None)
    await load.ask([job, replace(job, number=7)])
    assert seen.asked == 2
    assert [(each.kind, each.about) for each in seen.findings] == [("lost", "job 7")]
    seen.accept("a", job)  # the same job again, as for a repeated request
    assert len(seen.findings) == 1


@pytest.mark.parametrize(
    ("history", "wrong"),
    [
        ([USER, ASSISTANT, OTHER], 0),
        ([USER], 1),
        ([USER, ASSISTANT, ASSISTANT], 1),
        ([USER, ASSISTANT, OTHER, OTHER], 1),
        ([{**USER, "content": "which two?"}, ASSISTANT], 1),
    ],
)
async def test_an_answered_turn_is_stored_once(history: list[Any], wrong: int) -> None:
    seen, answered = Observations(), Answer(200, {"turn": {"turn_id": "t"}})
    client = FakeClient(
        {
            "/session/create": Answer(201, {"session_id": "s"}),
            "/chat": answered,
            "/compare": Answer(200, {}),
            "/session/s": Answer(200, {"conversation_history": history}),
        }
    )
    chats = Chats(client, seen, "test")
    await chats.converse([SENT])
    await chats.check(5.0)
    (compared,) = (body["strategy_ids"] for path, body in client.asked if path.endswith("/compare"))
    assert set(compared) == {
        strategy_id(job.request["strategy_config"]["name"]) for job in plan_jobs(1, 500, 9)
    }
    assert [each.kind for each in seen.findings] == ["chat"] * wrong


async def test_a_check_without_answers_ends() -> None:
    seen = observed(*LIFE, at_last=page())
    answers = {"/session/create": Answer(201, {"session_id": "s"}), "": Answer(503, {})}
    chats = Chats(FakeClient(answers), seen, "test")
    with pytest.raises(TimeoutError):  # the session is open, and nothing is answered in it
        async with asyncio.timeout(0.1):
            await chats.converse([SENT])
    async with asyncio.timeout(5):
        await chats.check(0.1)
    assert [each.about for each in seen.findings] == ["sessions", "comparisons"]
