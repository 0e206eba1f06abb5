"""When a job can be claimed: its rank, as a type, and as the number by which the database sorts.

A rank is stored as a float, the smallest first, so that one index finds both what is due and the head of the
queue. Its cases have ranges of their own: asleep below due below queued.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

LOWEST_QUEUED: Final = -1e10
"""Numbers of a queue are greater."""
LOWEST_DUE: Final = 2 * LOWEST_QUEUED
"""From here up to the queue, numbers are times: this one is the epoch, and each second counts one."""
ASLEEP_NUMBER: Final = 3 * LOWEST_QUEUED


@dataclass(frozen=True, slots=True)
class InQueue:
    """The job is in a queue, and can be claimed: the smallest number first."""

    number: float


@dataclass(frozen=True, slots=True)
class Due:
    """The job can be claimed from a time on: something is to be done then, or its lease runs out."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Asleep:
    """The job can't be claimed until it gets another rank."""


Rank = InQueue | Due | Asleep


def number_of(rank: Rank) -> float:
    """Return the number that a rank is stored as."""
    match rank:
        case InQueue(number):
            return number
        case Due(at):
            return LOWEST_DUE + at.timestamp()
        case Asleep():
            return ASLEEP_NUMBER


def rank_of(number: float) -> Rank:
    """Return the rank that is stored as a number; a time is exact to some microseconds."""
    if number > LOWEST_QUEUED:
        return InQueue(number)
    if number >= LOWEST_DUE:
        return Due(datetime.fromtimestamp(number - LOWEST_DUE, UTC))
    return Asleep()


def is_claimable(number: float, now: datetime) -> bool:
    """Tell whether a job whose rank is stored as this number can be claimed."""
    return number > LOWEST_QUEUED or LOWEST_DUE <= number <= number_of(Due(now))
