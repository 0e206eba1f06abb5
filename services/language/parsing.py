"""Parsing a question about backtests, in Korean, in English, or in both at once."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from services.language.continuing import continues, read_continuation
from services.language.detection import language_of
from services.language.following import following
from services.language.grammar import understand
from services.language.names import Mention, mentions
from services.language.question import Continuation, Question
from services.language.scanning import scan
from services.language.terms import Named
from services.language.window_reading import read_time

LONGEST: Final = 1_000
"""The most characters that are read: no question is longer."""


def parse(text: str, names: Mapping[str, str]) -> Question:
    """Return what a question asks.

    Args:
        text: the question.
        names: by their ids, the names of the strategies that it could mention.

    """
    text = unicodedata.normalize("NFKC", text[:LONGEST])
    found = mentions(text, names)
    question = _understood(text, found)
    unsure = [mention for mention in found if mention.is_metric]
    if unsure and (question.overall or question.criteria or question.thresholds or question.unknown):
        return question
    # "Which has the highest alpha?" is about the metric, even if a strategy is called Alpha.
    return _understood(text, [each for each in found if not each.is_metric]) if unsure else question


def parse_all(texts: Sequence[str], names: Mapping[str, str]) -> Question:
    """Return what the last of some questions asks, at least one; each may continue the one before."""
    first, *others = texts
    question = parse(first, names)
    for text in others:
        question = following(parse(text, names), question, goes_on=continues(text))
    return question


def _understood(text: str, found: list[Mention]) -> Question:
    time = read_time(text, [(each.start, each.end) for each in found])
    continuation = None if found else read_continuation(time.left)
    text = " " * len(text) if continuation == Continuation("opposite") else time.left
    question = replace(
        _of_the_rest(text, found),
        window=next(iter(time.windows), None),
        months=time.months,
        continuation=continuation,
    )
    if len(time.windows) > 1:
        return replace(question, beyond="windows")
    unknown = time.is_unknown or time.months
    return replace(question, beyond="period") if unknown and not question.beyond else question


def _of_the_rest(text: str, found: list[Mention]) -> Question:
    tokens = scan(text, [(each.start, each.end, Named(each.ids)) for each in found])
    rest = text
    for each in reversed(found):
        rest = rest[: each.start] + rest[each.end :]
    return understand(tokens, korean=language_of(rest or text) == "ko")
