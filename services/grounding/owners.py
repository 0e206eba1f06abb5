"""Whose figure a sentence says each figure is: the name beside it, or the one that a pronoun carries."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from backchat_contracts.metrics.benchmark import BenchmarkValues
from services.grounding.facts import Facts, Figure
from services.grounding.marks import FIGURE
from services.grounding.mentions import UNNAMED, Context, Mention, mentions_of
from services.grounding.reading import Reading
from services.grounding.vocabulary import relations as words
from services.grounding.vocabulary.metrics import ENGLISH_METRIC_WORDS
from services.grounding.writing import figure_text

_BETWEEN: Final = frozenset({"in", "terms", "ratio", "the", "its", "a", "return", "result", "figure"})
_OF_BENCHMARK: Final = frozenset(BenchmarkValues.model_fields)


@dataclass(frozen=True, slots=True)
class Claim:
    """Whose a figure is said to be: one of some names, or, with `each`, of all of them."""

    names: frozenset[str]
    each: bool = False


def claims_of(reading: Reading, facts: Facts, context: Context) -> list[Claim | None]:
    """Return whose each figure of a sentence is said to be; None where that is not said."""
    text, mentions = mentions_of(reading, facts, context)
    if context.columns and "|" in text and not mentions:
        return _of_columns(text, context.columns)
    places = [at for at, each in enumerate(text) if each == FIGURE]
    claims: list[Claim | None] = []
    while len(claims) < len(places):
        group = _joined(text, places[len(claims) :])
        claims += _of_group(text, mentions, group, facts, context, reading.figures[len(claims) :], claims)
    return claims


def _of_columns(text: str, columns: Sequence[str | None]) -> list[Claim | None]:
    """Return whose the figures of a row are, by the heads of a table's columns."""
    cells = (text.count("|", 0, at) for at, each in enumerate(text) if each == FIGURE)
    heads = (columns[cell] if cell < len(columns) else None for cell in cells)
    return [None if head is None else Claim(frozenset({head})) for head in heads]


def _joined(text: str, places: Sequence[int]) -> list[int]:
    """Return the first figures that are a list."""
    count = 1
    while count < len(places) and words.FIGURES_JOINED.fullmatch(text, places[count - 1] + 1, places[count]):
        count += 1
    return list(places[:count])


def _of_group(
    text: str,
    mentions: Sequence[Mention],
    group: Sequence[int],
    facts: Facts,
    context: Context,
    figures: Sequence[Figure],
    earlier: Sequence[Claim | None],
) -> list[Claim | None]:
    bounds = all(each.kind == "bound" for each in figures[: len(group)])
    paired = _paired(text, mentions, group, context) if len(group) > 1 and not bounds else None
    if paired:
        return [*paired]
    claims: list[Claim | None] = []
    for number, at in enumerate(group):
        own = [
            each
            for each in mentions
            if not (figures[number].metric in _OF_BENCHMARK and _is_benchmark(each, facts))
        ]
        claim = _bound(text, own, at)
        if claim is None:
            before = claims[-1] if claims else (earlier[-1] if earlier else None)
            claim = _opposed(text, own, at, before, facts, context)
            if claim is None and number and (measured := _held(text, own, group[0])):
                claim = measured
            claim = claim or _nearest(text, own, at, facts, context)
        claims.append(claim)
    return claims


def _is_benchmark(mention: Mention, facts: Facts) -> bool:
    return mention.names == (facts.benchmark or UNNAMED,)


def _paired(
    text: str, mentions: Sequence[Mention], group: Sequence[int], context: Context
) -> list[Claim] | None:
    """Pair a list of figures with the list of as many names before it, or after it: "F and F for A and B"."""
    bound = words.BY_NAME_EN.match(text, group[-1] + 1) or words.BY_NAME_BRACKET.match(text, group[-1] + 1)
    after = [each for each in mentions if bound and each.start >= bound.start("name")]
    before = [each for each in mentions if each.end <= group[0]]
    if not before and not after:
        after = [each for each in mentions if each.start > group[-1]]
    for listed, near in ((after, after[:1]), (before, before[-1:])):
        members = [each for each in listed if near and each.group == near[0].group]
        if len(members) == len(group):
            return [Claim(frozenset(each.names)) for each in members]
    alone = len(before) == len(group) and FIGURE not in text[: group[0]]
    if alone and words.RESPECTIVELY.search(text):
        return [Claim(frozenset(each.names)) for each in before]
    if not before and words.PLURAL.search(text, 0, group[0]) and len(context.order) >= len(group):
        return [Claim(frozenset({name})) for name in context.order[-len(group) :]]
    return None


def _bound(text: str, mentions: Sequence[Mention], at: int) -> Claim | None:
    """Return the claim of words that tie a figure to the name right after it, or right before it."""
    for pattern in (words.BY_NAME_EN, words.BY_NAME_BRACKET, words.BY_NAME_KO):
        found = pattern.match(text, at + 1)
        if found is None or not _only_metrics(found.groupdict().get("words")):
            continue
        first = next((each for each in mentions if each.start == found.start("name")), None)
        if first is not None and not (pattern is words.BY_NAME_EN and _is_subject_of_more(text, first)):
            members = [each for each in mentions if each.group == first.group]
            return Claim(frozenset(name for each in members for name in each.names), each=len(members) > 1)
    before = [each for each in mentions if each.end <= at]
    if before and before[-1].measured and _is_set_against(text, at):
        return None
    if before and words.IN_BRACKETS.fullmatch(text[before[-1].end : at]):
        return Claim(frozenset(before[-1].names))
    return None


def _is_set_against(text: str, at: int) -> bool:
    """Whether the next figure is set against this one: "F versus F"."""
    following = text.find(FIGURE, at + 1)
    return following > 0 and words.OPPOSED.fullmatch(text, at + 1, following) is not None


def _is_subject_of_more(text: str, mention: Mention) -> bool:
    """Whether a name after "of" owns what follows: "F ahead of A's"."""
    return re.match(r"['’]s\s+\w*\s*" + FIGURE, text[mention.end :]) is not None


def _only_metrics(between: str | None) -> bool:
    said = (between or "").casefold().replace("-", " ").split()
    return all(word in ENGLISH_METRIC_WORDS or word in _BETWEEN for word in said)


def _opposed(
    text: str, mentions: Sequence[Mention], at: int, before: Claim | None, facts: Facts, context: Context
) -> Claim | None:
    """Return the claim of a figure that is set against the one before it: it is of the other name."""
    last = text.rfind(FIGURE, 0, at)
    if last < 0 or before is None or not words.OPPOSED.fullmatch(text, last + 1, at):
        return None
    named = {name for each in mentions for name in each.names}
    others = named - before.names or set(context.mentioned) - before.names or set(facts.names) - before.names
    return Claim(frozenset(others)) if others else None


def _nearest(text: str, mentions: Sequence[Mention], at: int, facts: Facts, context: Context) -> Claim | None:
    """Return the claim of the nearest name before a figure, of a pronoun, or of the first name after."""
    before = [each for each in mentions if each.end <= at]
    if before and before[-1].measured and _holds(text, before[-1], at):
        return _of_list([each for each in before if each.group == before[-1].group], text, at)
    if subjects := [each for each in before if not each.measured]:
        return _of_list([each for each in subjects if each.group == subjects[-1].group], text, at)
    if words.PRONOUN.search(text, 0, at) and context.subjects:
        return Claim(frozenset(context.subjects))
    after = [each for each in mentions if each.start > at and not each.measured]
    if context.subjects:
        after = [
            each
            for each in after
            if not words.OWNS_MORE.match(text, each.end) and not words.BREAK.search(text, at, each.start)
        ]
    if after:
        return _of_list([each for each in after if each.group == after[0].group], text, at)
    measured = {name for each in before for name in each.names}
    others = frozenset(context.subjects) or (frozenset(facts.names) - measured if measured else frozenset())
    return Claim(others) if others else None


def _held(text: str, mentions: Sequence[Mention], at: int) -> Claim | None:
    """Return the claim of what others are measured against, which has a whole list: "than B's F and F"."""
    before = [each for each in mentions if each.end <= at]
    if before and before[-1].measured and _holds(text, before[-1], at):
        return Claim(frozenset(before[-1].names))
    return None


def _holds(text: str, mention: Mention, at: int) -> bool:
    """Whether what others are measured against has the figure: "than A's F", "than A at F", "A보다" never."""
    between = text[mention.end : at]
    if compared := words.OBJECT_AFTER.match(text, mention.end):
        return at < compared.start("relation")
    if _is_set_against(text, at):
        return False
    if not between.strip("\"'’” "):
        return True
    opened = words.HELD.match(between)
    if opened and re.match(r"\s+\(?with\s", between) and words.BEATEN_BEFORE.search(text[: mention.start]):
        return False
    return opened is not None and FIGURE not in between and "," not in between[opened.end() :]


def _of_list(members: Sequence[Mention], text: str, at: int) -> Claim:
    names = frozenset(name for each in members for name in each.names)
    several = len(members) > 1 and not members[0].apart
    between = text[members[-1].end : at] if members[-1].end <= at else ""
    if several and re.search(r"\b(?:better|best|higher|lower|leader|combined)\b|차이|격차", between):
        several = False
    return Claim(names, each=several)


def is_right(claim: Claim, figure: Figure, facts: Facts) -> bool:
    """Tell whether a figure is of whom it is said to be."""
    if figure.owner is None:
        return figure.metric not in facts.metrics_with_owners or claim.names <= {UNNAMED, facts.benchmark}
    if figure.other is not None:
        known = claim.names - {UNNAMED}
        return bool(known & figure.owners) or not known
    if not claim.each:
        return figure.owner in claim.names
    written = figure_text(figure, facts.language)
    same = {
        each.owner
        for each in facts.figures
        if each.metric == figure.metric
        and each.kind == figure.kind
        and figure_text(each, facts.language) == written
    }
    return figure.owner in claim.names and claim.names <= same
