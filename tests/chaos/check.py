"""What was accepted, seen and read, and what is wrong with it. Pure: no I/O, no clock."""

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
"""What a foreign service listens to, and the status that each event tells."""
ENDINGS: Final = ("completed", "failed", "cancelled")
ORDER: Final = {"pending": 0, "running": 1, **dict.fromkeys(ENDINGS, 2)}

POISON: Final = "poison"
"""The one honest failure of a job that was not meant to fail: its service died at each of its attempts."""

Wrong = Literal[
    "lost", "duplicated", "failed", "order", "disagreement", "result", "comparison", "chat", "service"
]


@dataclass(frozen=True, slots=True)
class Seen:
    """An event as it was delivered."""

    status: str
    sequence: int
    event_id: str
    value: Mapping[str, Any]

    def __str__(self) -> str:
        return f"{self.sequence} {self.status} {self.event_id[:8]}"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that should not be; about whom, and what is known."""

    kind: Wrong
    about: str
    detail: str


@dataclass(slots=True)
class Observations:
    """What a run has seen.

    Attributes:
        asked: how many jobs are asked for.
        accepted: the jobs by backtest id, as soon as somebody was told that they are accepted.
        cancelled: the backtests whose cancellation was promised to somebody.
        events: what was delivered of a backtest, in the order of delivery; what came twice stands once.
        read: status and sequence of a backtest's page, one read after another.
        pages: the pages at the end.
        results: the performance of each completed backtest, as its result shows it.
        findings: what was noticed on the way.

    """

    asked: int = 0
    accepted: dict[str, Job] = field(default_factory=dict)
    cancelled: set[str] = field(default_factory=set)
    events: dict[str, list[Seen]] = field(default_factory=lambda: defaultdict(list))
    read: dict[str, list[tuple[str, int]]] = field(default_factory=lambda: defaultdict(list))
    pages: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    results: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def accept(self, backtest_id: str, job: Job) -> None:
        """Note that a job is accepted, under an id that may be told again, but of no other job."""
        holder = self.accepted.setdefault(backtest_id, job)
        if holder != job:
            detail = f"it was given {backtest_id}, which is that of job {holder.number}"
            self.findings.append(Finding("lost", f"job {job.number}", detail))

    def deliver(self, backtest_id: str, seen: Seen) -> None:
        """Note an event, unless it was delivered before."""
        before = self.events[backtest_id]
        if all(each.event_id != seen.event_id for each in before):
            before.append(seen)

    def look(self, backtest_id: str, page: Mapping[str, Any]) -> None:
        """Note what a backtest's page shows, if that is news."""
        shown = (page["status"], page["sequence"])
        if self.read[backtest_id][-1:] != [shown]:
            self.read[backtest_id].append(shown)

    def ended(self, backtest_id: str) -> bool:
        """Tell whether all that has to come of a backtest has been seen: every event, up to the last one."""
        sequences = {each.sequence for each in self.events.get(backtest_id, ())}
        over = any(each.status in ENDINGS for each in self.events.get(backtest_id, ()))
        return over and sequences == set(range(1, len(sequences) + 1))

    def known(self, backtest_id: str) -> str:
        """Tell all that is known of a backtest."""
        job, page = self.accepted.get(backtest_id), self.pages.get(backtest_id)
        events = ", ".join(map(str, self.events.get(backtest_id, ()))) or "none"
        reads = " ".join(f"{status}/{sequence}" for status, sequence in self.read.get(backtest_id, ()))
        shown = page and {name: page.get(name) for name in ("status", "sequence", "reused_from", "error")}
        return f"{job}\n  events: {events}\n  GET: {reads or 'not read'}; at last {shown}"


def check(seen: Observations) -> list[Finding]:
    """Return everything that is wrong with the backtests that were accepted."""
    found = list(seen.findings)
    for backtest_id in seen.accepted:
        found += [Finding(kind, backtest_id, detail) for kind, detail in _life(seen, backtest_id)]
    return [*found, *_untold(seen), *_unequal(seen), *_fruitless(seen)]


def unplanned(seen: Observations) -> list[str]:
    """Return the jobs that failed and were not meant to."""
    failed = (each for each, page in seen.pages.items() if page["status"] == "failed")
    return [each for each in failed if seen.accepted[each].kind not in FAIL]


def latest(seen: Observations) -> dict[str, tuple[datetime, set[str]]]:
    """Return by strategy when its latest backtest completed, and which one that is, or ones in a tie."""
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
            yield "disagreement", f"it is {page['status']}, and its cancellation was promised"
    if len(endings) > 1:
        yield "duplicated", f"{len(endings)} events of its end"
    if page and len(endings) == 1:
        yield from _disagreement(page, endings[0])
    yield from _order(events)
    yield from _turned_back([*seen.read.get(backtest_id, ()), *([_shown(page)] if page else ())])
    if page and page["status"] == "completed" and seen.results.get(backtest_id) != page["performance"]:
        yield "result", f"it shows {seen.results.get(backtest_id)} and not {page['performance']}"


def _end(job: Job, page: Mapping[str, Any]) -> Iterator[tuple[Wrong, str]]:
    """Check that a job has ended in the way that it was meant to."""
    error = page.get("error") or {}
    if page["status"] == "failed" and job.kind not in FAIL and error.get("code") != POISON:
        yield "failed", f"it did, though it was not meant to: {error}"
    if page["status"] == "completed" and job.kind in FAIL:
        yield "failed", f"it did not, though it was meant to: {job.kind}"


def _shown(page: Mapping[str, Any]) -> tuple[str, int]:
    return page["status"], page["sequence"]


def _disagreement(page: Mapping[str, Any], ending: Seen) -> Iterator[tuple[Wrong, str]]:
    if (ending.status, ending.sequence) != _shown(page):
        yield "disagreement", f"the event says {ending}, the page {_shown(page)}"
    elif ending.value.get("performance") != page.get("performance"):
        yield "disagreement", "event and page tell of different performance"


def _order(events: Sequence[Seen]) -> Iterator[tuple[Wrong, str]]:
    """Check the events in the order of their numbers."""
    in_order = sorted(events, key=lambda event: event.sequence)
    told = ", ".join(map(str, in_order))
    if [event.sequence for event in in_order] != list(range(1, len(events) + 1)):
        yield "order", f"the numbers of its events are not 1, 2, 3 ...: {told}"
    ranks = [ORDER[event.status] for event in in_order]
    if ranks != sorted(ranks) or ranks.count(0) > 1:
        yield "order", f"it turned back: {told}"


def _turned_back(read: Sequence[tuple[str, int]]) -> Iterator[tuple[Wrong, str]]:
    """Check what was read, one read after another."""
    for before, after in pairwise(read):
        changed = before[0] in ENDINGS and after[0] != before[0]
        if changed or after[1] < before[1] or ORDER[after[0]] < ORDER[before[0]]:
            yield "order", f"the page showed {before} and then {after}"


def _untold(seen: Observations) -> Iterator[Finding]:
    """Check that nothing happened to backtests that nobody was told of: a job that became two of them.

    A job that is not accepted yet may have begun without its client knowing; as long as there is one, nobody
    can tell whose such a backtest is. That it was not accepted is wrong already.
    """
    if len(seen.accepted) < seen.asked:
        return
    for backtest_id in seen.events.keys() - seen.accepted.keys():
        yield Finding("duplicated", backtest_id, "nobody was told of it")


def _unequal(seen: Observations) -> Iterator[Finding]:
    """Check that equal jobs have the same result."""
    first: dict[str, str] = {}
    for backtest_id, job in seen.accepted.items():
        if job.equals is None or backtest_id not in seen.results:
            continue
        other = first.setdefault(job.equals, backtest_id)
        if seen.results[backtest_id] != seen.results[other]:
            yield Finding("result", backtest_id, f"other figures than its equal {other}")


def _fruitless(seen: Observations) -> Iterator[Finding]:
    """Check that faults are what fails: of the jobs that could, some have completed."""
    ended = [page["status"] for each, page in seen.pages.items() if seen.accepted[each].kind not in FAIL]
    if "failed" in ended and "completed" not in ended:
        yield Finding("failed", "all jobs", f"{ended.count('failed')} failed, none completed")
