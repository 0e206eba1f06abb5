"""Calls that are made while one is under way share the next one."""

import asyncio
from collections.abc import Sequence

import pytest

from services.chassis.storage.grouped import Grouped
from tests.fakes import eventually

pytestmark = pytest.mark.anyio


class Server:
    """Doubles numbers, one call at a time, each when the test lets it; refuses negative ones."""

    def __init__(self) -> None:
        self.calls: list[list[int]] = []
        self.may_answer = asyncio.Event()
        self.may_answer.set()

    async def __call__(self, items: Sequence[int]) -> Sequence[int]:
        self.calls.append(list(items))
        await self.may_answer.wait()
        if min(items) < 0:
            raise ValueError("negative")
        return [2 * item for item in items]


async def test_a_lone_caller_is_served_at_once() -> None:
    server = Server()

    assert await Grouped(server)(21) == 42
    assert server.calls == [[21]]


async def test_callers_during_a_call_share_the_next_and_each_gets_its_own_result() -> None:
    server = Server()
    server.may_answer.clear()
    grouped: Grouped[int, int] = Grouped(server)
    first = asyncio.create_task(grouped(1))
    await eventually(lambda: server.calls == [[1]])
    others = [asyncio.create_task(grouped(number)) for number in (2, 3, 4)]
    await asyncio.wait(others, timeout=0)  # they have asked
    server.may_answer.set()

    assert await asyncio.gather(first, *others) == [2, 4, 6, 8]
    assert server.calls == [[1], [2, 3, 4]]


async def test_an_error_reaches_every_caller_of_its_group_and_the_next_group_works() -> None:
    server = Server()
    grouped: Grouped[int, int] = Grouped(server)
    results = await asyncio.gather(grouped(5), grouped(-1), return_exceptions=True)

    assert [str(result) for result in results] == ["negative", "negative"]
    assert await grouped(6) == 12


async def test_a_caller_that_gives_up_does_not_disturb_the_others() -> None:
    server = Server()
    server.may_answer.clear()
    grouped: Grouped[int, int] = Grouped(server)
    leaver, stayer = asyncio.create_task(grouped(1)), asyncio.create_task(grouped(2))
    await eventually(lambda: server.calls == [[1, 2]])
    leaver.cancel()
    await asyncio.wait([leaver])
    server.may_answer.set()

    assert await stayer == 4
    assert await grouped(3) == 6
