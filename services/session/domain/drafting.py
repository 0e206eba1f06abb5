"""From what a message asks to be run to the backtests that are proposed, given what there is."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from backchat_contracts import Language, NearMention, StrategyTypeView, Texts
from services.language.commands import Command
from services.language.phrases import compiled, one_of
from services.language.vocabulary import commands as words
from services.session.domain.applying import applied, placed, settings_of
from services.session.domain.choosing import Chosen, Known, chosen, is_named_by_symbols
from services.session.domain.naming import CODE, Reading, Symbols
from services.session.domain.proposals import MOST_PROPOSED, Proposal, new_name
from services.session.domain.wording import NO_SUCH_SYMBOLS, TOO_MANY_RUNS, UNSUPPORTED, UnclearError

_UNSUPPORTED: Final = compiled(one_of(words.UNSUPPORTED))
_EACH: Final = compiled(one_of(words.EACH))
_SAME_PERIOD: Final = compiled(one_of(words.SAME_PERIOD))


@dataclass(frozen=True, slots=True)
class Draft:
    """The backtests that a message asks for.

    Attributes:
        proposals: they, as far as they are known.
        unread: words that mean nothing here.
        read: the names that are not written in full, each with the strategy that it was read as.
        problem: why there is none, and what would be right.

    """

    proposals: tuple[Proposal, ...] = ()
    unread: tuple[str, ...] = ()
    read: tuple[NearMention, ...] = ()
    problem: Texts | None = None


def draft(command: Command, known: Known, current: Sequence[Proposal], language: Language) -> Draft:
    """Return the backtests that a message asks for.

    Args:
        command: what it asks.
        known: what there is.
        current: the proposals that it may change.
        language: of the names of new strategies.

    """
    if found := _UNSUPPORTED.search(command.rest):
        return Draft(problem=UNSUPPORTED.given(found.group()))
    try:
        reading = Reading(command.rest)
        return _set(command, chosen(command, reading, known, current, language), reading, known, language)
    except UnclearError as error:
        return Draft(problem=error.texts)


def _set(command: Command, what: Chosen, reading: Reading, known: Known, language: Language) -> Draft:
    """Return the proposals with what the rest of the message says of them."""
    first = what.proposals[0]
    kinds = {each.config.get("type"): known.kinds.get(each.config.get("type", "")) for each in what.proposals}
    types = [kind for kind in kinds.values() if kind]
    parameters = {name: value for kind in types for name, value in _parameters(kind, reading, known).items()}
    symbols = reading.take_symbols(known.instruments)
    settings = settings_of(command, first, reading)
    numbers = reading.take_numbers()
    unread = _unread(command, reading)
    if numbers and types and not unread:
        parameters |= placed(types, numbers, parameters, language)
    elif numbers:
        unread += [each for each, _ in numbers]
    if what.assumed and unread:  # they may name another one, which there is not
        return Draft((Proposal({}),), tuple(unread))
    groups = _groups(command, symbols)
    changed = [
        applied(_renamed(base, known), settings, parameters, group, _names_of(base, known))
        for base in what.proposals
        for group in groups
    ]
    proposals = [_named(each, known, language) for each in changed]
    if len(proposals) > MOST_PROPOSED:
        raise UnclearError(TOO_MANY_RUNS.given(MOST_PROPOSED))
    return Draft(tuple(proposals), tuple(unread), what.read)


def _names_of(proposal: Proposal, known: Known) -> Collection[str]:
    """Return the names of the parameters that a proposal's type has."""
    kind = known.kinds.get(proposal.config.get("type", ""))
    return kind.parameters["properties"] if kind else ()


def _parameters(kind: StrategyTypeView, reading: Reading, known: Known) -> dict[str, Any]:
    parameters = reading.take_parameters(kind)
    if "weights" in kind.parameters["properties"] and (weights := reading.take_weights(known.instruments)):
        parameters["weights"] = weights
    return parameters


def _unread(command: Command, reading: Reading) -> list[str]:
    """Return the words that are left. Raises UnclearError where one is written as a symbol is."""
    left = reading.left()
    if absent := [each for each in left if CODE.fullmatch(each)]:
        raise UnclearError(NO_SUCH_SYMBOLS.given(", ".join(absent)))
    period = _SAME_PERIOD.search(command.rest)  # of which, is not known
    return [each.casefold() for each in left] + ([period.group()] if period else [])


def _groups(command: Command, symbols: Symbols) -> Sequence[Symbols]:
    """Return the symbols of each run: "AAPL and IBM, each" are two."""
    if _EACH.search(command.rest) and len(symbols.named) > 1:
        return [replace(symbols, named=(each,)) for each in symbols.named]
    return [symbols]


def _renamed(base: Proposal, known: Known) -> Proposal:
    """Return a proposal that gets another name on other symbols, where its name says what it runs."""
    return replace(base, is_new=True) if is_named_by_symbols(base, known.kinds) else base


def _named(proposal: Proposal, known: Known, language: Language) -> Proposal:
    """Return a proposal of a new strategy with a name, once it is known what it runs."""
    kind = known.kinds.get(proposal.config.get("type", ""))
    if not (proposal.is_new and kind and proposal.lacks is None):
        return proposal
    return proposal.changed(name=new_name(kind, tuple(proposal.config["symbols"]), language))
