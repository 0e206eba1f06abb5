"""Minds: they decide how a turn goes on. The computed one needs no language model."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import asdict, replace
from typing import Final

import structlog

from backchat_contracts import BacktestView, ComparisonView, Language, StrategyFigures, Texts
from services.language.asked_language import asks_only_for_language
from services.language.claims import asks_whether
from services.language.continuing import is_thanks
from services.language.parsing import parse, parse_all
from services.language_model.errors import LlmError
from services.language_model.pieces import Finished, Restarted
from services.language_model.pieces import ToolCall as WantedCall
from services.session.acting import acted
from services.session.domain.last_run import with_last_run
from services.session.domain.model_use import ModelUse
from services.session.domain.not_run import of_what_has_not_run
from services.session.domain.referring import (
    Ids,
    beside_others,
    leaves_the_window,
    on_topic,
    question_of,
    speaks_of_several,
    speaks_of_two,
    tells_each,
)
from services.session.domain.session import LONGEST_ANSWER, Asked, Session
from services.session.domain.sets import About, about_a_set, narrows
from services.session.domain.spoken import Told
from services.session.domain.timing import in_period, period_of, spoken_of
from services.session.domain.tools import CANCEL, COMPARE, CompareArguments, compare_call
from services.session.domain.turn import Turn, call_id
from services.session.domain.wording import (
    CANCELLED,
    FIGURES_BEFORE,
    NO_FIGURES_YET,
    NONE_MET,
    WELCOME,
    WHICH_ONES,
    WHICH_TWO,
    WHOLE_PERIOD,
)
from services.session.model_tools import called, offered, proposed
from services.session.ports import Answer, Calls, Decision, Writer
from services.session.running import reminder
from services.session.steps import failure, replies_of, steps_of

log = structlog.get_logger()

HELP: Final[Mapping[Language, str]] = {
    "ko": "저장된 백테스트 결과로 답하고, 백테스트를 실행합니다. 예: '어떤 전략이 더 안정적인가요?', "
    "'그 전략의 최대 낙폭은?', '수익률이 가장 높은 전략은?', 'AAPL로 RSI 백테스트 돌려줘', "
    "'어떤 전략을 돌릴 수 있어?', 'AAPL 데이터 있어?', '최근 백테스트 보여줘'",
    "en": "I answer from stored backtest results, and run backtests. Try: 'Which strategy is steadier?', "
    "'What is its maximum drawdown?', 'Which one has the highest return?', 'Run an RSI backtest on AAPL', "
    "'Which strategies can I run?', 'Do you have prices of AAPL?', 'Show the recent backtests'",
}


class ComputedMind:
    """Answers from what the services compute: the same input gives the same words."""

    instant = True

    async def think(self, session: Session, turn: Turn, began: float) -> AsyncGenerator[Decision, None]:
        del began
        yield decided(session, turn)


class ModelMind:
    """Lets language models answer: from what the computed mind asks for, and what they ask for beyond it.

    What the computed mind does where a message asks for something to be done, it does here, too.
    """

    instant = False

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    async def think(
        self, session: Session, turn: Turn, began: float
    ) -> AsyncGenerator[str | Restarted | Decision, None]:
        computed = decided(session, turn)
        if _data(turn) is None or not isinstance(computed, Answer) or acted(session, turn):
            yield computed
            return
        texts: list[str] = []
        wanted: list[WantedCall] = []
        tools = offered(session, turn)
        async with aclosing(self._writer.write(session.history, turn, tools, began)) as pieces:
            async for piece in pieces:
                match piece:
                    case str():
                        texts.append(piece)
                        yield piece
                    case WantedCall():
                        wanted.append(piece)
                    case Restarted():
                        texts.clear()
                        wanted.clear()
                        yield piece
                    case Finished():
                        written = piece
        log.info("answer written by a language model", turn=turn.turn_id, **asdict(written))
        if wanted:
            yield replace(_called(session, turn, wanted, written), model_use=_use_of(written))
            return
        shown = proposed(session, turn)
        if shown.text:
            texts.append(f"\n{shown.text}")
            yield texts[-1]
        text = "".join(texts).strip()
        if not text or len(text) > LONGEST_ANSWER:
            raise LlmError(f"an answer of {len(text)} characters", taken=written.taken)
        about = _answer(session, turn, _last_data(turn))
        yield replace(about, text=text, model_use=_use_of(written), proposals=shown.proposals)


def decided(session: Session, turn: Turn) -> Decision:
    """Return how a turn goes on: the data that an answer needs is asked for, then told."""
    if action := acted(session, turn):
        return action
    asked = steps_of(turn, COMPARE)
    if not asked:
        number = call_id(session.session_id, turn.turn_id, len(turn.steps))
        message = with_last_run(turn.message, session.context)
        if period := in_period(message, session.context):
            return Calls([compare_call(number, *period)])
        about = _about(session, message)
        if isinstance(about, Texts):
            said = _with_reminder(about.of(turn.language), session, turn)
            return Answer(said, proposals=session.context.proposals)
        if about:
            return Calls(
                [compare_call(number, about.message, about.strategies, about.queries, without=about.without)]
            )
        return Calls([compare_call(number, *_question(session, message))])
    data = _data(turn)
    return _with_cancelled(session, turn, _answer(session, turn, data)) if data else failure(turn, asked[0])


def _question(session: Session, message: str) -> tuple[str, Ids, tuple[str, ...], str | None]:
    """Return what is asked, of which strategies, what it may continue, and which one beside all others."""
    asked = session.context.asked
    if asked and asks_only_for_language(message):
        return asked.queries[-1], asked.strategy_ids, asked.queries[:-1], None
    strategies, earlier = question_of(message, session.context)
    focus = beside_others(message, session.context)
    if focus and len(strategies or ()) == 1:
        strategies = None
    return message, strategies, earlier, focus


def _about(session: Session, message: str) -> About | Texts | None:
    """Return which strategies spoken of before a message goes on with, or why that can't be told."""
    if not_run := of_what_has_not_run(message, session):
        return NO_FIGURES_YET if not_run.compared else About(message, not_run.strategies)
    if _speaks_of_none(session, message):
        return NONE_MET
    answers = [Told(each.strategy_ids, each.focus) for each in session.history if each.strategy_ids]
    about = about_a_set(message, session.context, answers)
    return WHICH_ONES if about and about.unclear else about


def _speaks_of_none(session: Session, message: str) -> bool:
    """Tell whether a message is about those within a bound that none met: "of those, which is best?"."""
    asked = session.context.asked
    of_those = speaks_of_several(message) or narrows(message, parse(message, {}))
    if asked is None or not of_those or not parse_all(asked.queries, {}).thresholds:
        return False
    since = (each for each in reversed(session.history) if each.strategy_ids or each.role == "user")
    said = next((each for each in since if each.strategy_ids or each.content == asked.queries[-1]), None)
    return said is not None and not said.strategy_ids


def _with_cancelled(session: Session, turn: Turn, answer: Answer) -> Answer:
    """Return a computed answer with what a model has cancelled before it failed to answer."""
    names = {each.backtest_id: each.strategy_name for each in session.context.started}
    ids = [each.id for each in replies_of(turn, CANCEL, BacktestView)]
    said = [CANCELLED.given(names.get(each, each)).of(turn.language) for each in ids]
    return replace(answer, text="\n".join([*said, answer.text]), ended=tuple(ids)) if ids else answer


def _answer(session: Session, turn: Turn, data: ComparisonView) -> Answer:
    if said := _about_no_strategy(turn, data):
        return Answer(_with_reminder(said, session, turn), proposals=session.context.proposals)
    figures = [entry.strategy_id for entry in data.strategies_data if isinstance(entry, StrategyFigures)]
    focus = data.best_strategy_id or (figures[0] if len(figures) == 1 else None)
    of_settings = data.understood is not None and data.understood.beyond == "settings"
    only_listed = data.listed is not None and data.listed.matching == len(figures) == 1
    if focus is None and (data.listed or of_settings):  # no strategy is chosen
        focus = session.context.focus
    if named := steps_of(turn, COMPARE)[0].call.arguments.get("focus_strategy_id"):
        focus = named  # "is it the best?" is about it, whichever is
    if data.timing and data.timing.asked == "wins" and session.context.focus in figures and _named(data):
        focus = session.context.focus  # "in which years did it beat RSI?" is about it, too
    if (one := _said_of(turn, data)) and len(figures) > 1 and asks_whether(turn.message):
        focus = one  # "so A was the worst of them?" is about A, whichever was
    asked = _asked(session, turn, data)
    if asked and len(figures) > 1 and not of_settings and tells_each(asked):
        focus = None
    goes_on = bool(steps_of(turn, COMPARE)[0].call.arguments.get("context_queries"))
    ids = tuple(figures) if only_listed else _spoken_of(data, ranked=goes_on)
    summary = data.summary or ""
    if _has_left_the_window(session, turn, data):
        summary = f"{WHOLE_PERIOD.of(turn.language)}\n{summary}"
    not_run = of_what_has_not_run(turn.message, session)
    if not_run and ids == not_run.strategies:
        summary = f"{FIGURES_BEFORE.of(turn.language)}\n{summary}"
    text = _with_reminder(summary, session, turn)
    return Answer(text, ids, focus, proposals=session.context.proposals, asked=asked)


def _lacks_two(turn: Turn, data: ComparisonView) -> bool:
    """Tell whether a message speaks of two strategies that are not known: all would be answered."""
    read = data.understood
    known = read is None or read.named or read.unresolved or data.listed
    return not known and len(data.strategies_data) != 2 and speaks_of_two(turn.message)  # noqa: PLR2004


def _named(data: ComparisonView) -> tuple[str, ...]:
    return data.understood.named if data.understood else ()


def _about_no_strategy(turn: Turn, data: ComparisonView) -> str | None:
    """Return what is said to a message that asks of no strategy, or does not say of which."""
    if is_thanks(turn.message):
        return WELCOME.of(turn.language)
    if not _is_about_strategies(turn, data):
        return HELP[turn.language]
    return WHICH_TWO.of(turn.language) if _lacks_two(turn, data) else None


def _said_of(turn: Turn, data: ComparisonView) -> str | None:
    """Return the strategy of which a message says something: that spoken of, or the only one it names.

    Those that others are measured against are not: "does it beat A?".
    """
    wanted = CompareArguments.model_validate(steps_of(turn, COMPARE)[0].call.arguments)
    read, spoken = data.understood, wanted.context_strategy_ids or ()
    named = [each for each in read.named if each not in read.yardsticks] if read else []
    only = spoken if len(spoken) == 1 and spoken[0] in named else named
    return only[0] if len(only) == 1 else None


def _has_left_the_window(session: Session, turn: Turn, data: ComparisonView) -> bool:
    """Tell whether an answer is of all days, which was not asked for, after one that was of a window."""
    return bool(data.ranking) and not data.window and leaves_the_window(turn.message, session.context)


def _asked(session: Session, turn: Turn, data: ComparisonView) -> Asked | None:
    """Return what a comparison was asked, if it has answered: the question after it may continue it."""
    read = data.understood
    if not (
        data.ranking
        or data.timing
        or (read and (read.relation or read.overall or read.beyond in {"settings", "meaning"}))
    ):
        return None
    steps = (step for step in steps_of(turn, COMPARE) if step.outcome and step.outcome.reply is data)
    wanted = CompareArguments.model_validate(next(steps).call.arguments)
    # A window that was left is not found again by a later question.
    earlier = () if _has_left_the_window(session, turn, data) else wanted.context_queries
    period = period_of(data) or spoken_of(turn.message, session.context)
    return Asked(Asked(earlier).then(wanted.question), _asked_about(wanted, data), period)


def _asked_about(wanted: CompareArguments, data: ComparisonView) -> Ids:
    """Return the strategies that a question was about: those named, where these are several."""
    named, spoken = _named(data), _spoken_of(data)
    if wanted.excluded_strategy_ids or (len(named) > 1 and set(named) == set(spoken)):
        return spoken
    return wanted.context_strategy_ids


def _data(turn: Turn) -> ComparisonView | None:
    """Return the comparison that the computed answer is from."""
    return next(replies_of(turn, COMPARE, ComparisonView), None)


def _last_data(turn: Turn) -> ComparisonView:
    """Return the last comparison with figures, if one has any: a model may have asked for another."""
    first, *later = replies_of(turn, COMPARE, ComparisonView)
    return next((each for each in reversed(later) if _spoken_of(each)), first)


def _spoken_of(data: ComparisonView, *, ranked: bool = False) -> tuple[str, ...]:
    """Return the strategies of an answer in its order: "the second one" is that of a ranking of all.

    Those that are named are in that order, or also `ranked`. Of those within a bound, "which of them?" is
    about these alone.
    """
    read = data.understood
    named, bounded = (bool(read.named), bool(read.filters)) if read else (False, False)
    left_out = {each.strategy_id for each in data.excluded if bounded or each.code == "filter"}
    left_out |= set(read.excluded) if read else set()
    order = data.ranking[0].entries if data.ranking and (ranked or not named) else ()
    spoken = dict.fromkeys(
        (*(each.strategy_id for each in order), *(entry.strategy_id for entry in data.strategies_data))
    )
    return tuple(each for each in spoken if each not in left_out)


def _with_reminder(text: str, session: Session, turn: Turn) -> str:
    """Return an answer with what is still proposed: the next "yes" starts it."""
    said = reminder(session, turn)
    return f"{text}\n{said}" if said else text


def _is_about_strategies(turn: Turn, data: ComparisonView) -> bool:
    """Whether a message is about strategies: others are told what can be asked."""
    names = [name for entry in data.strategies_data for name in (entry.name, entry.strategy_id)]
    return data.metric is not None or _is_understood(data) or on_topic(turn.message, names)


def _is_understood(data: ComparisonView) -> bool:
    """Tell whether the answer speaks of what was asked where it ranks nothing."""
    read = data.understood
    if read is None:
        return False
    asked = (read.metrics, read.overall, read.filters, read.unknown, read.unresolved, read.read_as)
    return any((*asked, read.relation, read.beyond, read.window, data.timing))


def _called(session: Session, turn: Turn, wanted: Sequence[WantedCall], written: Finished) -> Calls:
    try:
        return called(session, turn, wanted)
    except LlmError as error:
        raise LlmError(str(error), taken=written.taken) from error


def _use_of(written: Finished) -> ModelUse:
    return ModelUse(
        provider=written.provider,
        model=written.model,
        input_tokens=written.usage.input_tokens,
        output_tokens=written.usage.output_tokens,
        cost=written.cost,
        seconds=round(written.seconds, 3),
        requests=written.requests,
    )
