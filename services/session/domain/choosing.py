"""Which strategies and types a message asks to be run: the proposals before its settings are applied."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, get_args

from backchat_contracts import (
    InstrumentView,
    Language,
    MentionedStrategy,
    NearMention,
    StrategyMentions,
    StrategyTypeView,
)
from services.language.commands import Command
from services.language.phrases import compiled, one_of
from services.language.vocabulary import commands as words
from services.session.domain.naming import Reading, possible_symbols
from services.session.domain.proposals import Proposal, new_name, proposal_of, set_as
from services.session.domain.wording import AMBIGUOUS_TYPE, UnclearError

_TWO: Final = 2
_ALL: Final = compiled(one_of(words.ALL))
_SAME: Final = compiled(one_of(words.SAME))
_JOINING: Final = compiled(r"(?:와|과|랑|하고|및)\s|\band\b|&|,|둘\s*다|\bboth\b")


@dataclass(frozen=True, slots=True)
class Known:
    """What there is: all types, the instruments among those asked for, the strategies mentioned."""

    types: Sequence[StrategyTypeView] = ()
    instruments: Mapping[str, InstrumentView] = field(default_factory=dict)
    mentions: StrategyMentions = field(default_factory=lambda: StrategyMentions(data=()))

    @property
    def kinds(self) -> Mapping[str, StrategyTypeView]:
        """The types by their names."""
        return {each.type: each for each in self.types}


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is to be run.

    Attributes:
        proposals: the backtests, before settings are applied.
        assumed: no word names them, they are what the conversation is about.
        read: the names that are not written in full, each with the strategy that it was read as.

    """

    proposals: Sequence[Proposal]
    assumed: bool = False
    read: tuple[NearMention, ...] = ()


def chosen(
    command: Command, reading: Reading, known: Known, current: Sequence[Proposal], language: Language
) -> Chosen:
    """Return what a message asks to be run, and take the words that name it out of it.

    Raises:
        UnclearError: a word names several types.

    """
    elsewhere = reading.take_places() or _ALL.search(command.rest) is not None
    named = _named(command, reading, known)
    read = _read(command, reading, known)
    named += [_again(each.strategy) for each in read if each.strategy]
    kinds = _kinds(reading, known, language)
    if command.kind == "change" and _names(named) <= _names(current):
        named = []  # what is proposed is named again
    open_ones = current if command.kind == "change" or not (kinds or elsewhere) else ()
    proposals = named or list(open_ones)
    assumed = [] if proposals else _assumed(command, kinds, reading, known)
    proposals = proposals or assumed
    if len(named) == _TWO and _SAME.search(command.rest):
        proposals = [set_as(*named)]
    new = [each for each in kinds if not any(base.config.get("type") == each.type for base in proposals)]
    if new:
        joined = named and _JOINING.search(command.rest)
        kept = proposals[0] if proposals and (named or open_ones) else None
        proposals = [*(proposals if joined else ()), *(_anew(kind, kept) for kind in new)]
    unnamed = command.kind == "run" and not (named or kinds)
    return Chosen(proposals or [Proposal({})], assumed=bool(assumed) or unnamed, read=read)


def _named(command: Command, reading: Reading, known: Known) -> list[Proposal]:
    """Return the strategies that are named; one that is called by what it runs is run anew, but "again"."""
    if known.mentions.in_context:
        return []
    there = {each.strategy_id: (each.name, _again(each)) for each in known.mentions.data}
    names = {
        key: name
        for key, (name, proposal) in there.items()
        if command.again or not is_named_by_symbols(proposal, known.kinds)
    }
    return [there[key][1] for key in reading.take_names(names)]


def _read(command: Command, reading: Reading, known: Known) -> tuple[NearMention, ...]:
    """Take names out that are clear but not written in full: no symbols and, but "again", no types."""
    clear = {
        each.written: each
        for each in known.mentions.near
        if each.strategy and not any(symbol in known.instruments for symbol in possible_symbols(each.written))
        if command.again
        or not (_is_type(each.written, known) or is_named_by_symbols(_again(each.strategy), known.kinds))
    }
    taken = reading.take_names({written: written for written in clear})
    return tuple(clear[written] for written in dict.fromkeys(taken))


def _is_type(written: str, known: Known) -> bool:
    """Whether all of a text is what a type is called."""
    reading = Reading(written)
    return bool(reading.take_types(known.types)) and not reading.text.strip()


def _kinds(reading: Reading, known: Known, language: Language) -> list[StrategyTypeView]:
    types = reading.take_types(known.types)
    for each in types:
        if len(each) > 1:
            titles = ", ".join(f"'{kind.title.of(language)}'" for kind in each)
            raise UnclearError(AMBIGUOUS_TYPE.given(titles))
    return [kind for (kind,) in types]


def _names(proposals: Sequence[Proposal]) -> set[object]:
    return {each.config.get("name") for each in proposals}


def _again(mentioned: MentionedStrategy) -> Proposal:
    """Return the proposal to run a strategy as the backtest did that stands for it, or as it was saved."""
    if mentioned.config is None or mentioned.backtest_id is None:
        saved = {"symbols": list(mentioned.symbols)} if mentioned.symbols else {}
        return Proposal({"name": mentioned.name, **saved})
    return proposal_of(mentioned.name, mentioned.config, mentioned.backtest_id)


def _anew(kind: StrategyTypeView, base: Proposal | None) -> Proposal:
    """Return the proposal to run a type with its defaults, else set as another one is."""
    replaced = {"name", "type", "parameters"}
    kept = {key: value for key, value in base.config.items() if key not in replaced} if base else {}
    return Proposal({**kept, "type": kind.type, "parameters": {}}, is_new=True)


def _assumed(
    command: Command, kinds: Sequence[StrategyTypeView], reading: Reading, known: Known
) -> list[Proposal]:
    """Return the strategies of the conversation that are run again, where a message names none."""
    if not known.mentions.in_context:
        return []
    if not kinds:
        return [_again(each) for each in known.mentions.data]
    types = {each.type for each in kinds}
    alike = [each for each in known.mentions.data if each.config and each.config.type in types]
    symbols = any(each in known.instruments for each in possible_symbols(reading.text))
    return [_again(each) for each in alike] if command.again or not symbols else []


def is_named_by_symbols(base: Proposal, kinds: Mapping[str, StrategyTypeView]) -> bool:
    """Whether a strategy has the name that a new one gets: run on other symbols it is another one."""
    kind, symbols = kinds.get(base.config.get("type", "")), tuple(base.config.get("symbols", ()))
    languages: tuple[Language, ...] = get_args(Language)
    return kind is not None and base.config.get("name") in {
        new_name(kind, symbols, each) for each in languages
    }
