"""The terms of a question: what the words of the vocabulary mean, and their occurrences."""

from dataclasses import dataclass
from typing import Literal

Sign = Literal[-1, 0, 1]
Scale = Literal["size", "quality", "length", "order"]
"""What a grade is of: "high" of the size, "good" of the quality, "long" of the duration; "top" of the size,
in "top 3 by drawdown" of the quality."""

OVERALL = ""
"""In place of a metric's name: quality as such, "performance"."""


@dataclass(frozen=True, slots=True)
class Noun:
    """A word that names a metric: "drawdown", "returned".

    Attributes:
        metric: its name in the catalogue, or `OVERALL`.
        sense: -1 where the stored value falls as what the word names grows: "drawdown", "lost".
        own: the sign of the size that is part of the word itself: 1 in "maximum drawdown".
        weak: another metric nearby takes an end before it: "lost the most money".

    """

    metric: str
    sense: Sign = 1
    own: Sign = 0
    weak: bool = False


@dataclass(frozen=True, slots=True)
class Limit:
    """A word that makes a number a bound: "above", "이하".

    Attributes:
        sign: 1 is above it.
        inclusive: the number itself is within the bound.
        scale: what the bound is of.
        beyond: it is of the size, also where a loss is written as a negative number: "exceeds -20 %".

    """

    sign: Sign
    inclusive: bool = False
    scale: Scale = "size"
    beyond: bool = False


ABOVE_ZERO = Limit(1)
BELOW_ZERO = Limit(-1)
NONE = Limit(-1, inclusive=True, beyond=True)
"""Zero of a size: a return of zero or less, no trades."""


@dataclass(frozen=True, slots=True)
class Trait:
    """A word that names a metric and an end of its stored value: "risky".

    Attributes:
        metric: its name in the catalogue.
        sign: 1 is the highest end.
        superlative: "riskiest", to which "not" does not mean the opposite.
        zero: the bound at zero that it is where nothing compares it: "profitable", not "more profitable".

    """

    metric: str
    sign: Sign
    superlative: bool = False
    zero: Limit | None = None


@dataclass(frozen=True, slots=True)
class Grade:
    """A word for an end of a metric that another word names: "high", "worst".

    Attributes:
        scale: what it is a grade of.
        sign: 1 is large, good or long.
        compared: it is a comparative or superlative: "higher".
        superlative: "highest".
        zero: the bound at zero that it is where nothing compares it: "negative", not "most negative".
        against: the strategy beside it is what others are compared with: "beats RSI".

    """

    scale: Scale
    sign: Sign
    compared: bool = False
    superlative: bool = False
    zero: Limit | None = None
    against: bool = False


@dataclass(frozen=True, slots=True)
class Degree:
    """A word that strengthens a grade or, with -1, turns it round: "most", "less"."""

    sign: Sign
    superlative: bool = False
    compared: bool = True


NumberUnit = Literal["", "percent", "items", "times", "multiple", "money", "days", "time"]
"""`items`: of a set; `times`: of something done; `multiple`: "2x"; `time`: years and
the like, in trading days."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number, with the unit that follows it."""

    value: float
    unit: NumberUnit = ""


@dataclass(frozen=True, slots=True)
class Ordinal:
    """A place in an order: "second"; `implied`: from the top, where no end is named: "2위"."""

    place: int
    implied: bool = False


@dataclass(frozen=True, slots=True)
class Named:
    """A mention of a strategy; several ids are those of one name.

    Attributes:
        ids: of the strategies.
        is_object: it has the Korean particle of an object: "RSI를 이기는".
        is_subject: it has that of a subject: "RSI가 이기는".

    """

    ids: tuple[str, ...]
    is_object: bool = False
    is_subject: bool = False


MarkKind = Literal[
    "and",  # and, 와
    "comma",
    "break",  # but, -고, a full stop: another clause begins
    "by",  # by, 기준: what is good of the metric decides
    "of",  # of, 's, 의
    "than",  # than, 보다
    "range",  # to, ~
    "others",  # 나머지, 평균 before 보다: what a strategy is compared with, but none
    "among",  # 중: what precedes is a set to choose from
    "only",  # 만
    "not",  # not, 안: before what it negates
    "negated",  # 않은: after what it negates, which it turns into its opposite
    "ruled out",  # 아닌, 말고: after what is excluded
    "except",  # before what is excluded
    "head",  # strategy, 것: what a grade without a metric is of
    "which",  # which, 어느
    "relative",  # that: before what is true of some, "those that lost money"
    "place",  # what rank, 몇 위: asks where in an order a strategy is
    "how",  # how, 얼마나: before a trait it asks for a figure
    "about",  # how is, 어때: asks for an overview of what is named
    "correlation",  # correlated, 상관관계: how strategies move together
    "benchmark",  # benchmark, 시장: what strategies may be compared with, which is none
    "when",  # when, 언제
    "why",  # why, 이유
    "future",  # next year, 앞으로
    "period",  # last year, 작년: a part of the period of a backtest
    "meaning",  # explain, 뜻: of a metric
    "nearest",  # closest to, 가까운: to a value, which is no end
    "aggregate",  # median, 합계: a figure of several strategies together
    "settings",  # symbols, 파라미터: how a backtest was set
    "norm",  # a good value, 얼마면 좋은: which values of a metric are good
    "strengths",  # best at, 장점: which metrics a strategy is first by
    "advice",  # 넣어도 될까: asks what to do
    "act",  # rerun, 지워줘: asks to do something
    "every metric",  # 모든 지표
    "small talk",  # weather, joke
    "filler",  # a word without a meaning of its own here
]


@dataclass(frozen=True, slots=True)
class Mark:
    """A word that relates others to each other, or has no meaning here."""

    kind: MarkKind


@dataclass(frozen=True, slots=True)
class Unknown:
    """A well-known measure that does not exist here: "gamma"."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word that is not in the vocabulary.

    Attributes:
        stem: without a Korean particle.
        subject: it has the Korean particle of a subject: 감마가.
        attributive: it has the form of a Korean attribute: 예쁜.

    """

    stem: str
    subject: bool = False
    attributive: bool = False


Term = Noun | Trait | Grade | Degree | Limit | Number | Ordinal | Named | Mark | Unknown | Word


@dataclass(frozen=True, slots=True)
class Token:
    """An occurrence of a term in a question, as it is written there."""

    term: Term
    text: str
