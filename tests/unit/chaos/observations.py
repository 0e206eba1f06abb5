"""Observations of a chaos run for the tests of its check."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tests.chaos.check import Observations, SeenEvent, check
from tests.chaos.plan import plan_jobs

PERFORMANCE = {"total_return": 0.1}
JOB = replace(plan_jobs(1, 1, 60.0)[0], kind="shared")


def event(status: str, sequence: int, event_id: str = "", **value: Any) -> SeenEvent:
    shown = {"performance": PERFORMANCE} if status == "completed" else {}
    return SeenEvent(status, sequence, event_id or f"{status}-{sequence}", {**shown, **value})


LIFE = (event("pending", 1), event("running", 2), event("completed", 3))


def page(status: str = "completed", sequence: int = 3, **more: Any) -> Mapping[str, Any]:
    shown: dict[str, Any] = {"performance": PERFORMANCE} if status == "completed" else {}
    if status == "failed":
        shown = {"error": {"code": "poison", "detail": "given up"}}
    times = {"completed_at": "2026-01-01T00:00:00Z", "strategy_id": "s"}
    return {"status": status, "sequence": sequence, **shown, **times, **more}


def observed(*events: SeenEvent, at_last: Mapping[str, Any] | None = None, job: str = "a") -> Observations:
    seen = Observations()
    seen.accepted[job] = JOB
    for each in events:
        seen.deliver(job, each)
    if at_last:
        seen.pages[job] = at_last
        if "performance" in at_last:
            seen.results[job] = PERFORMANCE
    return seen


def complete_another(seen: Observations) -> None:
    seen.accepted["another"], seen.pages["another"] = JOB, page()
    for each in LIFE:
        seen.deliver("another", each)
    seen.results["another"] = PERFORMANCE


def kinds(seen: Observations) -> list[str]:
    return [finding.kind for finding in check(seen)]
