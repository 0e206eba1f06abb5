"""Whose figure a sentence says each figure is: the name beside it, or the one that a pronoun carries."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from backchat_contracts.metrics.benchmark import BenchmarkValues
from services.grounding.facts import Facts, Figure
from services.grounding.marks import FIGURE, FILL, NAME
from services.grounding.names import names_in
from services.grounding.reading import Reading
from services.grounding.rendering import visible
from services.grounding.vocabulary import relations as words
from services.grounding.vocabulary.metrics import ENGLISH_METRIC_WORDS
from services.grounding.writing import figure_text

UNNAMED: Final = ""
"""The benchmark, where it has no name."""
_BETWEEN: Final = frozenset({"in", "terms", "ratio", "the", "its", "a", "return", "result", "figure"})
_OF_BENCHMARK: Final = frozenset(BenchmarkValues.model_fields)


@dataclass(frozen=True, slots=True)
class Mention:
    """Where a sentence mentions a strategy.

    Attributes:
        start: in the sentence.
        end: after its last character.
        names: those that it can mean.
        group: the number of its list; names that are joined have the same.
        measured: others are measured against it: "than A", "A보다".
        apart: of a set to choose from: "between A and B".

    """

    start: int
    end: int
    names: tuple[str, ...]
    group: int = 0
    measured: bool = False
    apart: bool = False


@dataclass(frozen=True, slots=True)
class Claim:
    """Whose a figure is said to be: one of some names, or, with `each`, of all of them."""

    names: frozenset[str]
    each: bool = False


@dataclass(frozen=True, slots=True)
class Context:
    """What earlier sentences leave to later ones.

    Attributes:
        subjects: whom "it" can mean.
        order: the names said so far, the last one last.
        recent: those of the last two sentences that have any.
        columns: of the table that the last line is in.

    """

    subjects: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    recent: tuple[frozenset[str], ...] = ()
    columns: tuple[str | None, ...] = ()

    @property
    def mentioned(self) -> frozenset[str]:
        return frozenset().union(*self.recent)


START: Final = Context()


def mentions_of(reading: Reading, facts: Facts, context: Context) -> tuple[str, list[Mention]]:
    """Return the mentions of a sentence, and its text with each of them as a mark."""
    text = reading.text
    found = [Mention(at, at + 1, (reading.name(at),)) for at, each in enumerate(text) if each == NAME]
    order = reading.names if len(set(reading.names)) > 1 else context.order
    stand_ins = (
        (words.BENCHMARK, (facts.benchmark or UNNAMED,)),
        (words.FORMER, order[-2:-1]),
        (words.LATTER, order[-1:]),
        (words.OTHER, tuple(each for each in facts.names if each not in context.subjects)),
    )
    for pattern, names in stand_ins:
        for each in pattern.finditer(text) if names else ():
            found.append(Mention(each.start(), each.end(), names))
            fill = NAME + FILL * (len(each[0]) - 1)
            text = text[: each.start()] + fill + text[each.end() :]
    return text, list(_grouped(text, sorted(found, key=lambda each: each.start)))


def _grouped(text: str, found: Sequence[Mention]) -> Iterator[Mention]:
    """Yield mentions with the number of their list, and what that list is to the others."""
    lists: list[list[Mention]] = []
    for each in found:
        if lists and _is_joined(text, lists[-1], each):
            lists[-1].append(each)
        else:
            lists.append([each])
    for number, members in enumerate(lists):
        before, last = text[: members[0].start], members[-1].end
        measured = bool(words.OBJECT_BEFORE.search(before) or words.OBJECT_AFTER.match(text, last))
        apart = bool(words.APART.search(before) or words.APART_AFTER.match(text, last)) and len(members) > 1
        for each in members:
            yield replace(each, group=number, measured=measured, apart=apart)


def _is_joined(text: str, members: Sequence[Mention], each: Mention) -> bool:
    """Whether a mention goes on with a list; a comma after "unlike A" ends one."""
    between = text[members[-1].end : each.start]
    if not words.JOINED.fullmatch(between) or any(each.names == member.names for member in members):
        return False
    return between.strip() != "," or not words.OBJECT_BEFORE.search(text[: members[0].start])


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


def _columns(text: str, mentions: Sequence[Mention], context: Context) -> tuple[str | None, ...]:
    """Return the heads of the columns of the table that a line is in: names, each in a cell of its own."""
    if "|" not in text:
        return ()
    heads: list[str | None] = [None] * (text.count("|") + 1)
    for each in mentions:
        heads[text.count("|", 0, each.start)] = each.names[0]
    named = sum(head is not None for head in heads)
    return tuple(heads) if named > 1 and FIGURE not in text else context.columns


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
    """Return the claim of the nearest name before a figure, of a pronoun, of the first name after, or carried."""
    before = [each for each in mentions if each.end <= at]
    if before and before[-1].measured and _holds(text, before[-1], at):
        return _of_list([each for each in before if each.group == before[-1].group], text, at)
    subjects = [each for each in before if not each.measured]
    if subjects:
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
    if context.subjects:
        return Claim(frozenset(context.subjects))
    if before:
        others = frozenset(facts.names) - {name for each in before for name in each.names}
        return Claim(others) if others else None
    return None


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


def asked_about(message: str, facts: Facts) -> Context:
    """Return the context of an answer's first sentence: the names of the message that it answers."""
    names = tuple(dict.fromkeys(each.name for each in names_in(visible(message), facts) if each.owner))
    return Context(names, names, (frozenset(names),) if names else ())


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


def continued(reading: Reading, facts: Facts, context: Context) -> Context:
    """Return the context after a sentence."""
    text, mentions = mentions_of(reading, facts, context)
    context = replace(context, columns=_columns(text, mentions, context))
    own = [each for each in mentions if not each.measured] or mentions
    if not own:
        return context
    said = tuple(dict.fromkeys(name for each in own for name in each.names))
    everyone = tuple(dict.fromkeys(name for each in mentions for name in each.names))
    order = tuple(each for each in context.order if each not in everyone) + everyone
    return Context(said, order, (*context.recent[-1:], frozenset(everyone)), context.columns)
