"""Ranks of jobs, and the numbers they are stored as."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.jobs.rank import Asleep, Due, InQueue, Rank, is_claimable, number_of, rank_of
from tests.builders import NOW

TIMES = st.datetimes(datetime(1970, 1, 2), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
NUMBERS = st.floats(-2e9, 2e9)


@pytest.mark.parametrize(
    ("rank", "number"),
    [
        (InQueue(3.5), 3.5),
        (InQueue(-1e9), -1e9),
        (Due(datetime(1970, 1, 1, tzinfo=UTC)), -2e10),
        (Due(datetime(2001, 9, 9, 1, 46, 40, tzinfo=UTC)), -1.9e10),
        (Asleep(), -3e10),
    ],
)
def test_a_rank_is_stored_as_this_number(rank: Rank, number: float) -> None:
    assert number_of(rank) == number
    assert rank_of(number) == rank


@given(NUMBERS)
def test_a_queue_number_comes_back(number: float) -> None:
    assert rank_of(number_of(InQueue(number))) == InQueue(number)


@given(TIMES)
def test_a_time_comes_back_to_some_microseconds(at: datetime) -> None:
    rank = rank_of(number_of(Due(at)))
    assert isinstance(rank, Due)
    assert abs(rank.at - at) < timedelta(microseconds=5)


@given(TIMES, TIMES, NUMBERS)
def test_what_is_due_longest_comes_first_and_the_queue_after_that(
    one: datetime, other: datetime, number: float
) -> None:
    earlier, later = sorted((one, other))
    ranks = (Asleep(), Due(earlier), Due(later), InQueue(number))
    numbers = [number_of(rank) for rank in ranks]
    assert numbers == sorted(numbers)
    assert numbers[0] < numbers[1]
    assert numbers[2] < numbers[3]


@pytest.mark.parametrize(
    ("rank", "claimable"),
    [
        (InQueue(-1e9), True),
        (Due(NOW), True),
        (Due(NOW - timedelta(days=1)), True),
        (Due(NOW + timedelta(milliseconds=1)), False),
        (Asleep(), False),
    ],
)
def test_what_is_queued_or_due_can_be_claimed(rank: Rank, *, claimable: bool) -> None:
    assert is_claimable(number_of(rank), NOW) is claimable
