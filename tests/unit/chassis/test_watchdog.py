"""Who gets on is left alone; who does not is told on and ended."""

import asyncio
import time
from collections.abc import Hashable, Mapping

import pytest

from services.chassis.process.watchdog import Watchdog
from tests.fakes import eventually

pytestmark = pytest.mark.anyio

LIMIT = 0.2


class Somebody:
    """Waits for what it is told to, and ends by telling why."""

    def __init__(self, limit: float = LIMIT) -> None:
        self.waiting: dict[str, Hashable] = {}
        self.death: str | None = None
        self.looks = 0
        self.gets_on = False
        self.ends: list[str] = []
        self.watchdog = Watchdog(self, limit, self.ends.append)

    def dead(self) -> str | None:
        return self.death

    async def waits(self) -> Mapping[str, Hashable]:
        self.looks += 1
        return {what: self.looks if self.gets_on else far for what, far in self.waiting.items()}


async def test_who_gets_on_is_left_alone() -> None:
    somebody = Somebody()
    somebody.waiting, somebody.gets_on = {"poll": 0}, True
    async with somebody.watchdog.running():
        await eventually(lambda: somebody.looks > 30)
        assert somebody.watchdog.calm
    assert somebody.ends == []


async def test_who_waits_for_nothing_is_left_alone() -> None:
    somebody = Somebody()
    async with somebody.watchdog.running():
        await eventually(lambda: somebody.looks > 30)
    assert somebody.ends == []


async def test_who_is_stuck_is_not_ready_first_and_ended_then() -> None:
    somebody = Somebody(limit=1)
    somebody.waiting = {"a commit": None, "poll": 7}
    async with somebody.watchdog.running():
        assert somebody.watchdog.calm
        await eventually(lambda: not somebody.watchdog.calm)
        assert somebody.ends == []
        await eventually(lambda: len(somebody.ends) == 2)
    assert sorted(somebody.ends) == ["no progress in 1 s: a commit", "no progress in 1 s: poll"]


async def test_who_gets_on_again_in_time_is_ready_again() -> None:
    somebody = Somebody(limit=1)
    somebody.waiting = {"poll": 7}
    async with somebody.watchdog.running():
        await eventually(lambda: not somebody.watchdog.calm)
        somebody.waiting = {"poll": 8}
        await eventually(lambda: somebody.watchdog.calm)
    assert somebody.ends == []


async def test_the_dead_are_ended_at_once() -> None:
    somebody = Somebody(limit=10)
    async with somebody.watchdog.running():
        somebody.death = "a task is dead"
        assert not somebody.watchdog.calm
        await eventually(lambda: somebody.ends == ["a task is dead"])


@pytest.mark.parametrize("hangs", [False, True])
async def test_before_the_end_it_lets_go_if_it_can(hangs: bool, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: FBT001
    monkeypatch.setattr("services.chassis.process.watchdog.LET_GO_SECONDS", 0.05)
    somebody, told = Somebody(), list[str]()

    async def let_go() -> None:
        told.append("let go")
        if hangs:
            await asyncio.Event().wait()

    watchdog = Watchdog(somebody, LIMIT, told.append, let_go)
    async with watchdog.running():
        somebody.death = "a task is dead"
        await eventually(lambda: len(told) >= 2)
    assert told[:2] == ["let go", "a task is dead"]


class Unreadable(Somebody):
    """Can't tell how far it has come."""

    async def waits(self) -> Mapping[str, Hashable]:
        self.looks += 1
        raise ConnectionError("away")


async def test_who_cannot_tell_is_not_ended_for_it() -> None:
    somebody = Unreadable()
    async with somebody.watchdog.running():
        await eventually(lambda: somebody.looks > 30)
    assert somebody.ends == []


async def test_a_loop_that_stands_still_is_noticed_from_outside() -> None:
    somebody = Somebody()
    async with somebody.watchdog.running():
        await asyncio.sleep(0)
        deadline = time.monotonic() + 10
        while not somebody.ends and time.monotonic() < deadline:
            time.sleep(0.01)  # noqa: ASYNC251 - what is tested
    (why,) = set(somebody.ends)
    assert why.startswith("the event loop stood still for 0.2 s in test_a_loop_that_stands_still")


async def test_after_the_end_nobody_looks() -> None:
    somebody = Somebody()
    async with somebody.watchdog.running():
        await eventually(lambda: somebody.looks > 2)
    looks, somebody.death = somebody.looks, "dead"
    await asyncio.sleep(2 * LIMIT)
    assert (somebody.looks, somebody.ends) == (looks, [])
