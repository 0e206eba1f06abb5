"""A process that makes progress is left alone, one that is stuck is ended."""

import asyncio
import time
from collections.abc import AsyncIterator, Hashable, Mapping
from contextlib import suppress

import pytest

from services.chassis.process.watchdog import Watchdog, stacks
from tests.fakes import eventually

pytestmark = pytest.mark.anyio

LIMIT = 0.2


class FakeWatched:
    """Waits for what a test says, and notes why its process would be ended."""

    def __init__(self, limit: float = LIMIT) -> None:
        self.waiting: dict[str, Hashable] = {}
        self.death: str | None = None
        self.looks = 0
        self.progressing = False
        self.ends: list[str] = []
        self.watchdog = Watchdog([self], limit, self.ends.append)

    def dead(self) -> str | None:
        return self.death

    async def waits(self) -> Mapping[str, Hashable]:
        self.looks += 1
        return {what: self.looks if self.progressing else value for what, value in self.waiting.items()}


async def test_the_stacks_name_where_every_task_waits_also_inside_an_async_generator() -> None:
    never = asyncio.Event()

    async def pieces() -> AsyncIterator[str]:
        await never.wait()
        yield ""

    async def reads_a_stream() -> None:
        async for _ in pieces():
            pass

    task = asyncio.create_task(reads_a_stream(), name="turn")
    await asyncio.sleep(0)
    found = stacks(asyncio.get_running_loop())
    task.cancel()
    _, _, told = found.partition("task turn:")
    assert told.index("in reads_a_stream") < told.index("in pieces") < told.index("in wait")


async def test_the_process_ends_even_if_its_stacks_can_not_be_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_loop: object) -> str:
        raise RuntimeError("odd")

    monkeypatch.setattr("services.chassis.process.watchdog.stacks", fail)
    watched = FakeWatched(limit=2)
    with suppress(RuntimeError):
        async with watched.watchdog.running():
            watched.death = "the commit task has ended"
            await eventually(lambda: bool(watched.ends))
    assert watched.ends[0] == "the commit task has ended"


async def test_progress_is_left_alone() -> None:
    watched = FakeWatched()
    watched.waiting, watched.progressing = {"poll": 0}, True
    async with watched.watchdog.running():
        await eventually(lambda: watched.looks > 30)
        assert watched.watchdog.progressing
    assert watched.ends == []


async def test_waiting_for_nothing_is_left_alone() -> None:
    watched = FakeWatched()
    async with watched.watchdog.running():
        await eventually(lambda: watched.looks > 30)
    assert watched.ends == []


async def test_what_is_stuck_is_not_ready_first_and_ended_then() -> None:
    watched = FakeWatched(limit=1)
    watched.waiting = {"a commit": None, "poll": 7}
    async with watched.watchdog.running():
        assert watched.watchdog.progressing
        await eventually(lambda: not watched.watchdog.progressing)
        assert watched.ends == []
        await eventually(lambda: len(watched.ends) == 2)
    assert sorted(watched.ends) == ["no progress in 1 s: a commit", "no progress in 1 s: poll"]


async def test_what_makes_progress_again_in_time_is_ready_again() -> None:
    watched = FakeWatched(limit=1)
    watched.waiting = {"poll": 7}
    async with watched.watchdog.running():
        await eventually(lambda: not watched.watchdog.progressing)
        watched.waiting = {"poll": 8}
        await eventually(lambda: watched.watchdog.progressing)
    assert watched.ends == []


async def test_what_is_dead_is_ended_at_once() -> None:
    watched = FakeWatched(limit=2)
    async with watched.watchdog.running():
        watched.death = "a task is dead"
        assert not watched.watchdog.progressing
        await eventually(lambda: watched.ends == ["a task is dead"], deadline=1)


@pytest.mark.parametrize("hangs", [False, True])
async def test_before_the_end_it_gives_jobs_back_if_it_can(
    *, hangs: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.chassis.process.watchdog.GIVE_BACK_SECONDS", 0.05)
    watched, told = FakeWatched(), list[str]()

    async def give_back() -> None:
        told.append("given back")
        if hangs:
            await asyncio.Event().wait()

    watchdog = Watchdog([watched], LIMIT, told.append, give_back)
    async with watchdog.running():
        watched.death = "a task is dead"
        await eventually(lambda: len(told) >= 2)
    assert told[:2] == ["given back", "a task is dead"]


class Unreadable(FakeWatched):
    """Cannot say what it waits for."""

    async def waits(self) -> Mapping[str, Hashable]:
        self.looks += 1
        raise ConnectionError("away")


async def test_a_failed_check_ends_nothing() -> None:
    watched = Unreadable()
    async with watched.watchdog.running():
        await eventually(lambda: watched.looks > 30)
    assert watched.ends == []


async def test_a_blocked_event_loop_is_noticed_by_the_thread() -> None:
    watched = FakeWatched()
    async with watched.watchdog.running():
        await asyncio.sleep(0)
        deadline = time.monotonic() + 10
        while not watched.ends and time.monotonic() < deadline:
            time.sleep(0.01)  # noqa: ASYNC251 - what is tested
    (why,) = set(watched.ends)
    assert why.startswith("the event loop was blocked for 0.2 s in test_a_blocked_event_loop")


async def test_after_the_block_it_checks_no_more() -> None:
    watched = FakeWatched()
    async with watched.watchdog.running():
        await eventually(lambda: watched.looks > 2)
    looks, watched.death = watched.looks, "dead"
    await asyncio.sleep(2 * LIMIT)
    assert (watched.looks, watched.ends) == (looks, [])


@pytest.mark.parametrize("death", [None, "the poll task has ended"])
async def test_the_process_ends_if_one_of_those_that_are_watched_is_stuck_or_dead(death: str | None) -> None:
    consumer, replies = FakeWatched(), FakeWatched()
    ends: list[str] = []
    consumer.waiting, consumer.progressing = {"poll": 1}, True
    replies.waiting, replies.death = {"replies: poll": 7}, death
    async with Watchdog([consumer, replies], LIMIT, ends.append).running():
        await eventually(lambda: bool(ends))

    assert ends[0] == (death or "no progress in 0.2 s: replies: poll")
