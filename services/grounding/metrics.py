"""Which metric a sentence says each figure is of: its word beside the figure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from backchat_contracts import METRICS
from services.grounding.facts import Figure
from services.grounding.marks import FIGURE
from services.grounding.reading import Reading
from services.grounding.vocabulary import kinds
from services.grounding.vocabulary.metrics import METRIC_TEXT, is_weak, metrics_of

_LINK: Final = re.compile(
    r"\s*(?:ratios?|rate|지표|값|수치|지수|비율)?(?:\s+(?:figure|value|number))?\s*"
    r"(?:of|is|was|were|are|at|to|:|=|\||stands? at|stood at|reached|reaches|comes? (?:in|out) at|"
    r"came (?:in|out) at|by|about|around|only|just|a|an|"
    r"은|는|이|가|도|의|로|으로|약|이며|인|\(|\"|'|,)*(?:\s+(?:about|around|only|just|약|무려|각각|"
    r"a))*\s*[(\"']*\s*",
    re.IGNORECASE,
)
"""What stands between a metric's word and its figure where nothing else does."""
_AFTER: Final = re.compile(
    r"[\"']*\s*(?:in |of |의 |짜리 |인 |동안 |를 |을 )?(?:the |its |total )?", re.IGNORECASE
)
_JOINED: Final = re.compile(
    r"(?:의|은|는|이|가)?\s*(?:,\s*(?:and)?|and|&|와|과|및|·|/|,)\s*(?:the |its |a )?", re.IGNORECASE
)
_FIGURES_JOINED: Final = re.compile(r"\s*(?:,\s*(?:and)?|and|&|와|과|및|·|/)\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Phrase:
    """Where a sentence names a metric: any of some; `weak`: only right beside a figure."""

    start: int
    end: int
    metrics: frozenset[str]
    weak: bool


_NEAR: Final = 80
"""How many characters before a figure its words are looked for."""
_PLAIN: Final = frozenset({"final_equity", "costs_paid", "longest_drawdown", "trades"})
"""Sums and counts, which can't be taken for a ratio that a sentence speaks of."""
_APART: Final = frozenset({"p_value", "probability", "correlation", "count"})
"""Figures that stand in brackets after what they are about: only a word right beside them counts."""


def wrong_metrics(reading: Reading) -> Iterator[tuple[int, int]]:
    """Yield the stretches of a reading in which a figure is said to be of another metric."""
    text = reading.text
    phrases = [
        Phrase(each.start(), each.end(), metrics_of(each[0]), is_weak(each[0]))
        for each in METRIC_TEXT.finditer(text)
    ]
    places = [at for at, each in enumerate(text) if each == FIGURE]
    paired = _paired(text, [each for each in phrases if not each.weak], places)
    yield from _other_kinds(reading, places)
    used: set[Phrase] = set()
    for at, figure in zip(places, reading.figures, strict=True):
        said = [paired[at]] if at in paired else _said(text, phrases, at, used)
        said = said or [
            each for each in phrases if each.end <= at and not each.weak and _is_alike(figure, each)
        ]
        if figure.metric in _APART and not _is_beside(text, said, at):
            continue
        if figure.metric in _PLAIN and not _is_beside(text, said, at):
            continue
        if said and not any(_fits(figure, each.metrics) for each in said):
            yield min(said[-1].start, at), max(said[-1].end, at + 1)


def _other_kinds(reading: Reading, places: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield figures said to be of another kind: the end of an interval as a value, a value as a gap."""
    text = reading.text
    for number, (at, figure) in enumerate(zip(places, reading.figures, strict=True)):
        following = reading.figures[number + 1] if number + 1 < len(places) else None
        if figure.kind == "bound" and not kinds.INTERVAL.search(text):
            near = [other for other in (number - 1, number + 1) if 0 <= other < len(places)]
            if not any(reading.figures[other].kind == "bound" for other in near):
                yield at, at + 1
        elif figure.kind == "difference" and not kinds.DIFFERENCE.search(text):
            yield at, at + 1
        elif figure.kind == "value" and figure.metric in METRICS and figure.metric not in _PLAIN:
            before = text[max(0, at - _NEAR) : at]
            if kinds.AS_DIFFERENCE_BEFORE.search(before) or kinds.AS_DIFFERENCE_AFTER.match(text, at + 1):
                yield at, at + 1
        if (
            figure.kind == "bound"
            and following
            and _are_turned(text, at, places[number + 1], figure, following)
        ):
            yield at, places[number + 1] + 1


def _are_turned(text: str, at: int, end: int, low: Figure, high: Figure) -> bool:
    """Whether the ends of an interval are of two, or stand in the wrong order."""
    if high.kind != "bound" or not kinds.BOUNDS_JOINED.fullmatch(text, at + 1, end):
        return False
    same = (low.owner, low.metric) == (high.owner, high.metric)
    return not same or (low.value or 0.0) > (high.value or 0.0)


def _fits(figure: Figure, metrics: frozenset[str]) -> bool:
    if figure.metric == "probability":
        return bool(metrics & {"probability", "p_value", "win_rate"})
    if figure.metric == "rate":  # of a cost
        return "costs_paid" in metrics
    return figure.metric in metrics


def _paired(text: str, phrases: Sequence[Phrase], places: Sequence[int]) -> dict[int, Phrase]:
    """Pair lists of metrics with the lists of as many figures after them."""
    pairs: dict[int, Phrase] = {}
    at = 0
    while at < len(places):
        group = [places[at]]
        for following in places[at + 1 :]:
            if not _FIGURES_JOINED.fullmatch(text, group[-1] + 1, following):
                break
            group.append(following)
        at += len(group)
        listed = _listed_before(text, phrases, group[0])
        if len(group) > 1 and len(listed) == len(group):
            pairs |= dict(zip(group, listed, strict=True))
    return pairs


def _listed_before(text: str, phrases: Sequence[Phrase], at: int) -> list[Phrase]:
    """Return the last metrics before a place that are a list."""
    listed: list[Phrase] = []
    for each in reversed([each for each in phrases if each.end <= at]):
        if listed and not _JOINED.fullmatch(text, each.end, listed[0].start):
            break
        listed.insert(0, each)
    return listed


def _said(text: str, phrases: Sequence[Phrase], at: int, used: set[Phrase]) -> list[Phrase]:
    """Return the phrases of which one must fit a figure: that right beside it, else those of its clause."""
    before = [each for each in phrases if each.end <= at and each not in used]
    if before and _LINK.fullmatch(text, before[-1].end, at):
        return [before[-1]]
    after = next((each for each in phrases if each.start > at), None)
    if after is not None and _AFTER.fullmatch(text, at + 1, after.start):
        used.add(after)
        return [after]
    last = text.rfind(FIGURE, 0, at)
    return [each for each in before if not each.weak and each.start > last]


def _is_alike(figure: Figure, phrase: Phrase) -> bool:
    """Whether a figure is written as those of a phrase are, so that it can be taken for one."""
    entry = METRICS.get(figure.metric)
    return entry is not None and any(
        each in METRICS and METRICS[each].unit == entry.unit for each in phrase.metrics
    )


def _is_beside(text: str, said: Sequence[Phrase], at: int) -> bool:
    """Whether a phrase stands right beside a figure."""
    return any(
        _LINK.fullmatch(text, each.end, at) if each.end <= at else _AFTER.fullmatch(text, at + 1, each.start)
        for each in said
    )
