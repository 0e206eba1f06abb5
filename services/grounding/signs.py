"""Signs and units beside a figure: what is written there may not change what we wrote."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from backchat_contracts import METRICS
from services.grounding.facts import Figure
from services.grounding.marks import FIGURE
from services.grounding.owners import Claim
from services.grounding.reading import Reading
from services.grounding.vocabulary import signs as words
from services.language.vocabulary.magnitudes import MAGNITUDES

_RETURNS: Final = frozenset({"total_return", "cagr", "benchmark_return", "alpha", "expectancy"})
_YEARLY: Final = frozenset(
    {
        "cagr",
        "volatility",
        "turnover",
        "alpha",
        "tracking_error",
        "sharpe_ratio",
        "sortino_ratio",
        "information_ratio",
    }
)
_SETTINGS: Final = frozenset({"rate", "setting"})
_DAILY: Final = frozenset({"value_at_risk", "conditional_value_at_risk"})
_UNITS_OF: Final[Mapping[str, frozenset[str]]] = {
    "trades": frozenset({"times", "번", "회", "차례", "건", "개"}),
    "setting": frozenset({"day", "days", "trading day", "trading days", "일", "거래일"}),
}
"""The units of counts that may stand after a figure."""
_NEAR: Final = 80
"""How many characters before a figure its words are looked for."""


def changed_figures(reading: Reading, claims: Sequence[Claim | None]) -> Iterator[tuple[int, int]]:
    """Yield the stretches of a reading in which words beside a figure change its sign, unit or sense."""
    places = [at for at, each in enumerate(reading.text) if each == FIGURE]
    for at, figure, claim in zip(places, reading.figures, claims, strict=True):
        before, text = reading.text[max(0, at - _NEAR) : at], reading.text
        if sign := words.SIGN_BEFORE.search(before):
            if not words.LIST_MARK.search(before):
                yield at - len(before) + sign.start(), at + 1
        elif _is_minus(reading, at):
            yield at - 2, at + 1
        unit = words.UNIT_AFTER.match(text, at + 1) or _unit_of_counts(text, at, figure)
        if unit:
            yield at, unit.end()
        if figure.value is not None and _contradicts(before, text, at, figure, claim):
            yield max(0, at - 20), min(len(text), at + 20)


def _is_minus(reading: Reading, at: int) -> bool:
    """Whether a minus sign, which is no dash, stands before a figure with a blank."""
    said, _ = reading.said(max(0, at - 2), at)
    return said.startswith("\u2212")


def _unit_of_counts(text: str, at: int, figure: Figure) -> re.Match[str] | None:
    """Return a unit of counts or times after a figure that is no such count."""
    found = words.COUNT_UNIT_AFTER.match(text, at + 1)
    if found is None or figure.metric == "count":
        return None
    said = found[0].strip(" -")
    return None if said in _UNITS_OF.get(figure.metric, ()) else found


def _contradicts(before: str, text: str, at: int, figure: Figure, claim: Claim | None) -> bool:
    """Whether words say another sign, direction or period than the figure has."""
    value = figure.value or 0.0
    after = at + 1
    signs = (
        (words.NEGATIVE_BEFORE.search(before) or words.NEGATIVE_AFTER.match(text, after), value > 0),
        (words.POSITIVE_BEFORE.search(before) or words.POSITIVE_AFTER.match(text, after), value < 0),
    )
    if any(found and wrong for found, wrong in signs):
        return True
    if (
        figure.kind == "difference"
        and figure.metric in METRICS
        and _is_other_way(before, text, after, figure, claim)
    ):
        return True
    if figure.metric in _SETTINGS:
        moved = (words.GAIN_BEFORE, words.LOSS_BEFORE)
        return any(each.search(before) for each in moved)
    if figure.metric in _RETURNS and figure.kind == "value":
        if value > 0 and (words.LOSS_BEFORE.search(before) or words.LOSS_AFTER.match(text, after)):
            return True
        if value < 0 and (words.GAIN_BEFORE.search(before) or words.GAIN_AFTER.match(text, after)):
            return True
    yearly = words.YEARLY.match(text, after) or words.YEARLY_BEFORE.search(before)
    often = words.OFTEN.match(text, after) or words.OFTEN_BEFORE.search(before)
    return bool(yearly and figure.metric not in _YEARLY) or bool(often and figure.metric not in _DAILY)


def _is_other_way(before: str, text: str, after: int, figure: Figure, claim: Claim | None) -> bool:
    """Whether a difference is said to be of the other direction: "A is lower by +0.20"."""
    higher = words.HIGHER_AFTER.match(text, after) or words.HIGHER_BEFORE.search(before)
    lower = words.LOWER_AFTER.match(text, after) or words.LOWER_BEFORE.search(before)
    if bool(higher) == bool(lower) or figure.metric in MAGNITUDES or claim is None or len(claim.names) != 1:
        return False
    value = (figure.value or 0.0) * (1 if claim.names == {figure.owner} else -1)
    return value < 0 if higher else value > 0
