"""Judging ranks: what is called second must be second, where the figures tell."""

from backchat_contracts import METRICS
from services.grounding.facts import Facts
from services.grounding.marks import FIGURE
from services.grounding.mentions import Context, mentions_of
from services.grounding.numerals import Numeral
from services.grounding.reading import Reading
from services.grounding.vocabulary.metrics import METRIC_TEXT, metrics_of
from services.grounding.vocabulary.prose import RANKED_BY
from services.language.vocabulary.magnitudes import MAGNITUDES


def is_right_rank(reading: Reading, numeral: Numeral, facts: Facts, context: Context) -> bool:
    """Tell whether a strategy has the place that a sentence gives it, from either end of a metric's values.

    It does too where the sentence names no strategy or no metric, or where a figure is missing.
    """
    owner = _owner(reading, numeral, facts, context)
    metrics = _metrics(reading, numeral)
    end = _end(reading, numeral)
    judged = [
        places for metric in sorted(metrics) if owner and (places := _places(owner, metric, facts, end))
    ]
    return not judged or any(numeral.value in places for places in judged)


def _end(reading: Reading, numeral: Numeral) -> str:
    """Return from which end a rank is counted: "high", "low", "best", "worst", or "": not said."""
    said = RANKED_BY.match(reading.text, numeral.stop)
    return next((end for end, word in said.groupdict().items() if word), "") if said else ""


def _places(owner: str, metric: str, facts: Facts, end: str) -> set[int]:
    """Return the places of a strategy from the ends that are meant; none where a figure is missing."""
    values = {
        each.owner: each.value
        for each in facts.figures
        if each.metric == metric
        and each.kind == "value"
        and each.owner in facts.names
        and each.value is not None
    }
    if owner not in values or len(values) < len(set(facts.names)) or len(set(values.values())) == 1:
        return set()
    above = sum(value > values[owner] for value in values.values())
    below = sum(value < values[owner] for value in values.values())
    ties = len(values) - above - below - 1
    from_high, from_low = set(range(above + 1, above + ties + 2)), set(range(below + 1, below + ties + 2))
    direction = METRICS[metric].direction if metric in METRICS else "neither"
    if metric in MAGNITUDES and end in {"high", "low"}:
        return from_high | from_low
    if direction == "neither" and end not in {"high", "low"}:
        return from_high | from_low
    best, worst = (from_low, from_high) if direction == "lower_is_better" else (from_high, from_low)
    return {"high": from_high, "low": from_low, "best": best, "worst": worst, "": best | from_high}[end]


def _owner(reading: Reading, numeral: Numeral, facts: Facts, context: Context) -> str | None:
    _, mentions = mentions_of(reading, facts, context)
    before = [each for each in mentions if each.end <= numeral.start and not each.measured]
    after = [each for each in mentions if each.start >= numeral.end and not each.measured]
    near = before[-1:] or after[:1]
    names = near[0].names if near else context.subjects
    return names[0] if len(names) == 1 else None


def _metrics(reading: Reading, numeral: Numeral) -> frozenset[str]:
    """Return the metrics that a rank can be of: those of the nearest word, else of the only figure."""
    phrases = list(METRIC_TEXT.finditer(reading.text))
    if phrases:
        nearest = min(
            phrases, key=lambda each: min(abs(each.end() - numeral.start), abs(each.start() - numeral.end))
        )
        return metrics_of(nearest[0])
    return frozenset({reading.figures[0].metric}) if reading.text.count(FIGURE) == 1 else frozenset()
