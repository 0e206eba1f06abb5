"""What a question about backtests asks: the typed result of parsing it."""

from dataclasses import dataclass
from typing import Literal

from backchat_contracts.findings import Beyond, NearNames, ReadName
from services.language.among import Among
from services.language.asked_settings import AskedSettings
from services.language.terms import Limit, Number
from services.language.timing import Timing
from services.language.window import Shift, Window

End = Literal["highest", "lowest"]
"""An end of the order by a metric's stored value. A maximum drawdown is stored as zero or less: the largest
is the lowest value."""

Relation = Literal["above", "below", "at_least", "at_most"]

Whether = Literal["any", "none", "all", "first"]
"""What yes or no is about: any, none or all are within bounds; one is at the end asked for, or has made up
for its maximum drawdown."""

Together = Literal["correlation", "benchmark"]
"""What is asked of strategies that is no metric of one: how they move together, or stand to the benchmark."""


@dataclass(frozen=True, slots=True)
class Criterion:
    """A metric that a question names.

    Attributes:
        metric: its name in the catalogue.
        end: None where the question names no end: "compare the drawdowns".
        negated: all are meant but the one at that end: "not the riskiest".
        judged: its good or its bad end is asked for, and it has none: "the worst skewness".

    """

    metric: str
    end: End | None = None
    negated: bool = False
    judged: bool = False


@dataclass(frozen=True, slots=True)
class Threshold:
    """A bound on a metric's stored value, in its unit: "a drawdown within 20 %" is at least -0.2."""

    metric: str
    relation: Relation
    value: float


@dataclass(frozen=True, slots=True)
class Bound:
    """A number with its limit, and the places of its first token and after its last one."""

    number: Number
    limit: Limit
    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class Claim:
    """A figure that a message says a strategy has, in the unit of the metric: "A made 2000 %, right?".

    Attributes:
        metric: its name in the catalogue.
        value: the value that is said.
        within: by how much the figure may differ from it.
        written: the number as it is written.

    """

    metric: str
    value: float
    within: float
    written: str


@dataclass(frozen=True, slots=True)
class Continuation:
    """What a question asks of the answer before, all that it says.

    Attributes:
        kind: the other end; the reason; how sure it is; the unit of its figure; the other strategies; the
            same again, "which one?"; who it is instead of the one named, "then who does?";
            those beyond the bound or figure, "everything shallower than that";
            the best and the worst by the same metric; the next or another place in the same order; an end of
            the same metric, "제일 작은 건?"; another metric instead, "on drawdown I mean".
        number: the place, counted from 1, -1 is the last one; of a degree its sign; 2 where it is asked how
            sure a difference is, which is of several.

    """

    kind: Literal[
        "opposite",
        "why",
        "certainty",
        "unit",
        "others",
        "again",
        "who",
        "beyond",
        "best",
        "worst",
        "next",
        "place",
        "degree",
        "metric",
    ]
    number: int = 0


@dataclass(frozen=True, slots=True)
class Question:
    """What a question asks.

    Attributes:
        criteria: the metrics named, in order of mention, but for those that only carry a threshold.
        overall: it is about quality as such, without a criterion: "which is better?", "compare them".
        overall_end: `highest` asks for the best, `lowest` for the worst.
        overall_ends: both, where it asks for the best and the worst; else only that one, if any.
        overall_negated: "not the best".
        overview: it asks how one strategy did, not how it compares: "how did RSI do?".
        count: how many strategies it asks for: "top 3".
        rank: the place of the one that it asks for, from the end named: "the second best".
        asks_rank: it asks which place a strategy has: "where does RSI rank?".
        quoted: the metrics asked of the one that is found: "the return of the riskiest one".
        thresholds: the bounds, in order of mention.
        bare: the bounds of which it says no metric: "any above 1?"; that of the question before is meant.
        either: one of them is enough: "above 1 or below 0".
        named: the ids of the strategies mentioned, in order of mention.
        yardsticks: all of them, if others are measured against them: "anything better than RSI?".
        excluded: the ids of those ruled out: "except RSI".
        unknown: the measures asked for that do not exist here, as they are written, in lower case.
        unresolved: the names in a comparison that are of no strategy, in lower case: "better than Foo".
        unread: the other words that mean nothing here, as they are written, in lower case.
        read_as: the names that are not written in full, but clear, with what they were read as.
        near: for names that are of no strategy, those that may be meant.
        relation: what it asks of strategies that is no metric of one.
        claims: the figures that it says the strategy has.
        claimed: the id of the strategy that it says is at the end named: "is A better than B?".
        beyond: what it asks beyond figures, of all that the other fields say: "why is RSI so risky?".
        window: the stretch of time that it is about; None: it names none.
        whether: what yes or no is about, where one of these answers it.
        same_window: it is about that of the question before: "that year", "그때".
        shift: how far its time is from that of the question before: "the year after", "그 전 해".
        apart: the windows of which it names several: "2010 vs 2011".
        months: the first and the last month of a part of a year that it does not say: "and in March?".
        continuation: what it asks of the answer before: "and the opposite?", "why?", "the second?".
        timing: what it asks of days and periods: "worst month?", "when did it recover?".
        settings: which settings it asks about, where it says so; `beyond` is "settings" then.
        stake: the sum of which it asks what it became, in money; `criteria` has the total return then.
        among: which of the strategies spoken of before it is about: "now for all 4", "나머지 둘은?".
        admitted: the ids of those that are to be among them again: "add RSI again".
        compares_orders: whether the orders by its metrics are the same: "샤프랑 순위가 달라?".

    """

    criteria: tuple[Criterion, ...] = ()
    overall: bool = False
    overall_end: End | None = None
    overall_ends: tuple[End, ...] = ()
    overall_negated: bool = False
    overview: bool = False
    count: int | None = None
    rank: int | None = None
    asks_rank: bool = False
    quoted: tuple[str, ...] = ()
    thresholds: tuple[Threshold, ...] = ()
    bare: tuple[Bound, ...] = ()
    either: bool = False
    named: tuple[str, ...] = ()
    yardsticks: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    unresolved: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    read_as: tuple[ReadName, ...] = ()
    near: tuple[NearNames, ...] = ()
    relation: Together | None = None
    claims: tuple[Claim, ...] = ()
    claimed: str | None = None
    beyond: Beyond | None = None
    window: Window | None = None
    whether: Whether | None = None
    same_window: bool = False
    shift: Shift | None = None
    apart: tuple[Window, ...] = ()
    months: tuple[int, int] | None = None
    continuation: Continuation | None = None
    timing: Timing | None = None
    settings: AskedSettings | None = None
    stake: float | None = None
    among: Among | None = None
    admitted: tuple[str, ...] = ()
    compares_orders: bool = False

    @property
    def asks_whether(self) -> bool:
        """Whether it asks if one strategy is within bounds: "is RSI's Sharpe ratio above 1?"."""
        ordered = self.criteria or self.overall or self.yardsticks
        return len(self.named) == 1 and bool(self.thresholds) and not ordered

    @property
    def asks_about_nothing(self) -> bool:
        """Whether it asks for nothing that there is here, as a greeting does."""
        beside = (
            self.window,
            self.months,
            self.same_window,
            self.shift,
            self.continuation,
            self.bare,
            self.timing,
            self.among,
            self.beyond in {"settings", "period", "capital"},
        )
        return not (self.asks or any((self.named, self.excluded, *beside)))

    @property
    def asks(self) -> bool:
        """Whether it names what to compare by: not "and in 2013?", "and RSI?"."""
        timed = self.timing is not None and self.timing.part is None
        by = (self.criteria, self.overall, self.thresholds, self.unknown, self.relation, self.asks_rank)
        return timed or any(by)
