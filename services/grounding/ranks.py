"""Judging ranks: what is called second must be second, where the figures tell."""

from services.grounding.facts import Facts
from services.grounding.marks import FIGURE
from services.grounding.numerals import Numeral
from services.grounding.owners import Context, mentions_of
from services.grounding.reading import Reading
from services.grounding.vocabulary.metrics import METRIC_TEXT, metrics_of


def is_right_rank(reading: Reading, numeral: Numeral, facts: Facts, context: Context) -> bool:
    """Tell whether a strategy has the place that a sentence gives it, from either end of a metric's values.

    It does too where the sentence names no strategy or no metric, or where a figure is missing.
    """
    owner = _owner(reading, numeral, facts, context)
    metrics = _metrics(reading, numeral)
    judged = [places for metric in sorted(metrics) if owner and (places := _places(owner, metric, facts))]
    return not judged or any(numeral.value in places for places in judged)


def _places(owner: str, metric: str, facts: Facts) -> set[int]:
    """Return the places of a strategy by a metric, from both ends; none where a figure is missing."""
    values = {
        each.owner: each.value
        for each in facts.figures
        if each.metric == metric
        and each.kind == "value"
        and each.owner in facts.names
        and each.value is not None
    }
    if owner not in values or len(values) < len(set(facts.names)):
        return set()
    above = sum(value > values[owner] for value in values.values())
    below = sum(value < values[owner] for value in values.values())
    ties = len(values) - above - below - 1
    return {*range(above + 1, above + ties + 2), *range(below + 1, below + ties + 2)}


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
