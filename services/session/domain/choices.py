"""Strategies to run that a message chooses instead of naming them: "run the best one again in 2010"."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from backchat_contracts import ComparisonView
from services.language.commands import Command
from services.language.parsing import parse
from services.language.phrases import compiled
from services.language.scanning import scan
from services.language.terms import Mark, Number, Unknown, Word
from services.session.domain.proposals import MOST_PROPOSED

_SUPERLATIVE: Final = compiled(
    r"\b(?:best|worst|top|bottom|most|least|\w{3,}est|leader|winner|loser|last\s+place)\b"
    r"|제일|가장|젤|최고|최저|최대|최소|최악|꼴찌|꼴등|상위|하위|[0-9]+\s*[등위]|[일이삼]등|우승"
)
_BESIDE: Final = (Mark("filler"), Mark("and"), Mark("comma"))
_ORDINAL: Final = compiled(r"\b(?:second|third|fourth|fifth|[2-9](?:nd|rd|th))\b|[두세네]\s*번째")


def chooses_to_run(command: Command) -> bool:
    """Tell whether a message chooses what to run by what it is like, from an end of an order."""
    if command.kind != "run" or not (_SUPERLATIVE.search(command.rest) or _ORDINAL.search(command.rest)):
        return False
    question = parse(command.rest, {})
    ended = question.overall_end or any(each.end for each in question.criteria)
    return bool(ended) and not question.beyond


def names_a_metric(command: Command) -> bool:
    """Tell whether a choice says by which metric: "the top 2 by return", not "with top 2"."""
    return any(each.end for each in parse(command.rest, {}).criteria)


def of_the_chosen(command: Command, found: ComparisonView) -> Command | None:
    """Return a request with the names of those that were chosen in place of the choice; None: there are none.

    The words that were no part of the choice stay, such as symbols.
    """
    read = found.understood
    names = {each.strategy_id: each.name for each in found.strategies_data}
    ids = [found.best_strategy_id] if found.best_strategy_id else []
    if read and read.count and read.count > 1 and found.ranking:
        ids = [each.strategy_id for each in found.ranking[0].entries[: min(read.count, MOST_PROPOSED + 1)]]
    if not ids or any(key not in names for key in ids):
        return None
    kept = " ".join(_beside_the_choice(command.rest, read.count if read else None))
    others = tuple(filter(None, (of_the_chosen(each, found) for each in command.others)))
    return replace(command, rest=f"{', '.join(names[key] for key in ids)} {kept}", again=True, others=others)


def _beside_the_choice(rest: str, count: int | None) -> Iterator[str]:
    """Yield the words that are no part of a choice, such as symbols and parameters."""
    for token in scan(rest, ()):
        counts = isinstance(token.term, Number) and token.term.value == count
        kept = isinstance(token.term, Word | Unknown | Number) or token.term in _BESIDE
        if kept and not counts:
            yield token.text
