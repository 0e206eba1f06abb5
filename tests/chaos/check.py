"""What a run observed, and the check of it: lost, duplicated, contradictory. Pure: no I/O, no clock."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Any, Final, Literal

from tests.chaos.plan import FAIL, Job

TOPICS: Final = {
    "backtest.accepted": "pending",
    "backtest.started": "running",
    "backtest.completed": "completed",
    "backtest.failed": "failed",
    "backtest.cancelled": "cancelled",
}
"""The topics that the observer consumes, and the status that each event means."""
ENDINGS: Final = ("completed", "failed", "cancelled")
ORDER: Final = {"pending": 0, "running": 1, **dict.fromkeys(ENDINGS, 2)}

POISON: Final = "poison"
"""The error code of a job whose service died at each of its attempts: the only failure allowed to any job."""

Wrong = Literal[
    "lost", "duplicated", "failed", "order", "disagreement", "result", "comparison", "chat", "service"
]


@dataclass(frozen=True, slots=True)
class SeenEvent:
    """An event as it was delivered."""

    status: str
    sequence: int
    event_id: str
    value: Mapping[str, Any]

    def __str__(self) -> str:
        return f"{self.sequence} {self.status} {self.event_id[:8]}"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong: the kind, the job or part it is about, and the details."""

    kind: Wrong
    about: str
    detail: str


@dataclass(slots=True)
class Observations:
    """What a run has observed.

    Attributes:
        asked: how many jobs are requested.
        accepted: the jobs by backtest id, from the moment that their client was told.
        cancelled: the backtests whose cancellation was confirmed to the client.
        events: the events of each backtest in the order of delivery; an event delivered twice is there once.
        read: status and sequence of each backtest as GET showed them, in the order of reading.
        pages: the answers to GET at the end.
        results: the performance of each completed backtest, as GET of its result shows it.
        findings: what was wrong while the run lasted.

    """

    asked: int = 0
    accepted: dict[str, Job] = field(default_factory=dict)
    cancelled: set[str] = field(default_factory=set)
    events: dict[str, list[SeenEvent]] = field(default_factory=lambda: defaultdict(list))
    read: dict[str, list[tuple[str, int]]] = field(default_factory=lambda: defaultdict(list))
    pages: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    results: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def accept(self, backtest_id: str, job: Job) -> None:
        """Record that a job is accepted. The same id may come again for the same job, but for no other."""
        holder = self.accepted.setdefault(backtest_id, job)
        if holder != job:
            detail = f"its id {backtest_id} is that of job {holder.number}"
            self.findings.append(Finding("lost", f"job {job.number}", detail))

    def deliver(self, backtest_id: str, seen: SeenEvent) -> None:
        """Record an event, unless it was delivered before."""
        before = self.events[backtest_id]
        if all(each.event_id != seen.event_id for each in before):
            before.append(seen)

    def look(self, backtest_id: str, page: Mapping[str, Any]) -> None:
        """Record status and sequence as GET showed them, if they have changed."""
        shown = (page["status"], page["sequence"])
        if self.read[backtest_id][-1:] != [shown]:
            self.read[backtest_id].append(shown)

    def ended(self, backtest_id: str) -> bool:
        """Return whether all events of a backtest were delivered, up to the one of its end."""
        sequences = {each.sequence for each in self.events.get(backtest_id, ())}
        over = any(each.status in ENDINGS for each in self.events.get(backtest_id, ()))
        return over and sequences == set(range(1, len(sequences) + 1))

    def known(self, backtest_id: str) -> str:
        """Return all that is known of a backtest, as text."""
        job, page = self.accepted.get(backtest_id), self.pages.get(backtest_id)
        events = ", ".join(map(str, self.events.get(backtest_id, ()))) or "none"
        reads = " ".join(f"{status}/{sequence}" for status, sequence in self.read.get(backtest_id, ()))
        shown = page and {name: page.get(name) for name in ("status", "sequence", "reused_from", "error")}
        return f"{job}\n  events: {events}\n  GET: {reads or 'not read'}; at the end {shown}"


def check(seen: Observations) -> list[Finding]:
    """Return everything that is wrong with the accepted backtests."""
    found = list(seen.findings)
    for backtest_id in seen.accepted:
        found += [Finding(kind, backtest_id, detail) for kind, detail in _life(seen, backtest_id)]
    return [*found, *_unaccepted(seen), *_unequal(seen), *_all_failed(seen)]


def unplanned(seen: Observations) -> list[str]:
    """Return the jobs that failed and were not planned to."""
    failed = (each for each, page in seen.pages.items() if page["status"] == "failed")
    return [each for each in failed if seen.accepted[each].kind not in FAIL]


def latest(seen: Observations) -> dict[str, tuple[datetime, set[str]]]:
    """Return for each strategy the latest time of completion, and the backtests that completed then."""
    found: dict[str, tuple[datetime, set[str]]] = {}
    for backtest_id, page in seen.pages.items():
        if page["status"] == "completed":
            completed_at = datetime.fromisoformat(page["completed_at"])
            at, ids = found.setdefault(page["strategy_id"], (completed_at, set[str]()))
            if completed_at > at:
                found[page["strategy_id"]] = (completed_at, {backtest_id})
            elif completed_at == at:
                ids.add(backtest_id)
    return found


def _life(seen: Observations, backtest_id: str) -> Iterator[tuple[Wrong, str]]:
    page, events = seen.pages.get(backtest_id), seen.events.get(backtest_id, [])
    endings = [event for event in events if event.status in ENDINGS]
    if page is None:
        yield "lost", "it can't be read"
    elif page["status"] not in ENDINGS:
        yield "lost", f"it is still {page['status']}"
    elif not endings:
        yield "lost", "no event of its end was delivered"
    else:
        yield from _end(seen.accepted[backtest_id], page)
        if backtest_id in seen.cancelled and page["status"] != "cancelled":
            yield "disagreement", f"it is {page['status']}, though its cancellation was confirmed"
    if len(endings) > 1:
        yield "duplicated", f"{len(endings)} events of its end"
    if page and len(endings) == 1:
        yield from _disagreement(page, endings[0])
    yield from _order(events)
    yield from _went_back([*seen.read.get(backtest_id, ()), *([_shown(page)] if page else ())])
    if page and page["status"] == "completed" and seen.results.get(backtest_id) != page["performance"]:
        yield "result", f"it shows {seen.results.get(backtest_id)} and not {page['performance']}"


def _end(job: Job, page: Mapping[str, Any]) -> Iterator[tuple[Wrong, str]]:
    """Check that a job ended as planned."""
    error = page.get("error") or {}
    if page["status"] == "failed" and job.kind not in FAIL and error.get("code") != POISON:
        yield "failed", f"it failed, which was not planned: {error}"
    if page["status"] == "completed" and job.kind in FAIL:
        yield "failed", f"it completed, though it was planned to fail: {job.kind}"


def _shown(page: Mapping[str, Any]) -> tuple[str, int]:
    return page["status"], page["sequence"]


def _disagreement(page: Mapping[str, Any], ending: SeenEvent) -> Iterator[tuple[Wrong, str]]:
    if (ending.status, ending.sequence) != _shown(page):
        yield "disagreement", f"the event says {ending}, the page {_shown(page)}"
    elif ending.value.get("performance") != page.get("performance"):
        yield "disagreement", "event and page show different performance"


def _order(events: Sequence[SeenEvent]) -> Iterator[tuple[Wrong, str]]:
    """Check the events in the order of their sequence numbers."""
    in_order = sorted(events, key=lambda event: event.sequence)
    told = ", ".join(map(str, in_order))
    if [event.sequence for event in in_order] != list(range(1, len(events) + 1)):
        yield "order", f"the sequence numbers of its events are not 1, 2, 3 ...: {told}"
    ranks = [ORDER[event.status] for event in in_order]
    if ranks != sorted(ranks) or ranks.count(0) > 1:
        yield "order", f"its status went back: {told}"


def _went_back(read: Sequence[tuple[str, int]]) -> Iterator[tuple[Wrong, str]]:
    """Check that what GET showed never went back."""
    for before, after in pairwise(read):
        changed = before[0] in ENDINGS and after[0] != before[0]
        if changed or after[1] < before[1] or ORDER[after[0]] < ORDER[before[0]]:
            yield "order", f"the page showed {before} and then {after}"


def _unaccepted(seen: Observations) -> Iterator[Finding]:
    """Check that there are no events of backtests that no client was told of: one job became two backtests.

    While a job is not accepted yet, such a backtest may be its own. A job that is never accepted is a finding
    of its own.
    """
    if len(seen.accepted) < seen.asked:
        return
    for backtest_id in seen.events.keys() - seen.accepted.keys():
        yield Finding("duplicated", backtest_id, "no client was told that it is accepted")


def _unequal(seen: Observations) -> Iterator[Finding]:
    """Check that equal jobs have the same result."""
    first: dict[str, str] = {}
    for backtest_id, job in seen.accepted.items():
        if job.equals is None or backtest_id not in seen.results:
            continue
        other = first.setdefault(job.equals, backtest_id)
        if seen.results[backtest_id] != seen.results[other]:
            yield Finding("result", backtest_id, f"its figures differ from those of its equal {other}")


def _all_failed(seen: Observations) -> Iterator[Finding]:
    """Check that of the jobs that were not planned to fail, some have completed."""
    ended = [page["status"] for each, page in seen.pages.items() if seen.accepted[each].kind not in FAIL]
    if "failed" in ended and "completed" not in ended:
        yield Finding("failed", "all jobs", f"{ended.count('failed')} failed, none completed")
