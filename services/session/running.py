"""How the computed mind runs backtests: it looks up what there is, proposes, and starts what is confirmed."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from backchat_contracts import (
    BacktestAccepted,
    BacktestEstimate,
    InstrumentPage,
    StrategyMentions,
    StrategyTypes,
)
from services.language.commands import Command, read_wish
from services.language.name_wording import said_as_near, said_as_read
from services.session.chosen import ask_which, named_in_place
from services.session.domain import telling, wording
from services.session.domain.applying import in_the_last
from services.session.domain.choices import chooses_to_run, names_a_metric
from services.session.domain.choosing import Known
from services.session.domain.drafting import Draft, draft
from services.session.domain.naming import possible_symbols
from services.session.domain.proposals import Proposal, Started
from services.session.domain.reasons import reason
from services.session.domain.referring import run_again
from services.session.domain.session import Session
from services.session.domain.tools import (
    COMPARE,
    ESTIMATE,
    FIND_STRATEGIES,
    LIST_INSTRUMENTS,
    LIST_TYPES,
    MOST_LISTED,
)
from services.session.domain.turn import START, Step, Turn
from services.session.ports import Answer, Decision
from services.session.steps import calls, failure, replies_of, reply_of, steps_of, unanswered


def run(session: Session, turn: Turn, command: Command) -> Decision:
    """Propose the backtests that a message asks for, or start them where the session says so."""
    if not turn.steps:
        return _look_up(session, turn, command)
    if failed := unanswered(turn, FIND_STRATEGIES, LIST_TYPES, LIST_INSTRUMENTS):
        return failed
    chosen = named_in_place(session, turn, command)
    if chosen is not None and not isinstance(chosen, Command):
        return chosen
    wanted, known = chosen or command, _known(turn)
    found = draft(wanted, known, session.context.proposals, turn.language)
    assumed = known.mentions.in_context and not any(each.is_new for each in found.proposals)
    unnamed = _lacks_a_strategy(found) or (assumed and names_a_metric(command))
    if chosen is None and unnamed and chooses_to_run(command):
        return ask_which(session, turn, command)
    if chosen:  # it may not be the one that is meant
        found = replace(found, proposals=tuple(map(_guessed, found.proposals)))
    decision = _drafted(session, turn, wanted, found, known)
    if not isinstance(decision, Answer):
        return decision
    read = [
        said_as_read(each.written, each.strategy.name, turn.language) for each in found.read if each.strategy
    ]
    if chosen:
        names = (str(each.config.get("name")) for each in found.proposals)
        read = [said_as_read(command.rest, ", ".join(names), turn.language)]
    return replace(decision, text=" ".join([*read, decision.text]))


def _lacks_a_strategy(found: Draft) -> bool:
    return not found.problem and any(each.lacks == "strategy" for each in found.proposals)


def _drafted(session: Session, turn: Turn, command: Command, found: Draft, known: Known) -> Decision:
    """Have what is to be run estimated and shown, or ask for what is not known of it."""
    if said := _lacking(found, known, turn):
        return _kept(session, turn, found, said)
    if command.kind == "change" and found.unread and found.proposals == session.context.proposals:
        return _unchanged(session, turn, found)
    return _in_time(session, turn, found, known)


def _kept(session: Session, turn: Turn, found: Draft, said: Answer) -> Answer:
    """Return an answer with what is kept of a request that can't run as it is."""
    before = session.context.proposals
    if found.proposals and not any(each.lacks is None for each in before):
        return replace(said, proposals=found.proposals)
    if not before:
        return said
    # what was proposed before can still be run
    text = " ".join(filter(None, (said.text, reminder(session, turn))))
    return replace(said, text=text, proposals=before)


def wished(session: Session, turn: Turn) -> Decision | None:
    """Propose what a message names without asking for it, "RSI AAPL 10 bps", if it names nothing else.

    None: it is about something else.
    """
    wish = read_wish(turn.message)
    symbols = possible_symbols(wish.rest) if wish else ()
    if wish is None or not (symbols or wish.settings.of_money or wish.again):
        return None
    if not turn.steps:
        return _look_up(session, turn, wish)
    if steps_of(turn, COMPARE) or unanswered(turn, FIND_STRATEGIES, LIST_TYPES, LIST_INSTRUMENTS):
        return None
    known = _known(turn)
    found = draft(wish, known, (), turn.language)
    on_symbols = any(each in known.instruments for each in symbols)
    says_enough = on_symbols or wish.settings.of_money or wish.again
    lacking = any("type" not in each.config or not each.config.get("symbols") for each in found.proposals)
    if found.unread or lacking or not found.proposals or not says_enough:
        return None
    if said := _lacking(found, known, turn):
        return _kept(session, turn, found, said)
    return _in_time(session, turn, replace(found, proposals=tuple(map(_guessed, found.proposals))), known)


def _guessed(proposal: Proposal) -> Proposal:
    return replace(proposal, guessed=True)


def _known(turn: Turn) -> Known:
    """Return what was looked up."""
    pages = replies_of(turn, LIST_INSTRUMENTS, InstrumentPage)
    instruments = {each.symbol: each for page in pages for each in page.data}
    types = reply_of(turn, LIST_TYPES, StrategyTypes).data
    *_, mentions = replies_of(turn, FIND_STRATEGIES, StrategyMentions)
    return Known(types, instruments, mentions)


def _in_time(session: Session, turn: Turn, found: Draft, known: Known) -> Decision:
    """Find out when the periods of proposals end, if that follows from prices; then have them estimated."""
    proposals = found.proposals
    if any(each.months for each in proposals):
        symbols = dict.fromkeys(each for proposal in proposals for each in proposal.config["symbols"])
        wanted = list(batched(symbols, MOST_LISTED))
        asked = [step.call.arguments.get("symbols") for step in steps_of(turn, LIST_INSTRUMENTS)]
        if any(each not in asked for each in wanted):
            return calls(session, turn, *((LIST_INSTRUMENTS, {"symbols": each}) for each in wanted))
        proposals = tuple(in_the_last(each, known.instruments) for each in proposals)
    return _propose(session, turn, replace(found, proposals=proposals), known)


def batched(items: Iterable[str], size: int) -> Iterator[list[str]]:
    """Yield items in lists of at most this size."""
    left = iter(items)
    while batch := list(islice(left, size)):
        yield batch


def _look_up(session: Session, turn: Turn, command: Command) -> Decision:
    context = run_again(turn.message, session.context)
    mentioned = {"text": command.rest or turn.message, "context_strategy_ids": list(context)}
    symbols = possible_symbols(command.rest)
    asked: list[tuple[str, dict[str, Any]]] = [(FIND_STRATEGIES, mentioned), (LIST_TYPES, {})]
    return calls(
        session,
        turn,
        *asked,
        *((LIST_INSTRUMENTS, {"symbols": each}) for each in batched(symbols, MOST_LISTED)),
    )


def confirm(session: Session, turn: Turn) -> Decision:
    """Start what is proposed, if it was shown as it is; else show it first."""
    proposals = session.context.proposals
    if asked := next(filter(None, (what_is_missing(each, turn) for each in proposals)), None):
        return Answer(asked, proposals=proposals)
    if all(each.shown for each in proposals):
        return start(session, turn, proposals)
    return _propose(session, turn, Draft(proposals), Known())


def _propose(session: Session, turn: Turn, found: Draft, known: Known) -> Decision:
    """Have proposals estimated and show them; start them where the session says so and all is understood."""
    proposals, unread = found.proposals, found.unread
    steps = steps_of(turn, ESTIMATE)
    if not steps:
        return calls(
            session, turn, *((ESTIMATE, {"strategy_config": dict(each.config)}) for each in proposals)
        )
    estimates: list[BacktestEstimate] = []
    for proposal, step in zip(proposals, steps, strict=True):
        outcome = step.outcome
        if outcome is None or not isinstance(outcome.reply, BacktestEstimate):
            return _impossible(turn, proposals, proposal, step)
        estimates.append(outcome.reply)
    shown = tuple(each.as_shown(of) for each, of in zip(proposals, estimates, strict=True))
    if session.auto_run and not (unread or found.read) and not any(each.guessed for each in shown):
        return start(session, turn, shown)
    bases = {each.backtest_id: each.config for each in known.mentions.data}
    before = [bases.get(each.base_id) for each in proposals]
    text = telling.proposed(estimates, before, known.types, unread, turn.language)
    again = {each.base_id for each in proposals}
    about = tuple(each.strategy_id for each in known.mentions.data if each.backtest_id in again)
    return Answer(text, about, about[0] if len(about) == 1 else None, proposals=shown)


def _unchanged(session: Session, turn: Turn, found: Draft) -> Decision:
    """Say that a message has changed nothing of what is proposed, and what that is."""
    proposals = session.context.proposals
    words = found.unread or (turn.message,)
    quoted = ", ".join(f"'{each}'" for each in words)
    said = " ".join(
        [wording.UNCHANGED.given(quoted).of(turn.language), *telling.how_to_write(words, turn.language)]
    )
    return Answer(f"{said} {reminder(session, turn)}", proposals=proposals)


def reminder(session: Session, turn: Turn) -> str:
    """Return what is still proposed; nothing where nothing is."""
    proposals = session.context.proposals
    if any(each.lacks for each in proposals):
        return ""
    names = [f"'{each.config.get('name') or each.config.get('type')}'" for each in proposals]
    return wording.STILL_PROPOSED.given(", ".join(names)).of(turn.language) if names else ""


def start(session: Session, turn: Turn, proposals: Sequence[Proposal]) -> Decision:
    """Start backtests, and tell that they were started."""
    steps = steps_of(turn, START)
    if not steps:
        configs = (dict(each.shown or each.config) for each in proposals)
        return calls(session, turn, *((START, {"strategy_config": each}) for each in configs))
    begun: list[Started] = []
    texts: list[str] = []
    names: list[tuple[str, str]] = []
    ids: list[str] = []
    for proposal, step in zip(proposals, steps, strict=True):
        outcome = step.outcome
        if outcome and isinstance(outcome.reply, BacktestAccepted):
            accepted = outcome.reply
            names.append((accepted.strategy_name, accepted.backtest_id))
            ids.append(accepted.strategy_id)
            begun.append(
                Started(accepted.backtest_id, accepted.strategy_name, turn.language, proposal.base_id)
            )
            continue
        name = str(proposal.config.get("name"))
        if outcome is None or outcome.code == "no-data":  # it may have been accepted all the same
            begun.append(Started(step.call.id, name, turn.language, proposal.base_id))
            texts.append(wording.NOT_KNOWN_YET.given(name, step.call.id).of(turn.language))
        else:
            texts.append(refusal(turn, proposal, step))
    said = [telling.started(names, turn.language)] if names else []
    before = [session.context.focus] if session.context.focus and len(ids) == 1 else []
    about = tuple(dict.fromkeys((*before, *ids)))
    return Answer(" ".join([*said, *texts]), about, ids[-1] if ids else None, started=tuple(begun))


def _lacking(found: Draft, known: Known, turn: Turn) -> Answer | None:
    """Return what is asked where it is not known what to run."""
    if found.problem:
        return Answer(found.problem.of(turn.language))
    if found.proposals[0].lacks == "strategy":
        names = ", ".join(each.title.of(turn.language) for each in known.types)
        if found.unread:
            said = [wording.NO_SUCH_STRATEGY.given(found.unread[0], names).of(turn.language)]
            near = (each for each in known.mentions.near if found.unread[0] in each.written.casefold())
            said += [said_as_near(each.names, turn.language) for each in near]
            return Answer(" ".join(said))
        return Answer(wording.WHICH_STRATEGY.given(names).of(turn.language))
    asked = next(filter(None, (what_is_missing(each, turn) for each in found.proposals)), None)
    return Answer(" ".join([*telling.not_understood(found.unread, turn.language), asked])) if asked else None


def what_is_missing(proposal: Proposal, turn: Turn) -> str | None:
    if proposal.lacks == "strategy":
        return wording.NOTHING_PROPOSED.of(turn.language)
    if proposal.question:
        return proposal.question[turn.language]
    if proposal.lacks == "symbols":
        name = proposal.config.get("name") or proposal.config["type"]
        return wording.WHICH_SYMBOLS.given(name).of(turn.language)
    return None


def _impossible(turn: Turn, proposals: Sequence[Proposal], proposal: Proposal, step: Step) -> Decision:
    """Say why a backtest can't run as it is proposed; the next message may change it."""
    outcome = step.outcome
    if outcome is None or outcome.code == "no-data":
        return failure(turn, step)
    return Answer(refusal(turn, proposal, step), proposals=tuple(proposals))


def refusal(turn: Turn, proposal: Proposal, step: Step) -> str:
    """Say why a backtest was refused that is proposed."""
    types = [each for page in replies_of(turn, LIST_TYPES, StrategyTypes) for each in page.data]
    why = reason(step.outcome, step.call.arguments["strategy_config"], types, turn.language)
    return wording.IMPOSSIBLE.given(proposal.config.get("name"), why).of(turn.language)
