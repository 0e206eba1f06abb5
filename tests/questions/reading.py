"""What an answer claims: which figure it gives beside which strategy's name, and which language it is in."""

import re
from collections.abc import Collection, Iterator
from functools import cache
from typing import Final, NamedTuple

from backchat_contracts import METRICS, Language
from backchat_contracts.metrics import Unit

_QUOTED: Final = re.compile(r"'([^']+)'")
_ASIDE: Final = re.compile(r"\([^()']*(?:'[^']*'[^()']*)*\)")
"""In brackets are periods, intervals and differences: what a figure rests on, not the figure."""
_DIGIT: Final = re.compile(r"\d")
_SENTENCE_END: Final = re.compile(r"(?<![:;] \d)(?<![:;] \d\d)\.(?=\s|$)|\n")
"""Not the full stop of a number in a list: "1. 'RSI' 0.60; 2. …"."""
_NEAR: Final = 16
"""How many characters there are at most from a name or a label to its figure."""
_VALUES: Final[dict[Unit, re.Pattern[str]]] = {
    "fraction": re.compile(r"[+-]?[\d,]+\.\d\d %"),
    "ratio": re.compile(r"[+-]?[\d,]+\.\d\d(?! ?[%\d])"),
    "money": re.compile(r"[+-]?[\d,]+\.\d\d(?! ?[%\d])"),
    "count": re.compile(r"[+-]?\d+(?:,\d{3})*(?!\.?\d)"),
}
FIGURE: Final = re.compile(r"\d\.\d\d")
"""What any figure of a metric holds that is no count."""
_HANGUL: Final = re.compile("[ㄱ-ㆎ가-힣]")


class Claim(NamedTuple):
    """A figure beside a strategy's name: the metric's name in the catalogue, the value as it is written."""

    name: str
    metric: str
    text: str


def named(text: str, names: Collection[str]) -> list[str]:
    """Return the strategies that a text quotes, each once, in the order of their first mention."""
    return list(dict.fromkeys(name for name in _QUOTED.findall(text) if name in names))


def claims(text: str, names: Collection[str]) -> Iterator[Claim]:
    """Yield what a text claims, in its order.

    A figure's label stands between the name and the figure, or before the name in the same sentence.
    """
    for sentence in _SENTENCE_END.split(
        _ASIDE.sub(lambda aside: "" if _DIGIT.search(aside[0]) else aside[0], text)
    ):
        mentions = [match for match in _QUOTED.finditer(sentence) if match[1] in names]
        ends = [match.start() for match in mentions[1:]] + [len(sentence)]
        for mention, end in zip(mentions, ends, strict=False):
            beside = sentence[mention.end() : end]
            labels = list(_labels().finditer(beside))
            earlier = list(_labels().finditer(sentence[: mention.start()]))
            if earlier and not (labels and labels[0].start() <= _NEAR):
                yield from _first(mention[1], earlier[-1][0], beside)
            for label in labels:
                yield from _first(mention[1], label[0], beside[label.end() :])


def _first(name: str, label: str, text: str) -> Iterator[Claim]:
    metric = _metrics()[label.lower()]
    value = _VALUES[METRICS[metric].unit].search(text)
    if value and value.start() <= _NEAR:
        yield Claim(name, metric, value[0])


@cache
def _metrics() -> dict[str, str]:
    return {
        label.lower(): metric
        for metric, entry in METRICS.items()
        for label in (entry.label.ko, entry.label.en)
    }


@cache
def _labels() -> re.Pattern[str]:
    longest_first = sorted(_metrics(), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first)), re.IGNORECASE)


def written(metric: str, value: float) -> set[str]:
    """Return the ways in which a value may be written: with and without a plus."""
    match METRICS[metric].unit:
        case "fraction":
            text = f"{100 * value:,.2f} %"
        case "count":
            text = f"{value:,.0f}"
        case _:
            text = f"{value:,.2f}"
    text = re.sub(r"^-(?=[0.]+(?: %)?$)", "", text)
    return {text, text.replace(",", "")} | ({f"+{text}", f"+{text.replace(',', '')}"} if value > 0 else set())


def language_of(text: str, names: Collection[str]) -> Language | None:
    """Return the language that a text has outside names and quotes; none where it has no letters."""
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, "")
    text = _QUOTED.sub("", text)
    if _HANGUL.search(text):
        return "ko"
    return "en" if re.search("[a-z]", text, re.IGNORECASE) else None
