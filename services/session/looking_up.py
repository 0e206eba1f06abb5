"""What the computed mind answers where a message asks what there is to run, or which backtests there are."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from backchat_contracts import (
    BacktestEstimate,
    BacktestPage,
    BacktestView,
    InstrumentPage,
    MentionedStrategy,
    StrategyMentions,
    StrategyTypes,
    StrategyTypeView,
)
from services.language.commands import read_command
from services.language.lookups import OF_RUNS, Kind, Lookup, read_lookup, reviews
from services.language.phrases import compiled, one_of
from services.language.vocabulary.commands import COMPANIES
from services.session.domain import listing, telling, wording
from services.session.domain.naming import CODE, Reading, possible_symbols
from services.session.domain.proposals import Proposal
from services.session.domain.referring import refers_to_one, run_again
from services.session.domain.session import Session
from services.session.domain.tools import (
    ESTIMATE,
    FIND_STRATEGIES,
    GET,
    LIST_BACKTESTS,
    LIST_INSTRUMENTS,
    LIST_TYPES,
)
from services.session.domain.turn import Turn
from services.session.ports import Answer, Decision
from services.session.running import refusal, what_is_missing
from services.session.steps import calls, failure, replies_of, reply_of, steps_of, unanswered

_ABOUT: Final = frozenset({"types", "symbols", "status"})
"""Kinds of commands that ask: what is asked here is looked for first."""
_OF_TYPES: Final = frozenset[Kind]({"prices", "describe", "parameters", "defaults"})
_LISTED: Final = 10
_COMPANY: Final = compiled(one_of(";".join(COMPANIES)))


def lookup_of(session: Session, message: str) -> Lookup | None:
    """Return what a message asks for; None: it is no such question, or asks for something to be done."""
    command, found = read_command(message), read_lookup(message)
    if command and command.kind not in _ABOUT:
        shows = command.kind == "run" and found and found.kind in OF_RUNS  # "show me the last backtests"
        return found if shows else None
    if command and found and found.kind in _OF_TYPES:
        return None
    proposals = session.context.proposals
    if proposals and command is None and reviews(message):
        return Lookup("review")
    if found and found.kind == "parameters" and session.context.focus and refers_to_one(message):
        return None  # how it was set is told with its figures
    if found and found.kind == "duration" and not proposals and session.context.started:
        return None  # of what was started it is told how it is going
    return found


def looked_up(session: Session, turn: Turn, lookup: Lookup) -> Decision | None:
    """Return how a turn goes on that looks something up; None: its message was about something else."""
    return _ACTIONS[lookup.kind](session, turn, lookup)


def _tell_prices(session: Session, turn: Turn, lookup: Lookup) -> Decision | None:
    """Tell of which days there are prices of the symbols that are named."""
    if not turn.steps:
        wanted = {"symbols": list(possible_symbols(lookup.rest))}
        named = {"text": lookup.rest, "context_strategy_ids": []}
        return calls(session, turn, (LIST_INSTRUMENTS, wanted), (LIST_TYPES, {}), (FIND_STRATEGIES, named))
    if failed := unanswered(turn, LIST_INSTRUMENTS, LIST_TYPES, FIND_STRATEGIES):
        return failed
    found = reply_of(turn, LIST_INSTRUMENTS, InstrumentPage).data
    reading = Reading(lookup.rest)
    reading.take_symbols({each.symbol: each for each in found})
    if not found and not lookup.sure:
        if kinds := _types_in(Reading(lookup.rest), reply_of(turn, LIST_TYPES, StrategyTypes).data):
            return Answer(_described(kinds, turn))
        if reply_of(turn, FIND_STRATEGIES, StrategyMentions).data:
            return None
    absent = [each for each in lookup.rest.split() if each in reading.text.split() and CODE.fullmatch(each)]
    there = {each.symbol for each in found}
    absent += [
        each.group()
        for each in _COMPANY.finditer(lookup.rest)
        if there.isdisjoint(possible_symbols(each.group()))
    ]
    if not found and not absent:
        return None
    said = [listing.days_of(found, turn.language)] if found else []
    if absent:
        said.append(wording.NO_SUCH_SYMBOLS.given(", ".join(absent)).of(turn.language))
    return Answer(" ".join(said))


def _tell_type(session: Session, turn: Turn, lookup: Lookup) -> Decision | None:
    """Tell what a strategy type does and takes, if the message names one, or a strategy of that type."""
    if not turn.steps:
        context = [] if lookup.rest else list(run_again(turn.message, session.context))
        named = {"text": lookup.rest or turn.message, "context_strategy_ids": context}
        return calls(session, turn, (LIST_TYPES, {}), (FIND_STRATEGIES, named))
    if failed := unanswered(turn, LIST_TYPES, FIND_STRATEGIES):
        return failed
    types = reply_of(turn, LIST_TYPES, StrategyTypes).data
    mentioned = reply_of(turn, FIND_STRATEGIES, StrategyMentions)
    of_results = lookup.kind == "parameters" or (lookup.kind == "describe" and not lookup.sure)
    if mentioned.data and of_results and not mentioned.in_context:
        return None  # its own figures and settings are asked for
    reading = Reading(lookup.rest)
    kinds = _types_in(reading, types) or _types_of(mentioned.data, types, reading)
    if kinds and not reading.left():
        return Answer(_described(kinds, turn))
    if lookup.kind == "defaults" and not reading.left():
        return Answer(listing.defaults(turn.language))
    return None


def _types_in(reading: Reading, types: tuple[StrategyTypeView, ...]) -> list[StrategyTypeView]:
    """Take the names of types out, and return the types."""
    return [kind for kinds in reading.take_types(types) for kind in kinds]


def _types_of(
    mentioned: tuple[MentionedStrategy, ...], types: tuple[StrategyTypeView, ...], reading: Reading
) -> list[StrategyTypeView]:
    """Return the types of strategies that are mentioned."""
    reading.take_names({each.strategy_id: each.name for each in mentioned})
    names = {each.config.type for each in mentioned if each.config}
    return [each for each in types if each.type in names]


def _described(kinds: list[StrategyTypeView], turn: Turn) -> str:
    return "\n".join(listing.described_type(each, turn.language) for each in kinds)


def _review(session: Session, turn: Turn, _lookup: Lookup) -> Decision:
    """Show again what is proposed."""
    proposals = session.context.proposals
    if asked := next(filter(None, (what_is_missing(each, turn) for each in proposals)), None):
        return Answer(asked, proposals=proposals)
    asked_for = ((ESTIMATE, {"strategy_config": dict(each.shown or each.config)}) for each in proposals)
    if not turn.steps:
        return calls(session, turn, (LIST_TYPES, {}), *asked_for)
    if refused := _refused(turn, proposals):
        return refused
    if failed := unanswered(turn, LIST_TYPES, ESTIMATE):
        return failed
    estimates = list(replies_of(turn, ESTIMATE, BacktestEstimate))
    types = reply_of(turn, LIST_TYPES, StrategyTypes).data
    text = telling.proposed(estimates, [None] * len(estimates), types, (), turn.language)
    shown = tuple(each.as_shown(of) for each, of in zip(proposals, estimates, strict=True))
    return Answer(text, proposals=shown)


def _refused(turn: Turn, proposals: tuple[Proposal, ...]) -> Decision | None:
    """Say how those are set that can't run, and why they can't; None: all can, or it is not known."""
    said = [
        f"{telling.costs_of(proposal.config, turn.language)} {refusal(turn, proposal, step)}"
        for proposal, step in zip(proposals, steps_of(turn, ESTIMATE), strict=True)
        if step.outcome and step.outcome.reply is None and step.outcome.code != "no-data"
    ]
    return Answer("\n".join(said), proposals=proposals) if said else None


def _tell_time(session: Session, turn: Turn, _lookup: Lookup) -> Decision:
    """Tell in how long what is proposed would be done."""
    proposals = session.context.proposals
    if not proposals or any(each.lacks for each in proposals):
        return Answer(wording.TIME_OF_WHAT.of(turn.language), proposals=proposals)
    if not turn.steps:
        asked_for = ((ESTIMATE, {"strategy_config": dict(each.shown or each.config)}) for each in proposals)
        return calls(session, turn, *asked_for)
    if refused := _refused(turn, proposals):
        return refused
    if failed := unanswered(turn, ESTIMATE):
        return failed
    estimates = list(replies_of(turn, ESTIMATE, BacktestEstimate))
    return Answer(listing.time_of(estimates, turn.language))


def _list_backtests(session: Session, turn: Turn, lookup: Lookup) -> Decision:
    """List backtests, the newest ones, of all conversations."""
    if not turn.steps:
        asked: list[dict[str, Any]] = [
            {"status": status, "own": lookup.own, "limit": _LISTED}
            for status in listing.statuses_of(lookup.kind)
        ]
        return calls(session, turn, *((LIST_BACKTESTS, each) for each in asked))
    if failed := unanswered(turn, LIST_BACKTESTS):
        return failed
    pages = list(replies_of(turn, LIST_BACKTESTS, BacktestPage))
    views = [view for page in pages for view in page.data]
    more = any(page.has_more for page in pages)
    return Answer(listing.backtests(lookup.kind, views, turn.language, own=lookup.own, more=more))


def _tell_settings(session: Session, turn: Turn, _lookup: Lookup) -> Decision:
    """Tell what the last backtest has run: of the conversation, or of all."""
    started = session.context.started
    if not turn.steps:
        last = (GET, {"backtest_id": started[-1].backtest_id}) if started else (LIST_BACKTESTS, {"limit": 1})
        return calls(session, turn, (LIST_TYPES, {}), last)
    if failed := unanswered(turn, LIST_TYPES, LIST_BACKTESTS):
        return failed
    pages = replies_of(turn, LIST_BACKTESTS, BacktestPage)
    views = [*replies_of(turn, GET, BacktestView), *(view for page in pages for view in page.data)]
    if not views and started:
        return failure(turn, steps_of(turn, GET)[0])
    if not views:
        return Answer(listing.backtests("runs", (), turn.language))
    view = views[0]
    titles = {
        each.type: each.title.of(turn.language) for each in reply_of(turn, LIST_TYPES, StrategyTypes).data
    }
    told = telling.described_run(listing.name_of(view), view.config, titles, None, turn.language)
    return Answer(f"{told}.", (view.strategy_id,), view.strategy_id)


_ACTIONS: Final[Mapping[Kind, Callable[[Session, Turn, Lookup], Decision | None]]] = {
    "prices": _tell_prices,
    "describe": _tell_type,
    "parameters": _tell_type,
    "defaults": _tell_type,
    "review": _review,
    "duration": _tell_time,
    "runs": _list_backtests,
    "running": _list_backtests,
    "failed": _list_backtests,
    "cancelled": _list_backtests,
    "completed": _list_backtests,
    "last": _tell_settings,
}
