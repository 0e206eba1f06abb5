"""Where a sentence mentions strategies, and what its mentions leave to later sentences."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from services.grounding.facts import Facts
from services.grounding.marks import FIGURE, FILL, NAME
from services.grounding.names import names_in
from services.grounding.reading import Reading
from services.grounding.rendering import visible
from services.grounding.vocabulary import relations as words

UNNAMED: Final = ""
"""The benchmark, where it has no name."""


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
    others = tuple(each for each in facts.names if each not in context.subjects)
    for pattern, names in ((words.BENCHMARK, (facts.benchmark or UNNAMED,)), (words.OTHER, others)):
        text = _stand_in(text, pattern, names, found)
    here = [name for each in sorted(found, key=lambda each: each.start) for name in each.names[:1]]
    order = here if len(set(here)) > 1 else context.order
    for pattern, at in ((words.FORMER, slice(-2, -1)), (words.LATTER, slice(-1, None))):
        text = _stand_in(text, pattern, tuple(order[at]), found)
    return text, list(_grouped(text, sorted(found, key=lambda each: each.start)))


def _stand_in(text: str, pattern: re.Pattern[str], names: tuple[str, ...], found: list[Mention]) -> str:
    """Add the words that stand for names to the mentions found, and return the text with marks for them."""
    for each in pattern.finditer(text) if names else ():
        found.append(Mention(each.start(), each.end(), names))
        fill = NAME + FILL * (len(each[0]) - 1)
        text = text[: each.start()] + fill + text[each.end() :]
    return text


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


def _columns(text: str, mentions: Sequence[Mention], context: Context) -> tuple[str | None, ...]:
    """Return the heads of the columns of the table that a line is in: names, each in a cell of its own."""
    if "|" not in text:
        return ()
    heads: list[str | None] = [None] * (text.count("|") + 1)
    for each in mentions:
        heads[text.count("|", 0, each.start)] = each.names[0]
    named = sum(head is not None for head in heads)
    return tuple(heads) if named > 1 and FIGURE not in text else context.columns


def asked_about(message: str, facts: Facts) -> Context:
    """Return the context of an answer's first sentence: the names of the message that it answers."""
    names = tuple(dict.fromkeys(each.name for each in names_in(visible(message), facts) if each.owner))
    return Context(names, names, (frozenset(names),) if names else ())


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
