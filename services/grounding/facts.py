"""What an answer may speak of: the figures, names, dates and counts of the data, and what has been done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from itertools import chain
from typing import Literal

from backchat_contracts import Language

Kind = Literal["value", "difference", "bound"]
"""`difference`: of two strategies, of percents in percentage points. `bound`: of an interval."""

Counted = Literal[
    "strategies", "days", "weeks", "months", "years", "symbols", "trades", "trials", "pairs", "metrics"
]
"""What a count is of."""

Action = Literal["started", "cancelled", "saved", "deleted", "changed"]
"""What a tool can have done."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of the data.

    Attributes:
        ref: what a model writes in double brackets; letters, digits and `. _ : -`.
        owner: the name of its strategy, or of the benchmark; None: of no strategy.
        metric: in the catalogue, or `p_value`, `probability`, `correlation`, `count`; of a configuration
            `rate` (a share) or `setting`.
        value: in the metric's unit; None: not defined.
        kind: what the value is of the metric.
        other: the second owner, of a difference or a test.

    """

    ref: str
    owner: str | None
    metric: str
    value: float | None
    kind: Kind = "value"
    other: str | None = None

    @property
    def owners(self) -> frozenset[str]:
        return frozenset(each for each in (self.owner, self.other) if each is not None)


@dataclass(frozen=True, slots=True)
class Count:
    """How many there are in the data."""

    value: int
    of: Counted


@dataclass(frozen=True)
class Facts:
    """All that an answer may speak of.

    Attributes:
        figures: each with a reference of its own.
        names: of all strategies, as they are shown.
        dates: in the data; an int is a year.
        counts: beside that of the names.
        done: what tools have done.
        language: of the answer.
        benchmark: its name; the word "benchmark" means it.
        terms: other texts that may be shown as they are, such as symbols.
        confidence: of the intervals, as a share.

    Raises:
        ValueError: if two figures have one reference.

    """

    figures: tuple[Figure, ...] = ()
    names: tuple[str, ...] = ()
    dates: frozenset[date | int] = frozenset()
    counts: frozenset[Count] = frozenset()
    done: frozenset[Action] = frozenset()
    language: Language = "en"
    benchmark: str | None = None
    terms: frozenset[str] = frozenset()
    confidence: float | None = 0.95
    by_ref: Mapping[str, Figure] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_ref = {each.ref: each for each in self.figures}
        if len(by_ref) < len(self.figures):
            raise ValueError("two figures have one reference")
        object.__setattr__(self, "by_ref", by_ref)

    @cached_property
    def metrics_with_owners(self) -> frozenset[str]:
        """The metrics that are each strategy's own."""
        return frozenset(
            each.metric for each in self.figures if each.owner is not None and each.other is None
        )

    @cached_property
    def owners(self) -> tuple[str, ...]:
        """All names that figures can be of, the longest first."""
        named = [*self.names, *([self.benchmark] if self.benchmark else [])]
        named += [owner for each in self.figures for owner in each.owners]
        return tuple(sorted({name for name in named if name.strip()}, key=lambda name: (-len(name), name)))


def joined(facts: Sequence[Facts]) -> Facts:
    """Return all facts together, in the language and with the benchmark of the first ones.

    Raises:
        ValueError: if two figures have one reference.

    """
    first, *_ = facts
    return replace(
        first,
        figures=tuple(chain.from_iterable(each.figures for each in facts)),
        names=tuple(dict.fromkeys(chain.from_iterable(each.names for each in facts))),
        dates=frozenset().union(*(each.dates for each in facts)),
        counts=frozenset().union(*(each.counts for each in facts)),
        done=frozenset().union(*(each.done for each in facts)),
        terms=frozenset().union(*(each.terms for each in facts)),
    )


ProblemCode = Literal[
    "unresolved-reference",
    "free-numeral",
    "sign-or-unit",
    "wrong-owner",
    "wrong-metric",
    "wrong-rank",
    "user-number-as-value",
    "claimed-action",
]


@dataclass(frozen=True, slots=True)
class Problem:
    """What may not be said, for the text to be written again.

    Attributes:
        code: the rule that is broken.
        text: the words that break it.
        start: where they begin in the rendered text.

    """

    code: ProblemCode
    text: str
    start: int = 0
