"""What the computed mind does where a message asks for something to be done, and what it says of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from backchat_contracts import (
    UNDER_WAY,
    BacktestView,
    InstrumentPage,
    StrategyTypes,
    Texts,
)
from services.language.asked_language import asks_only_for_language
from services.language.commands import (
    Command,
    Kind,
    agrees,
    cancels,
    may_change,
    names_a_place,
    read_change,
    read_command,
    said_words,
)
from services.language.continuing import continues
from services.language.lookups import Lookup
from services.language.names import mentions
from services.language.parsing import parse
from services.language.phrases import compiled, one_of
from services.language.unsupported import index_in, unsupported_in
from services.language.vocabulary.commands import ALL, COMMISSION, LIKEWISE, SLIPPAGE
from services.session.domain import telling, wording
from services.session.domain.proposals import Proposal, Started
from services.session.domain.reasons import reason
from services.session.domain.session import Session
from services.session.domain.tools import (
    CANCEL,
    COMPARE,
    GET,
    LIST_INSTRUMENTS,
    LIST_TYPES,
)
from services.session.domain.turn import Turn
from services.session.domain.unsupported import no_index, not_supported
from services.session.looking_up import looked_up, lookup_of
from services.session.ports import Answer, Decision
from services.session.running import confirm, reminder, run, wished
from services.session.steps import calls, failure, reply_of, steps_of, unanswered

_ALL: Final = compiled(rf"{one_of(ALL)}|(?<![가-힣])다(?![가-힣])")
_LIKEWISE: Final = compiled(
    rf"{one_of(LIKEWISE)}|똑같은\s*거|\b(?:the\s+)?same(?=\s+(?:for|of|with)\b)|\b(?:likewise|ditto)\b"
)
MOST_WATCHED: Final = 3
"""Of how many backtests it is told how they are going, the last ones."""


def acted(session: Session, turn: Turn) -> Decision | None:
    """Return how a turn goes on that does something; None: its message asks for nothing to be done."""
    if turn.backtest_id:
        return _beside_proposals(session, turn, _tell_end(session, turn, turn.backtest_id))
    if asks_only_for_language(turn.message):
        return _in_another_language(session, turn)
    return _acted(session, turn)


def _acted(session: Session, turn: Turn) -> Decision | None:
    """Return how a turn goes on whose message asks for something to be done."""
    command = command_of(session, turn.message)
    runs = command is not None and command.kind in {"run", "change"}
    if not turn.steps and (found := unsupported_in(turn.message, runs=runs)):
        return _beside_proposals(session, turn, Answer(not_supported(*found, turn.language)))
    if not (turn.steps or runs) and (index := index_in(turn.message)):
        return _beside_proposals(session, turn, Answer(no_index(index, turn.language)))
    if not steps_of(turn, COMPARE) and (lookup := lookup_of(session, turn.message)):
        answer = looked_up(session, turn, lookup)
        if answer is None or lookup.kind == "review":
            return answer
        return _beside_proposals(session, turn, answer)
    if command is None:
        return None if _asks_on(session, turn.message) else wished(session, turn)
    decision = _ACTIONS[command.kind](session, turn, command)
    return decision if command.kind in _OF_PROPOSALS else _beside_proposals(session, turn, decision)


def _in_another_language(session: Session, turn: Turn) -> Decision | None:
    """Show what is proposed in the language asked for; None: what was answered is told in it again."""
    if session.context.proposals:
        return looked_up(session, turn, Lookup("review"))
    last = session.last_answer
    answered = last is not None and any(each.tool == COMPARE for each in last.tools)
    return None if answered and session.context.asked else _answer(turn, wording.IN_LANGUAGE)


def _beside_proposals(session: Session, turn: Turn, decision: Decision) -> Decision:
    """Return an answer that changes nothing of what is proposed, and says what still is."""
    if not isinstance(decision, Answer):
        return decision
    text = " ".join(filter(None, (decision.text, reminder(session, turn))))
    return replace(decision, text=text, proposals=session.context.proposals)


def command_of(session: Session, message: str) -> Command | None:
    """Return what a message asks to be done here: "yes" means nothing where nothing is proposed."""
    message = _with_cost_asked(session, message)
    proposals, command = session.context.proposals, read_command(message)
    if proposals and command is None and _has_just_asked(session) and agrees(message):
        return Command("yes")
    if proposals and (command is None or command.kind == "run"):
        return _of_proposals(proposals, command, message)
    return None if command and _is_out_of_place(session, command, message) else command


_COST: Final = compiled(rf"{one_of(SLIPPAGE)}|{one_of(COMMISSION)}")
_RATE: Final = compiled(r"(?<![\d.])\d+(?:\.\d+)?\s*(?:%|percent|pct|프로|퍼센트|bps?\b)")


def _with_cost_asked(session: Session, message: str) -> str:
    """Return a message with a rate as one of the cost just asked about: "2%로 올려서 다시 돌려봐"."""
    asked = session.context.asked
    if asked is None or session.context.proposals or _COST.search(message):
        return message
    said = {found.group().casefold() for found in _COST.finditer(asked.queries[-1])}
    rates = list(_RATE.finditer(message))
    if len(said) != 1 or len(rates) != 1:
        return message
    (cost,), (rate,) = said, rates
    named = f"{rate.group()} {cost}" if cost.isascii() else f"{cost} {rate.group()}"
    written = f"{message[: rate.start()]}{named}{message[rate.end() :]}"
    command = read_command(written)
    says_no_more = command is not None and not said_words(command.rest)
    return written if says_no_more else message


def _is_out_of_place(session: Session, command: Command, message: str) -> bool:
    """Whether there is nothing that a message can ask to be done, so that it is a question."""
    started = session.context.started
    match command.kind:
        case "run":
            return not command.settings.named and _asks_on(session, message)
        case "no":
            return not (session.context.proposals or started or cancels(message))
        case "before":
            return not (started and started[-1].base_id)
        case "cancel":
            return bool(said_words(command.rest)) and not _meant(command.rest, started)
    return False


def _asks_on(session: Session, message: str) -> bool:
    """Tell whether a message asks of another what was just asked: "same for SMA 50", "and of SMA 50"."""
    last = session.last_answer
    answered = last is not None and any(each.tool == COMPARE for each in last.tools)
    if not answered or session.context.proposals or session.context.asked is None:
        return False
    alike = _LIKEWISE.search(message) is not None
    return (alike or continues(message)) and read_command(_LIKEWISE.sub(" ", message)) is None


def _has_just_asked(session: Session) -> bool:
    """Tell whether the last answer has asked whether to run what is proposed."""
    last = session.last_answer
    return last is not None and last.content.endswith((wording.SAY_YES.ko, wording.SAY_YES.en))


def _of_proposals(proposals: Sequence[Proposal], command: Command | None, message: str) -> Command | None:
    """Return what a message asks while something is proposed: that may be changed, or run as it is."""
    if command and not command.supposed:
        says_nothing = command == Command("run", rest=command.rest) and not said_words(command.rest)
        return Command("yes") if says_nothing else command
    change = read_change(message)
    if names_a_place(message) and not _only_a_place(message):
        return replace(change, kind="run", again=True)
    symbols = {symbol for each in proposals for symbol in each.config.get("symbols", ())}
    return change if may_change(message, change, symbols) else None


def _only_a_place(message: str) -> bool:
    """Whether a message asks for a place among strategies, and for nothing to be done: "the second?"."""
    meant = parse(message, {}).continuation
    return meant is not None and meant.kind == "place" and message.rstrip().endswith("?")


def _confirm(session: Session, turn: Turn, _command: Command) -> Decision:
    if not session.context.proposals:
        return _answer(turn, wording.NOTHING_PROPOSED)
    return confirm(session, turn)


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
    chosen = _meant(command.rest, started) or (under_way or started)[-1:]
    steps = steps_of(turn, CANCEL)
    if not steps:
        return calls(session, turn, *((CANCEL, {"backtest_id": each.backtest_id}) for each in chosen))
    texts, cancelled = [], []
    for each, step in zip(chosen, steps, strict=True):
        if step.outcome and isinstance(step.outcome.reply, BacktestView):
            cancelled.append(each.backtest_id)
            texts.append(wording.CANCELLED.given(each.strategy_name).of(turn.language))
        else:
            why = reason(step.outcome, {}, (), turn.language)
            texts.append(wording.NOT_CANCELLED.given(each.strategy_name, why).of(turn.language))
    return Answer(" ".join(texts), ended=tuple(cancelled))


def _watch(session: Session, turn: Turn, _command: Command) -> Decision:
    """Tell how the backtests are going whose end was not told yet, else how the last one has ended."""
    started = session.context.started
    if not started:
        return _answer(turn, wording.NOTHING_STARTED)
    watched = [each for each in started if not each.ended][-MOST_WATCHED:] or started[-1:]
    steps = steps_of(turn, GET)
    if not steps:
        return calls(session, turn, *((GET, {"backtest_id": each.backtest_id}) for each in watched))
    views = [step.outcome.reply for step in steps if step.outcome]
    told = [
        telling.ended(each.strategy_name, view, None, turn.language)
        for each, view in zip(watched, views, strict=True)
        if isinstance(view, BacktestView)
    ]
    return Answer(" ".join(told)) if told else failure(turn, steps[0])


def _look_back(session: Session, turn: Turn, _command: Command) -> Decision:
    """Tell the figures of the last backtest beside those of the one before it."""
    last = session.context.started[-1]
    return _tell_end(session, turn, last.backtest_id)


def _tell_end(session: Session, turn: Turn, backtest_id: str) -> Decision:
    """Tell how a backtest ended that the conversation has started, beside the one that it repeats."""
    known = {each.backtest_id: each for each in session.context.started}
    base_id = known[backtest_id].base_id if backtest_id in known else None
    steps = steps_of(turn, GET)
    if not steps:
        ids = [backtest_id, *([base_id] if base_id else [])]
        return calls(session, turn, *((GET, {"backtest_id": each}) for each in ids))
    views = [step.outcome and step.outcome.reply for step in steps]
    view, base = views[0], views[1] if base_id else None
    if not isinstance(view, BacktestView):
        return failure(turn, steps[0])
    name = known[backtest_id].strategy_name if backtest_id in known else view.name
    text = telling.ended(name, view, base if isinstance(base, BacktestView) else None, turn.language)
    others = [each for each in session.context.strategy_ids if each != view.strategy_id]
    about = (*others[-1:], view.strategy_id) if view.status == "completed" else ()
    ended = () if view.status in UNDER_WAY else (backtest_id,)
    return Answer(text, about, view.strategy_id, ended=ended)


def _list_types(session: Session, turn: Turn, _command: Command) -> Decision:
    if not turn.steps:
        return calls(session, turn, (LIST_TYPES, {}))
    if failed := unanswered(turn, LIST_TYPES):
        return failed
    types = reply_of(turn, LIST_TYPES, StrategyTypes).data
    return Answer(telling.types_there(types, turn.language))


def _list_instruments(session: Session, turn: Turn, _command: Command) -> Decision:
    if not turn.steps:
        return calls(session, turn, (LIST_INSTRUMENTS, {}))
    if failed := unanswered(turn, LIST_INSTRUMENTS):
        return failed
    page = reply_of(turn, LIST_INSTRUMENTS, InstrumentPage)
    return Answer(telling.instruments_there(page, turn.language))


def _named(rest: str, started: Sequence[Started]) -> Sequence[Started]:
    """Return the backtests whose strategies a text names, of each the last one."""
    last = {each.strategy_name: each for each in started}
    found = mentions(rest, {f"\0{name}": name for name in last})
    return [last[key[1:]] for each in found for key in each.ids]


def _meant(rest: str, started: Sequence[Started]) -> Sequence[Started]:
    """Return the backtests that a text names; "all" are those whose end was not told yet."""
    if _ALL.search(rest) and not said_words(_ALL.sub(" ", rest)):
        return [each for each in started if not each.ended]
    return _named(rest, started)


def _answer(turn: Turn, text: Texts) -> Answer:
    return Answer(text.of(turn.language))


_OF_PROPOSALS: Final[frozenset[Kind]] = frozenset({"run", "change", "yes", "no"})
_ACTIONS: Final[Mapping[Kind, Callable[[Session, Turn, Command], Decision]]] = {
    "run": run,
    "change": run,
    "yes": _confirm,
    "no": _refrain,
    "cancel": _cancel,
    "before": _look_back,
    "status": _watch,
    "types": _list_types,
    "symbols": _list_instruments,
}
