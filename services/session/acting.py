"""What the computed mind does where a message asks for something to be done, and what it says of it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeVar

from backchat_contracts import (
    BacktestAccepted,
    BacktestEstimate,
    BacktestView,
    Contract,
    InstrumentPage,
    StrategyMentions,
    StrategyTypes,
    StrategyTypeView,
    Texts,
)
from services.language.commands import Command, Kind, read_change, read_command
from services.language.names import mentions
from services.session.domain import telling, wording
from services.session.domain.drafting import Draft, Known, draft, in_the_last
from services.session.domain.naming import possible_symbols
from services.session.domain.proposals import Proposal, Started
from services.session.domain.referring import run_again
from services.session.domain.session import Session
from services.session.domain.tools import (
    CANCEL,
    ESTIMATE,
    FIND_STRATEGIES,
    GET,
    LIST_INSTRUMENTS,
    LIST_TYPES,
    START,
)
from services.session.domain.turn import Step, ToolCall, Turn, call_id
from services.session.ports import Answer, Calls, Decision, Failed

MOST_WATCHED: Final = 3
"""Of how many backtests it is told how they are going, the last ones."""

Reply = TypeVar("Reply", bound=Contract)


def acted(session: Session, turn: Turn) -> Decision | None:
    """Return how a turn goes on that does something; None: its message asks for nothing to be done."""
    if turn.backtest_id:
        return _hear(session, turn, turn.backtest_id)
    command = command_of(session, turn.message)
    if command is None:
        return None
    return _ACTIONS[command.kind](session, turn, command)


def command_of(session: Session, message: str) -> Command | None:
    """Return what a message asks to be done here: "yes" means nothing where nothing is proposed."""
    proposals, started = session.context.proposals, session.context.started
    command = read_command(message)
    match command:
        case None if proposals:
            change = read_change(message)
            incomplete = any(each.lacks for each in proposals)
            return change if change.settings.named or (incomplete and change.rest) else None
        case Command("status") if not started:
            return None
        case Command("no") if not (proposals or started):
            return None
        case Command("cancel") if command.rest and not _named(command.rest, started):
            return None
    return command


def _run(session: Session, turn: Turn, command: Command) -> Decision:
    """Propose the backtests that a message asks for, or start them where the session says so."""
    if not turn.steps:
        return _look_up(session, turn, command)
    if failed := _unanswered(turn, FIND_STRATEGIES, LIST_TYPES, LIST_INSTRUMENTS):
        return failed
    types = _reply(turn, LIST_TYPES, StrategyTypes).data
    instruments = {
        each.symbol: each for page in _replies(turn, LIST_INSTRUMENTS, InstrumentPage) for each in page.data
    }
    known = Known(types, instruments, _reply(turn, FIND_STRATEGIES, StrategyMentions))
    found = draft(command, known, session.context.proposals, turn.language)
    if said := _lacking(found, types, turn):
        return said
    proposals = found.proposals
    if found.months is not None:
        wanted = tuple(dict.fromkeys(each for proposal in proposals for each in proposal.config["symbols"]))
        if not any(
            step.call.arguments.get("symbols") == list(wanted) for step in _steps(turn, LIST_INSTRUMENTS)
        ):
            return _calls(session, turn, (LIST_INSTRUMENTS, {"symbols": list(wanted)}))
        proposals = tuple(in_the_last(found.months, each, instruments) for each in proposals)
    if not _steps(turn, ESTIMATE):
        return _calls(
            session, turn, *((ESTIMATE, {"strategy_config": dict(each.config)}) for each in proposals)
        )
    return _propose(session, turn, proposals, found.unread, known)


def _look_up(session: Session, turn: Turn, command: Command) -> Decision:
    context = run_again(turn.message, session.context)
    mentioned = {"text": command.rest or turn.message, "context_strategy_ids": list(context)}
    symbols = possible_symbols(command.rest)
    asked = [(FIND_STRATEGIES, mentioned), (LIST_TYPES, {})]
    return _calls(
        session, turn, *asked, *([(LIST_INSTRUMENTS, {"symbols": list(symbols)})] if symbols else [])
    )


def _propose(
    session: Session, turn: Turn, proposals: Sequence[Proposal], unread: Sequence[str], known: Known
) -> Decision:
    estimates: list[BacktestEstimate] = []
    for proposal, step in zip(proposals, _steps(turn, ESTIMATE), strict=True):
        outcome = step.outcome
        if outcome is None or not isinstance(outcome.reply, BacktestEstimate):
            return _impossible(turn, str(proposal.config.get("name")), step)
        estimates.append(outcome.reply)
    if session.auto_run and not unread:
        return _start(session, turn, proposals)
    bases = {each.backtest_id: each.config for each in known.mentions.data}
    before = [bases.get(each.base_id) for each in proposals]
    text = telling.proposed(estimates, before, known.types, unread, turn.language)
    return Answer(text, proposals=tuple(proposals))


def _start(session: Session, turn: Turn, proposals: Sequence[Proposal]) -> Decision:
    """Start backtests, and tell that they were started."""
    steps = _steps(turn, START)
    if not steps:
        return _calls(session, turn, *((START, {"strategy_config": dict(each.config)}) for each in proposals))
    begun: list[Started] = []
    texts: list[str] = []
    names: list[tuple[str, str]] = []
    for proposal, step in zip(proposals, steps, strict=True):
        outcome = step.outcome
        if outcome and isinstance(outcome.reply, BacktestAccepted):
            accepted = outcome.reply
            names.append((accepted.strategy_name, accepted.backtest_id))
            begun.append(
                Started(accepted.backtest_id, accepted.strategy_name, turn.language, proposal.base_id)
            )
        else:
            texts.append(_refusal(turn, str(proposal.config.get("name")), step))
    said = [telling.started(names, turn.language)] if names else []
    return Answer(" ".join([*said, *texts]), started=tuple(begun))


def _confirm(session: Session, turn: Turn, _command: Command) -> Decision:
    proposals = session.context.proposals
    if not proposals:
        return _answer(turn, wording.NOTHING_PROPOSED)
    if lacking := _missing(proposals[0], turn):
        return Answer(lacking, proposals=proposals)
    return _start(session, turn, proposals)


def _refrain(session: Session, turn: Turn, command: Command) -> Decision:
    if session.context.proposals:
        return _answer(turn, wording.NOT_RUN)
    return _cancel(session, turn, command)


def _cancel(session: Session, turn: Turn, command: Command) -> Decision:
    """Cancel the backtests that a message names, else the last one that was started."""
    started = session.context.started
    if not started:
        return _answer(turn, wording.NOTHING_STARTED)
    under_way = [each for each in started if not each.ended]
    chosen = _named(command.rest, started) or (under_way or started)[-1:]
    steps = _steps(turn, CANCEL)
    if not steps:
        return _calls(session, turn, *((CANCEL, {"backtest_id": each.backtest_id}) for each in chosen))
    texts, cancelled = [], []
    for each, step in zip(chosen, steps, strict=True):
        if step.outcome and isinstance(step.outcome.reply, BacktestView):
            cancelled.append(each.backtest_id)
            texts.append(wording.CANCELLED.given(each.strategy_name).of(turn.language))
        else:
            detail = step.outcome.detail if step.outcome else ""
            texts.append(wording.NOT_CANCELLED.given(each.strategy_name, detail).of(turn.language))
    return Answer(" ".join(texts), ended=tuple(cancelled))


def _watch(session: Session, turn: Turn, _command: Command) -> Decision:
    """Tell how the backtests are going whose end was not told yet, else how the last one has ended."""
    started = session.context.started
    watched = [each for each in started if not each.ended][-MOST_WATCHED:] or started[-1:]
    steps = _steps(turn, GET)
    if not steps:
        return _calls(session, turn, *((GET, {"backtest_id": each.backtest_id}) for each in watched))
    views = [step.outcome.reply for step in steps if step.outcome]
    told = [
        telling.ended(each.strategy_name, view, None, turn.language)
        for each, view in zip(watched, views, strict=True)
        if isinstance(view, BacktestView)
    ]
    return Answer(" ".join(told)) if told else _failed(steps[0])


def _hear(session: Session, turn: Turn, backtest_id: str) -> Decision:
    """Tell how a backtest ended that the conversation has started, beside the one that it repeats."""
    known = {each.backtest_id: each for each in session.context.started}
    base_id = known[backtest_id].base_id if backtest_id in known else None
    steps = _steps(turn, GET)
    if not steps:
        ids = [backtest_id, *([base_id] if base_id else [])]
        return _calls(session, turn, *((GET, {"backtest_id": each}) for each in ids))
    views = [step.outcome and step.outcome.reply for step in steps]
    view, base = views[0], views[1] if base_id else None
    if not isinstance(view, BacktestView):
        return _failed(steps[0])
    name = known[backtest_id].strategy_name if backtest_id in known else view.name
    text = telling.ended(name, view, base if isinstance(base, BacktestView) else None, turn.language)
    about = (view.strategy_id,) if view.status == "completed" else ()
    return Answer(text, about, view.strategy_id, proposals=session.context.proposals, ended=(backtest_id,))


def _list_types(session: Session, turn: Turn, _command: Command) -> Decision:
    if not turn.steps:
        return _calls(session, turn, (LIST_TYPES, {}))
    if failed := _unanswered(turn, LIST_TYPES):
        return failed
    types = _reply(turn, LIST_TYPES, StrategyTypes).data
    return Answer(telling.types_there(types, turn.language), proposals=session.context.proposals)


def _list_instruments(session: Session, turn: Turn, _command: Command) -> Decision:
    if not turn.steps:
        return _calls(session, turn, (LIST_INSTRUMENTS, {}))
    if failed := _unanswered(turn, LIST_INSTRUMENTS):
        return failed
    page = _reply(turn, LIST_INSTRUMENTS, InstrumentPage)
    return Answer(telling.instruments_there(page, turn.language), proposals=session.context.proposals)


def _lacking(found: Draft, types: Sequence[StrategyTypeView], turn: Turn) -> Answer | None:
    """Return what is asked where it is not known what to run."""
    if found.problem:
        return _answer(turn, found.problem)
    if found.proposals[0].lacks == "strategy":
        names = ", ".join(each.title.of(turn.language) for each in types)
        if found.unread:
            return _answer(turn, wording.NO_SUCH_STRATEGY.given(found.unread[0], names))
        return Answer(wording.WHICH_STRATEGY.given(names).of(turn.language), proposals=found.proposals)
    missing = _missing(found.proposals[0], turn)
    return Answer(missing, proposals=found.proposals) if missing else None


def _missing(proposal: Proposal, turn: Turn) -> str | None:
    if proposal.lacks == "symbols":
        name = proposal.config.get("name") or proposal.config["type"]
        return wording.WHICH_SYMBOLS.given(name).of(turn.language)
    return None


def _named(rest: str, started: Sequence[Started]) -> Sequence[Started]:
    """Return the backtests whose strategies a text names, of each the last one."""
    last = {each.strategy_name: each for each in started}
    found = mentions(rest, {f"\0{name}": name for name in last})
    return [last[key[1:]] for each in found for key in each.ids]


def _answer(turn: Turn, text: Texts) -> Answer:
    return Answer(text.of(turn.language))


def _impossible(turn: Turn, name: str, step: Step) -> Decision:
    outcome = step.outcome
    if outcome is None or outcome.code == "no-data":
        return _failed(step)
    return Answer(_refusal(turn, name, step))


def _refusal(turn: Turn, name: str, step: Step) -> str:
    detail = step.outcome.detail if step.outcome else ""
    return wording.IMPOSSIBLE.given(name, detail).of(turn.language)


def _failed(step: Step) -> Failed:
    outcome = step.outcome
    return Failed(
        (outcome and outcome.code) or "no-data", (outcome and outcome.detail) or "there was no answer"
    )


def _unanswered(turn: Turn, *tools: str) -> Failed | None:
    """Return the failure of a turn one of whose calls of these tools got no answer."""
    steps = (step for step in turn.steps if step.call.tool in tools)
    return next((_failed(step) for step in steps if step.outcome is None or step.outcome.reply is None), None)


def _steps(turn: Turn, tool: str) -> list[Step]:
    return [step for step in turn.steps if step.call.tool == tool]


def _replies(turn: Turn, tool: str, kind: type[Reply]) -> Iterator[Reply]:
    for step in _steps(turn, tool):
        if step.outcome and isinstance(step.outcome.reply, kind):
            yield step.outcome.reply


def _reply(turn: Turn, tool: str, kind: type[Reply]) -> Reply:
    return next(_replies(turn, tool, kind))


def _calls(session: Session, turn: Turn, *asked: tuple[str, Mapping[str, Any]]) -> Calls:
    """Return calls of tools with arguments."""
    first = len(turn.steps)
    return Calls(
        [
            ToolCall(call_id(session.session_id, turn.turn_id, first + number), tool, arguments)
            for number, (tool, arguments) in enumerate(asked)
        ]
    )


_ACTIONS: Final[Mapping[Kind, Callable[[Session, Turn, Command], Decision]]] = {
    "run": _run,
    "change": _run,
    "yes": _confirm,
    "no": _refrain,
    "cancel": _cancel,
    "status": _watch,
    "types": _list_types,
    "symbols": _list_instruments,
}
