"""Answers to comparisons: computed, made into messages, and remembered."""

from collections import OrderedDict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Final, Generic, Protocol, TypeVar

from backchat_contracts import ComparisonCompleted, ComparisonRequested, ComparisonView, Findings
from services.chassis.messaging.envelope import Encoded
from services.compare.domain.findings import compare, findings_of
from services.compare.domain.gathering import KnownStrategy
from services.compare.domain.subject import Entry, Subject
from services.compare.domain.summary import Summary, summarise

COMPUTED: Final = "computed"


class Sized(Protocol):
    """What says of how many strategies it is."""

    @property
    def strategies(self) -> int: ...


S = TypeVar("S", bound=Sized)


class Memory(Generic[S]):
    """Remembers what was used last; `most` is of how many strategies, together."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[Hashable, S] = OrderedDict()

    def get(self, key: Hashable) -> S | None:
        if key in self._kept:
            self._kept.move_to_end(key)
        return self._kept.get(key)

    def keep(self, key: Hashable, value: S) -> None:
        self._kept[key] = value
        self._kept.move_to_end(key)
        while sum(each.strategies for each in self._kept.values()) > self._most:
            self._kept.popitem(last=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found for a subject, and the words for it."""

    findings: Findings
    summary: Summary
    strategies: int


@dataclass(frozen=True)  # with a __dict__, for what is cached
class Answered:
    """A question about some strategies with its answer: what all equal requests are answered with."""

    query: str
    entries: Sequence[Entry]
    answer: Answer

    @property
    def fields(self) -> Mapping[str, Any]:
        """What event and view have in common, but the summary."""
        summary, understood = self.answer.summary, self.answer.findings.understood
        return {
            **dict(self.answer.findings),
            "query": self.query,
            "strategies_data": tuple(self.entries),
            "total_strategies": len(self.entries),
            "metric": understood.metrics[0] if understood and understood.metrics else None,
            "best_strategy_id": summary.best_strategy_id,
            "best_backtest_id": summary.best_backtest_id,
            "provider": COMPUTED,
        }

    @cached_property
    def data(self) -> Encoded:
        """The view of it without a summary, and without an id, as it is not stored."""
        return Encoded.of(ComparisonView.model_construct(**self.fields, comparison_id=None, summary=None))

    def completed(self, request: ComparisonRequested, at: datetime) -> ComparisonCompleted:
        """Return the event that answers a request."""
        return ComparisonCompleted.model_construct(
            **self.fields,
            comparison_id=request.comparison_id,
            session_id=request.session_id,
            summary=self.answer.summary.text,
            completed_at=at,
        )


@dataclass(frozen=True, slots=True)
class Earlier:
    """What was answered, and what the answer depends on besides the request."""

    known: Sequence[KnownStrategy]
    tried: Mapping[str, int]
    """How many definitions each search had: they are kept for good."""
    answered: Answered

    @property
    def strategies(self) -> int:
        return 1 + len(self.known)


def answer_of(subject: Subject) -> Answer:
    """Compute the answer: tens of milliseconds, so call it in a thread."""
    compared = compare(subject)
    findings = findings_of(subject, compared)
    return Answer(findings, summarise(subject, findings), 1 + len(subject.entries))
