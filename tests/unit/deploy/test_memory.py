"""When a program that never frees memory is started again."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.embedded.memory import QUIET_BYTES, outgrown, resident

pytestmark = pytest.mark.anyio

BOUND = 100 * QUIET_BYTES


async def decided(*sizes: int, settled: Iterator[bool] | None = None) -> tuple[int, int]:
    """Return at which size it is started again, and how often its size was read."""
    read = iter(sizes)
    reads = 0

    def next_size(_pid: int) -> int:
        nonlocal reads
        reads += 1
        return next(read)

    async def said() -> bool:
        return next(settled) if settled else True

    return await outgrown(1, BOUND, said, pause=0, read=next_size), reads


async def test_above_the_bound_it_waits_for_a_quiet_moment() -> None:
    busy = [BOUND + number * QUIET_BYTES for number in range(1, 4)]
    assert await decided(BOUND, BOUND, *busy, busy[-1] + 1) == (busy[-1] + 1, 6)


async def test_at_twice_the_bound_it_waits_no_longer() -> None:
    assert await decided(BOUND, 2 * BOUND, 2 * BOUND + 1) == (2 * BOUND + 1, 3)


async def test_it_waits_while_a_consumer_may_still_have_to_read() -> None:
    sizes = [2 * BOUND + 1] * 3
    assert await decided(*sizes, settled=iter([False, False, True])) == (2 * BOUND + 1, 3)


def test_the_memory_of_a_process_that_has_ended_is_zero() -> None:
    assert resident(2**22 + 1) == 0


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs Linux's /proc")
def test_the_memory_of_this_process_is_its_resident_set() -> None:
    assert 10_000_000 < resident(os.getpid()) < 10_000_000_000
