"""From what a message asks to be run to the backtests that are proposed, given what there is."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from typing import Any, Final

from backchat_contracts import Language, NearMention, StrategyTypeView, Texts
from services.language.commands import Command
from services.language.phrases import compiled, one_of
from services.language.run_settings import Settings
from services.language.variants import joined
from services.language.vocabulary import commands as words
from services.session.domain.applying import applied, placed_in_turn, settings_of
from services.session.domain.choosing import Chosen, Known, chosen, is_named_by_symbols
from services.session.domain.naming import CODE, Reading, Symbols, called
from services.session.domain.proposals import MOST_PROPOSED, Proposal, new_name, told_apart
from services.session.domain.wording import (
    NO_SUCH_SYMBOLS,
    NO_WEIGHTS,
    TOO_MANY_RUNS,
    UnclearError,
)

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
    drafts = [_drafted(each, known, current, language) for each in (command, *command.others)]
    if problem := next((each for each in drafts if each.problem), None):
        return problem
    proposals = told_apart([each for found in drafts for each in found.proposals], language)
    if len(proposals) > MOST_PROPOSED:
        return Draft(problem=TOO_MANY_RUNS.given(MOST_PROPOSED, len(proposals)))
    unread = dict.fromkeys(each for found in drafts for each in found.unread)
    periods = {(each.config.get("start_date"), each.config.get("end_date")) for each in proposals}
    is_same = len(proposals) > 1 == len(periods)
    left = (each for each in unread if not (is_same and _SAME_PERIOD.fullmatch(each)))
    read = {each.written: each for found in drafts for each in found.read}
    return Draft(proposals, tuple(left), tuple(read.values()))


def _drafted(command: Command, known: Known, current: Sequence[Proposal], language: Language) -> Draft:
    reading = Reading(command.rest)
    for each in command.settings.unclear_days:
        reading.text = reading.text.replace(each, " ")
    if len(current) > 1:
        current = _without(current, reading, known)
    try:
        what = chosen(command, reading, known, current, language)
    except UnclearError as error:
        return Draft(problem=error.texts)
    return _set(command, what, reading, known, language)


def _without(proposals: Sequence[Proposal], reading: Reading, known: Known) -> Sequence[Proposal]:
    """Return proposals without those that a message rules out by a value, a type or a name.

    All, where none would be left.
    """
    names = {f"{n}\0{word}": word for n, each in enumerate(proposals) for word in _words_for(each, known)}
    ruled_out = {int(key.split("\0")[0]) for key in reading.take_ruled_out(names)}
    numbers = set(reading.take_left_out())
    kept = [
        each for n, each in enumerate(proposals) if n not in ruled_out and numbers.isdisjoint(_values(each))
    ]
    return kept or proposals


def _words_for(proposal: Proposal, known: Known) -> Iterator[str]:
    """Yield what a proposal may be called."""
    yield str(proposal.config.get("name", ""))
    if kind := known.kinds.get(proposal.config.get("type", "")):
        yield from called(kind)


def _values(proposal: Proposal) -> set[float]:
    values = {**proposal.config, **proposal.config.get("parameters", {})}.values()
    return {each for each in values if isinstance(each, int | float)}


def _set(command: Command, what: Chosen, reading: Reading, known: Known, language: Language) -> Draft:
    """Return the proposals with what the rest of the message says of them.

    What is not clear is asked, and all else is kept for the answer.
    """
    unclear: list[UnclearError] = []
    kinds = {each.config.get("type"): known.kinds.get(each.config.get("type", "")) for each in what.proposals}
    types = [kind for kind in kinds.values() if kind]
    parameters: dict[str, Any] = {}
    for kind in types:
        with _noted(unclear):
            parameters |= _parameters(kind, reading, known, language)
    symbols = reading.take_symbols(known.instruments)
    settings = replace(command.settings, unclear_days=())
    with _noted(unclear):
        settings = replace(settings_of(command, what.proposals[0], reading), unclear_days=())
    numbers = reading.take_numbers()
    unread = list(command.settings.unclear_days)
    with _noted(unclear):
        unread += _unread(command, reading)
    options: list[dict[str, Any]] = [{}]
    if numbers and types and not unread:
        with _noted(unclear):
            written_as = joined(command.rest, [each for each, _ in numbers])
            options = placed_in_turn(types, numbers, parameters, language, written_as)
    elif numbers:
        unread += [each for each, _ in numbers]
    unnamed = what.assumed and unread  # they may name another one, which there is not
    given = _given(settings, parameters | options[0], symbols)
    changed = [
        _applied(each, settings, {**parameters, **option}, group, known, unclear).answered(given)
        for base in ((Proposal({}),) if unnamed else what.proposals)
        for each in [_renamed(base, known)]
        for group in _groups(command, symbols)
        for option in options
    ]
    proposals = tuple(_named(each, known, language) for each in changed)
    if unclear:
        problem = unclear[0]
        return Draft(
            tuple(each.asking(problem.texts, problem.fields) for each in proposals) if problem.fields else (),
            tuple(unread),
            what.read,
            problem.texts,
        )
    return Draft(proposals, tuple(unread), what.read)


@contextmanager
def _noted(unclear: list[UnclearError]) -> Iterator[None]:
    """Note what is not clear, and go on."""
    try:
        yield
    except UnclearError as error:
        unclear.append(error)


def _applied(
    base: Proposal,
    settings: Settings,
    parameters: Mapping[str, Any],
    symbols: Symbols,
    known: Known,
    unclear: list[UnclearError],
) -> Proposal:
    """Return a proposal with what was said of it, but for what is not clear."""
    try:
        return applied(base, settings, parameters, symbols, _names_of(base, known))
    except UnclearError as error:
        unclear.append(error)
        if not error.fields:
            return base
        left = replace(settings, **dict.fromkeys(error.fields))  # type: ignore[arg-type]
        return _applied(base, left, parameters, symbols, known, unclear)


def _given(settings: Settings, parameters: Mapping[str, Any], symbols: Symbols) -> set[str]:
    """Return the names of what a message gives."""
    names = {each.name for each in fields(settings) if getattr(settings, each.name)}
    return {*names, *parameters, *(["symbols"] if symbols != Symbols() else [])}


def _names_of(proposal: Proposal, known: Known) -> Collection[str]:
    """Return the names of the parameters that a proposal's type has."""
    kind = known.kinds.get(proposal.config.get("type", ""))
    return kind.parameters["properties"] if kind else ()


def _parameters(kind: StrategyTypeView, reading: Reading, known: Known, language: Language) -> dict[str, Any]:
    """Return the parameters that are named. Raises UnclearError for weights where the type has none."""
    parameters = reading.take_parameters(kind)
    if "weights" in kind.parameters["properties"]:
        if weights := reading.take_weights(known.instruments):
            parameters["weights"] = weights
    elif len(Reading(reading.text).take_weights(known.instruments, percent=True)) > 1:
        raise UnclearError(NO_WEIGHTS.given(kind.title.of(language)))
    return parameters


def _unread(command: Command, reading: Reading) -> list[str]:
    """Return the words that are left. Raises UnclearError where one is written as a symbol is."""
    left = reading.left()
    if absent := [each for each in left if CODE.fullmatch(each)]:
        raise UnclearError(NO_SUCH_SYMBOLS.given(", ".join(absent)), "symbols")
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
