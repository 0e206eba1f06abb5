"""The check of a chaos run: what is lost, duplicated or contradictory is found, and nothing else."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from tests.chaos.check import Observations, SeenEvent, check, latest, unplanned
from tests.chaos.plan import Kind
from tests.unit.chaos.observations import JOB, LIFE, complete_another, event, kinds, observed, page


def test_nothing_is_wrong_with_a_whole_life() -> None:
    seen = observed(*LIFE, *LIFE, at_last=page())  # delivered twice
    seen.look("a", page("pending", 1))
    seen.look("a", page("running", 2))
    assert check(seen) == []
    assert seen.ended("a")
    again = observed(
        event("pending", 1),
        event("running", 2),
        event("running", 3),
        event("completed", 4),
        at_last=page(sequence=4),
    )
    assert check(again) == []


@pytest.mark.parametrize(
    ("events", "at_last", "wrong"),
    [
        ((), None, ["lost"]),
        (LIFE, None, ["lost"]),
        (LIFE[:1], page("pending", 1), ["lost"]),
        (LIFE[:2], page(), ["lost"]),
        ((*LIFE, event("completed", 3, "other")), page(), ["duplicated", "order"]),
        ((*LIFE, event("failed", 4)), page(), ["duplicated"]),
        ((LIFE[0], LIFE[2]), page(), ["order"]),
        ((event("running", 1), event("pending", 2), LIFE[2]), page(), ["order"]),
        (LIFE, page("cancelled"), ["disagreement"]),
        (LIFE, page(sequence=4), ["disagreement"]),
        ((*LIFE[:2], event("completed", 3, performance=None)), page(), ["disagreement"]),
    ],
)
def test_what_is_wrong_is_found(
    events: tuple[SeenEvent, ...], at_last: Mapping[str, Any] | None, wrong: list[str]
) -> None:
    assert kinds(observed(*events, at_last=at_last)) == wrong


@pytest.mark.parametrize(
    "read",
    [
        (("running", 2), ("pending", 1)),
        (("running", 3), ("running", 2)),
        (("failed", 3), ("completed", 3)),
    ],
)
def test_a_page_whose_status_goes_back_is_found(read: tuple[tuple[str, int], ...]) -> None:
    seen = observed(*LIFE, at_last=page())
    for status, sequence in read:
        seen.look("a", page(status, sequence))
    assert set(kinds(seen)) == {"order"}


def test_results_are_readable_and_equal_jobs_have_equal_ones() -> None:
    seen = observed(*LIFE, at_last=page())
    del seen.results["a"]
    assert kinds(seen) == ["result"]

    seen = observed(*LIFE, at_last=page())
    other = {"total_return": 0.2}
    seen.accepted["b"] = JOB
    for each in (*LIFE[:2], event("completed", 3, performance=other)):
        seen.deliver("b", each)
    seen.pages["b"], seen.results["b"] = page(performance=other), other
    assert [(each.kind, each.about) for each in check(seen)] == [("result", "b")]


def test_a_failure_that_was_not_planned_is_reported() -> None:
    seen = observed(*LIFE, at_last=page("failed"))
    assert unplanned(seen) == ["a"]
    seen.accepted["a"] = replace(JOB, kind="poison")
    assert unplanned(seen) == []


@pytest.mark.parametrize(
    ("kind", "status", "code", "wrong"),
    [
        ("plain", "failed", "poison", []),  # its service died at each attempt
        ("plain", "failed", "engine-error", ["failed"]),
        ("short", "failed", "engine-error", []),
        ("poison", "cancelled", None, []),
        ("poison", "completed", None, ["failed"]),  # its fault point was not reached
    ],
)
def test_a_job_ends_as_planned(kind: Kind, status: str, code: str | None, wrong: list[str]) -> None:
    at_last = page(status, error={"code": code, "detail": ""}) if code else page(status)
    seen = observed(*LIFE[:2], event(status, 3), at_last=at_last)
    seen.accepted["a"] = replace(JOB, kind=kind)
    complete_another(seen)
    assert kinds(seen) == wrong


def test_a_confirmed_cancellation_holds() -> None:
    seen = observed(*LIFE, at_last=page())
    seen.cancelled.add("a")
    assert kinds(seen) == ["disagreement"]
    seen = observed(event("pending", 1), event("cancelled", 2), at_last=page("cancelled", 2))
    seen.cancelled.add("a")
    assert kinds(seen) == []


def test_events_of_a_backtest_that_was_not_accepted_are_a_duplicate() -> None:
    seen = observed(*LIFE, at_last=page())
    seen.asked = 1
    seen.deliver("second", event("pending", 1))
    assert [(each.kind, each.about) for each in check(seen)] == [("duplicated", "second")]
    seen.asked = 2  # it may be the job that is not accepted yet
    assert check(seen) == []


def test_it_is_wrong_if_all_jobs_fail() -> None:
    seen = observed(*LIFE[:2], event("failed", 3), at_last=page("failed"))
    assert [(each.kind, each.about) for each in check(seen)] == [("failed", "all jobs")]
    seen.accepted["a"] = replace(JOB, kind="poison")
    assert check(seen) == []
    seen = observed(*LIFE[:2], event("cancelled", 3), at_last=page("cancelled"))
    assert check(seen) == []


def test_the_latest_backtests_of_a_strategy() -> None:
    seen = Observations()
    seen.pages = {
        "old": page(completed_at="2026-01-01T00:00:00Z"),
        "new": page(completed_at="2026-01-01T00:00:00.001Z"),
        "as new": page(completed_at="2026-01-01T00:00:00.001000Z"),
        "failed": page("failed", completed_at="2026-01-03T00:00:00Z"),
    }
    assert {strategy: ids for strategy, (_, ids) in latest(seen).items()} == {"s": {"new", "as new"}}
