"""Resolving the names of strategies in a text: in full, by numbers, by a word of several, or misspelt."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from backchat_contracts.findings import NearNames, ReadName
from services.language.buy_and_hold import buy_and_hold
from services.language.families import families, sharing_words
from services.language.finishing import unknown_words
from services.language.name_forms import key_of
from services.language.name_index import Names
from services.language.names import Mention, mentions
from services.language.near_index import MOST_FITTING
from services.language.near_names import Near, near_names
from services.language.numbered_names import numbered_names, unclear_in, without
from services.language.question import Question
from services.language.scanning import scan
from services.language.understanding import timing_in, understood
from services.language.unknown_names import name_beside_and, of_an_unknown, quoted_names
from services.language.window_reading import read_time


def resolved(text: str, names: Names, catalogue: Names) -> Question:
    """Return what a text asks, with the names in it resolved.

    Args:
        text: the question.
        names: those that it could mention.
        catalogue: those among which one has to be the only one that is near.

    """
    full = _mentioned(text, names)
    numbered = numbered_names(text, full, names)
    written, text = text, without(text, numbered)
    named = [*full, *(each.mention for each in numbered if each.mention)]
    found, question = _read(text, sorted(named, key=lambda each: each.start))
    near = _near_in(text, found, catalogue)
    clear = {each: mention for each in near if (mention := _clear(each, names))}
    if clear:
        kept = [each for each in found if all(other.is_free_of([each]) for other in clear)]
        question = understood(text, sorted((*kept, *clear.values()), key=lambda each: each.start))
    unclear = {
        text[each.start : each.end]: each.names(catalogue)
        for each in near
        if each not in clear and each.is_free_of(found)
    }
    unclear |= dict(unclear_in(written, numbered, names))
    if question.asks and not question.named:
        unclear |= dict.fromkeys(_quoted(text, [*found, *near]), ())
    if not (question.named or question.criteria or question.unresolved) and (name := _beside_and(text)):
        unclear |= {name: ()}
        question = replace(question, continuation=None, timing=None)
    question = of_an_unknown(_with_unresolved(question, unclear), text)
    read_as = dict.fromkeys(
        ReadName(written=text[each.start : each.end], name=names[mention.ids[0]])
        for each, mention in clear.items()
    )
    return replace(question, read_as=tuple(read_as), near=tuple(_hints(question, unclear, catalogue)))


def _beside_and(text: str) -> str | None:
    """Return the name that a text goes on with, if it means nothing else: "and Turtle?", "and B's?"."""
    name = name_beside_and(text)
    if name is None:
        return None
    read = understood(name, [])
    known = (read.asks, read.window, read.timing, read.continuation, read.months, read.settings, read.beyond)
    return None if any(known) or not (len(name) == 1 or unknown_words(scan(name, []))) else name


def _near_in(text: str, found: Sequence[Mention], names: Names) -> list[Near]:
    """Return what may be names of strategies outside of the words that ask for days, or else among them."""
    spans = [(each.start, each.end) for each in found]
    timed = timing_in(text, spans)
    if timed is None or timed.timing.part:
        return near_names(read_time(text, spans).left, found, names)
    dated = read_time(timed.dated, spans).left
    said = [each for each in unknown_words(scan(dated, [])) if each.isascii()]
    tries = (timed.rest_of(dated, spans), timed.rest_of(dated, spans, said), dated)
    return next((near for each in tries if (near := near_names(each, found, names))), [])


def _mentioned(text: str, names: Names) -> list[Mention]:
    """Return the strategies that a text names, one by one or by a word of their names."""
    found = mentions(text, names)
    more = (*buy_and_hold(text, found, names), *sharing_words(text, found, names))
    found = sorted([*found, *more], key=lambda each: each.start)
    together = list(families(text, found, names))
    if not together:
        return found
    free = [each for each in found if all(each.end <= it.start or it.end <= each.start for it in together)]
    return sorted([*free, *together], key=lambda each: each.start)


def _read(text: str, found: list[Mention]) -> tuple[list[Mention], Question]:
    """Read a text with names that are written in full; return those that are no metrics."""
    question = understood(text, found)
    sure = [each for each in found if not each.is_metric]
    if len(sure) == len(found) or any(
        (question.overall, question.criteria, question.thresholds, question.unknown)
    ):
        return found, question
    # "Which has the highest alpha?" is about the metric, even if a strategy is called Alpha.
    return sure, understood(text, sure)


def _clear(near: Near, names: Mapping[str, str]) -> Mention | None:
    """Return the mention of a strategy, if only one name fits."""
    ids = tuple(each for each in near.fits[0] if each in names) if len(near.fits) == 1 else ()
    return Mention(near.start, near.end, ids, is_metric=False) if ids else None


def _with_unresolved(question: Question, written: Iterable[str]) -> Question:
    """Return a question with names that are of no strategy, which take their words from what is not known."""
    names = tuple(dict.fromkeys(each.lower() for each in written))

    def others(words: Iterable[str]) -> tuple[str, ...]:
        return tuple(word for word in words if not any(word in name or name in word for name in names))

    return replace(
        question,
        unresolved=(*others(question.unresolved), *names),
        unknown=others(question.unknown),
        unread=others(question.unread),
    )


def _quoted(text: str, taken: Sequence[Mention | Near]) -> Iterator[str]:
    """Yield the names in quotes, of which nothing else is known, neither as a metric nor as a question."""
    for start, end in quoted_names(text, [(each.start, each.end) for each in taken]):
        read = understood(text[start:end], [])
        if not (read.criteria or read.overall or read.window or read.thresholds):
            yield text[start:end]


def _hints(question: Question, unclear: Mapping[str, tuple[str, ...]], names: Names) -> Iterator[NearNames]:
    """Yield the names that may be meant by those that are of no strategy."""
    shown = {each.lower(): each for each in unclear}
    for unresolved in question.unresolved[:MOST_FITTING]:
        written = shown.get(unresolved, unresolved)
        near = unclear.get(written) or tuple(names[each] for each in names.near.nearest(written))
        others = tuple(each for each in dict.fromkeys(near) if key_of(each) != key_of(written))
        if others:
            yield NearNames(written=written, names=others)
