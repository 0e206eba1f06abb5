"""Checking a rendered text: every numeral, name, metric and action in it must be one of the facts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from services.grounding.actions import claimed_actions
from services.grounding.counts import is_listed, is_rank, is_right_count, is_said_of_one
from services.grounding.dates import without_dates
from services.grounding.facts import Facts, Problem, ProblemCode
from services.grounding.marks import FIGURE
from services.grounding.mentions import START, Context, asked_about, continued
from services.grounding.metrics import wrong_metrics
from services.grounding.numerals import Numeral, numerals
from services.grounding.owners import claims_of, is_right
from services.grounding.quoted import is_of, may_be_quoted, numbers_of
from services.grounding.ranks import is_right_rank
from services.grounding.reading import Reading, read
from services.grounding.rendering import Rendered, render
from services.grounding.sentences import sentences_of
from services.grounding.signs import changed_figures
from services.grounding.unknown import unknown_names
from services.grounding.vocabulary.prose import DEFINED, INTERVAL, SIGNIFICANCE, ZERO_AFTER, ZERO_BEFORE

_TINY: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Checked:
    """A sentence or text that was rendered and checked.

    Attributes:
        text: with its values; not yet neutralised.
        problems: empty: it may be sent.
        context: for the next sentence.

    """

    text: str
    problems: tuple[Problem, ...]
    context: Context


def checked(text: str, facts: Facts, message: str = "", context: Context = START) -> Checked:
    """Render and check a sentence of a stream, or a whole text."""
    rendered = render(text, facts)
    problems, after = _all_problems(rendered, facts, message, context)
    return Checked(rendered.text, problems, after)


def check(
    rendered: Rendered, facts: Facts, message: str = "", context: Context = START
) -> tuple[Problem, ...]:
    """Return what may not be said in a rendered text.

    Args:
        rendered: a text, or a sentence of it.
        facts: all that it may speak of.
        message: of the user; its numbers may come back as thresholds, periods or ranks.
        context: what the sentences before have left.

    """
    return _all_problems(rendered, facts, message, context)[0]


def _all_problems(
    rendered: Rendered, facts: Facts, message: str, context: Context
) -> tuple[tuple[Problem, ...], Context]:
    found = list(rendered.problems)
    own = numbers_of(message)
    if not context.order:
        context = asked_about(message, facts)
    for start, sentence in _sentences(rendered, facts):
        reading = read(sentence, facts)
        found += [replace(each, start=each.start + start) for each in _problems(reading, facts, own, context)]
        context = continued(reading, facts, context)
    unique = {(each.code, each.start): each for each in found}
    return tuple(sorted(unique.values(), key=lambda each: each.start)), context


def _sentences(rendered: Rendered, facts: Facts) -> Iterator[tuple[int, Rendered]]:
    """Yield the sentences of a rendered text, each with where it begins."""
    start = 0
    for text in sentences_of(rendered.text, (*facts.owners, *facts.terms)):
        end = start + len(text)
        spans = (
            replace(span, start=span.start - start, end=span.end - start)
            for span in rendered.spans
            if start <= span.start < end
        )
        yield start, Rendered(text, tuple(spans))
        start = end


def _problems(reading: Reading, facts: Facts, own: Sequence[Numeral], context: Context) -> Iterator[Problem]:
    """Yield what may not be said in one sentence."""

    def problem(code: ProblemCode, start: int, end: int) -> Problem:
        said, at = reading.said(start, end)
        return Problem(code, said, at)

    claims = claims_of(reading, facts, context)
    dateless = without_dates(reading, facts)
    dateless = dateless.masked(each.span() for each in DEFINED.finditer(dateless.text))
    for numeral in numerals(dateless):
        code = _judged(dateless, numeral, facts, own, context)
        if code:
            yield problem(code, numeral.start, max(numeral.end, numeral.stop))
    for start, end in changed_figures(reading, claims):
        yield problem("sign-or-unit", start, end)
    places = [at for at, each in enumerate(reading.text) if each == FIGURE]
    for at, figure, claim in zip(places, reading.figures, claims, strict=True):
        if claim is not None and not is_right(claim, figure, facts):
            yield problem("wrong-owner", at, at + 1)
    for start, end in unknown_names(reading):
        yield problem("wrong-owner", start, end)
    for start, end in wrong_metrics(reading):
        yield problem("wrong-metric", start, end)
    for start, end in claimed_actions(reading, facts):
        yield problem("claimed-action", start, end)


def _judged(
    reading: Reading, numeral: Numeral, facts: Facts, own: Sequence[Numeral], context: Context
) -> ProblemCode | None:
    """Return what is wrong with a numeral."""
    if (
        is_listed(reading, numeral)
        or _is_zero_of_interval(reading, numeral)
        or _is_confidence(reading, numeral, facts)
    ):
        return None
    if is_rank(reading, numeral, facts):
        right = not is_said_of_one(reading, numeral) or is_right_rank(reading, numeral, facts, context)
        return None if right else "wrong-rank"
    if is_right_count(reading, numeral, facts, context.mentioned):
        return None
    if is_of(numeral, own):
        return None if may_be_quoted(reading, numeral) else "user-number-as-value"
    return "free-numeral"


def _is_zero_of_interval(reading: Reading, numeral: Numeral) -> bool:
    """Whether a zero is what an interval holds or excludes."""
    if numeral.value != 0.0 or numeral.unit not in {"", "times"}:
        return False
    before, text = reading.text[: numeral.start], reading.text
    return ZERO_BEFORE.search(before) is not None or ZERO_AFTER.match(text, numeral.end) is not None


def _is_confidence(reading: Reading, numeral: Numeral, facts: Facts) -> bool:
    """Whether a number is the confidence of the intervals, or the level of the tests."""
    if facts.confidence is None or numeral.value is None:
        return False
    after, before = (
        reading.text[numeral.end : numeral.end + 30],
        reading.text[max(0, numeral.start - 30) : numeral.start],
    )
    share = numeral.value / 100 if numeral.unit == "percent" else numeral.value
    if abs(share - facts.confidence) < _TINY and numeral.unit == "percent":
        return INTERVAL.search(after) is not None or INTERVAL.search(before) is not None
    if abs(share - (1 - facts.confidence)) < _TINY:
        return SIGNIFICANCE.search(after) is not None or SIGNIFICANCE.search(before) is not None
    return False
