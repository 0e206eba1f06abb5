"""When a foreign service has consumed all events of a backtest."""

import pytest

from deploy.embedded.listener import Seen, complete

PENDING, RUNNING, COMPLETED = ("pending", {}), ("running", {}), ("completed", {})


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        ({}, False),
        ({1: PENDING, 2: RUNNING}, False),
        ({3: COMPLETED}, False),
        ({1: PENDING, 3: COMPLETED}, False),
        ({3: COMPLETED, 1: PENDING, 2: RUNNING}, True),
        ({0: ("rejected", {})}, True),
    ],
    ids=["nothing", "no end", "the end first", "a gap", "all", "rejected"],
)
def test_a_backtest_is_complete_when_no_event_before_its_end_is_missing(
    seen: Seen, *, expected: bool
) -> None:
    assert complete(seen) is expected
