"""The gateway's readiness: which services answer, asked when readiness is asked for."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import replace

import pytest

from backchat_contracts import ComparisonView, Event, Refused
from deploy.services import GATEWAY
from deploy.services import SERVICES as ALL_SERVICES
from services.chassis.errors import BrokerUnavailableError, NoReplyError
from services.chassis.messaging.envelope import Delivery, Origin
from services.gateway.readiness import FRESH_SECONDS, Readiness, ServiceHealth, queries
from tests.fakes import FakeRequestClient, reply_of

pytestmark = pytest.mark.anyio

SERVICES = sorted(queries())
NOT_FOUND = Refused(code="session-not-found", detail="no such session")
FAILED = Refused(code="internal-error", detail="could not be handled")


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def of_service(event: Event) -> str:
    return next(name for name, query in queries().items() if type(query) is type(event))


class Services(FakeRequestClient):
    """Answers as each service would, with what a test prepared for it."""

    def __init__(self) -> None:
        super().__init__()
        self.said: dict[str, Refused | Exception] = dict.fromkeys(SERVICES, NOT_FOUND)
        self.held = asyncio.Event()
        self.held.set()

    async def stream(self, event: Event, origin: Origin, timeout: float) -> AsyncGenerator[Delivery]:  # noqa: ARG002, ASYNC109
        self.asked.append((event, timeout))
        await self.held.wait()
        answer = self.said[of_service(event)]
        if isinstance(answer, Exception):
            raise answer
        yield reply_of(answer)


def test_every_service_is_asked() -> None:
    assert set(queries()) == set(ALL_SERVICES) - {GATEWAY}


async def test_each_service_is_asked_and_answers() -> None:
    services = Services()
    assert await ServiceHealth(services).degraded() == {}
    assert sorted(of_service(event) for event, _ in services.asked) == SERVICES


@pytest.mark.parametrize("answer", [NoReplyError("no answer"), FAILED])
async def test_a_service_that_does_not_answer_is_named_until_it_does(answer: Refused | Exception) -> None:
    services, clock = Services(), Clock()
    health = ServiceHealth(services, clock)
    services.said["compare"] = answer
    first = await health.degraded()
    assert list(first) == ["compare"]

    clock.now += FRESH_SECONDS
    assert await health.degraded() == first  # since the first time

    services.said["compare"] = NOT_FOUND
    clock.now += FRESH_SECONDS
    assert await health.degraded() == {}


async def test_what_was_found_holds_for_a_while_and_no_longer() -> None:
    services, clock = Services(), Clock()
    health = ServiceHealth(services, clock)
    await health.degraded()
    services.said["session"] = NoReplyError("no answer")
    clock.now += FRESH_SECONDS - 0.1
    assert await health.degraded() == {}
    clock.now += 0.1
    assert list(await health.degraded()) == ["session"]


async def test_those_who_ask_at_the_same_time_share_a_query() -> None:
    services = Services()
    health = ServiceHealth(services)
    services.held.clear()
    impatient, *patient = [asyncio.create_task(health.degraded()) for _ in range(3)]
    await asyncio.sleep(0)
    impatient.cancel()
    services.held.set()
    assert await asyncio.gather(*patient) == [{}, {}]
    assert len(services.asked) == len(SERVICES)


async def test_without_a_broker_nothing_is_known_of_the_services() -> None:
    services, clock = Services(), Clock()
    health = ServiceHealth(services, clock)
    services.said = dict.fromkeys(SERVICES, BrokerUnavailableError("away"))
    assert await health.degraded() == {}


async def test_an_answer_of_the_compare_service_is_no_refusal() -> None:
    services = FakeRequestClient()
    services.will_answer(ComparisonView.model_construct(comparison_id="c"))
    assert await ServiceHealth(services).degraded() == {}


async def test_the_status_names_the_worst() -> None:
    services = Services()
    services.said["backtest"] = NoReplyError("no answer")
    degraded = await ServiceHealth(services).degraded()

    assert Readiness({"kafka": True}, degraded).status == "degraded"
    assert Readiness({"kafka": True}, {}).status == "ready"
    assert Readiness({"kafka": False}, degraded).status == "not ready"


async def test_a_service_that_answers_without_something_is_named_with_it() -> None:
    class Lacking(Services):
        without = ("language model openai",)

        async def stream(self, event: Event, origin: Origin, timeout: float) -> AsyncGenerator[Delivery]:  # noqa: ASYNC109
            async for reply in super().stream(event, origin, timeout):
                yield replace(reply, degraded=self.without if of_service(event) == "session" else ())

    services, clock = Lacking(), Clock()
    health = ServiceHealth(services, clock)
    first = await health.degraded()
    assert {name: each.without for name, each in first.items()} == {"session": services.without}
    assert Readiness({"kafka": True}, first).status == "degraded"
    clock.now += FRESH_SECONDS
    assert await health.degraded() == first  # since the first time

    services.without = ()
    clock.now += FRESH_SECONDS
    assert await health.degraded() == {}
