"""Which metric a sentence says each figure is of: its word beside the figure."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from services.grounding.facts import Figure
from services.grounding.marks import FIGURE
from services.grounding.reading import Reading
from services.grounding.vocabulary.metrics import METRIC_TEXT, metrics_of

_LINK: Final = re.compile(
    r"\s*(?:ratios?|rate|지표|값|수치|지수|비율)?(?:\s+(?:figure|value|number))?\s*"
    r"(?:of|is|was|were|are|at|to|:|=|\||stands? at|stood at|reached|reaches|comes? (?:in|out) at|came (?:in|out) at|by|about|around|only|just|a|an|"
    r"은|는|이|가|도|의|로|으로|약|이며|인|\(|\"|'|,)*(?:\s+(?:about|around|only|just|약|무려|각각|a))*\s*[(\"']*\s*",
    re.IGNORECASE,
)
"""What stands between a metric's word and its figure where nothing else does."""
_AFTER: Final = re.compile(r"[\"')]*\s*(?:in |of |의 |짜리 |인 )?(?:the |its |total )?", re.IGNORECASE)
_JOINED: Final = re.compile(
    r"(?:의|은|는|이|가)?\s*(?:,\s*(?:and)?|and|&|와|과|및|·|/|,)\s*(?:the |its |a )?", re.IGNORECASE
)
_FIGURES_JOINED: Final = re.compile(r"\s*(?:,\s*(?:and)?|and|&|와|과|및|·|/)\s*", re.IGNORECASE)
_APART: Final = frozenset({"p_value", "probability", "correlation", "count"})
"""Figures that stand in brackets after what they are about, and are judged by a word right beside them only."""


def wrong_metrics(reading: Reading) -> Iterator[tuple[int, int]]:
    """Yield the stretches of a reading in which a figure is said to be of another metric."""
    text = reading.text
    phrases = [(each.start(), each.end(), metrics_of(each[0])) for each in METRIC_TEXT.finditer(text)]
    places = [at for at, each in enumerate(text) if each == FIGURE]
    paired = _paired(text, phrases, places)
    used: set[int] = set()
    for number, at in enumerate(places):
        figure = reading.figures[number]
        found = paired.get(at)
        if found is None:
            found = _beside(text, phrases, at, used, apart=figure.metric in _APART)
        if found is not None and not _fits(figure, phrases[found][2]):
            start, end, _ = phrases[found]
            yield min(start, at), max(end, at + 1)


def _fits(figure: Figure, metrics: frozenset[str]) -> bool:
    if figure.metric == "probability":
        return bool(metrics & {"probability", "p_value", "win_rate"})
    return figure.metric in metrics


Phrases = Sequence[tuple[int, int, frozenset[str]]]


def _paired(text: str, phrases: Phrases, places: Sequence[int]) -> dict[int, int]:
    """Pair lists of metrics with the lists of as many figures after them."""
    pairs: dict[int, int] = {}
    at = 0
    while at < len(places):
        group = [places[at]]
        for nxt in places[at + 1 :]:
            if not _FIGURES_JOINED.fullmatch(text, group[-1] + 1, nxt):
                break
            group.append(nxt)
        at += len(group)
        listed = _listed_before(text, phrases, group[0])
        if len(group) > 1 and len(listed) == len(group):
            pairs |= dict(zip(group, listed, strict=True))
    return pairs


def _listed_before(text: str, phrases: Phrases, at: int) -> list[int]:
    """Return the last metrics before a place that are a list."""
    listed: list[int] = []
    for number in range(len(phrases) - 1, -1, -1):
        if phrases[number][1] > at:
            continue
        if listed and not _JOINED.fullmatch(text, phrases[number][1], phrases[listed[0]][0]):
            break
        listed.insert(0, number)
    return listed


def _beside(text: str, phrases: Phrases, at: int, used: set[int], *, apart: bool) -> int | None:
    """Return the number of the phrase that a figure is said to be of."""
    before = [n for n, each in enumerate(phrases) if each[1] <= at and n not in used]
    if before and _LINK.fullmatch(text, phrases[before[-1]][1], at):
        return before[-1]
    after = next((n for n, each in enumerate(phrases) if each[0] > at), None)
    if after is not None and _AFTER.fullmatch(text, at + 1, phrases[after][0]):
        used.add(after)
        return after
    return before[-1] if before and not apart else None
