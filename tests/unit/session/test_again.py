"""Messages that are answered again, and sessions that begin as another one."""

from dataclasses import replace

import pytest

from backchat_contracts import (
    ChatAnswered,
    ChatCancelRequested,
    ChatFailed,
    ChatRegenerateRequested,
    SessionCreated,
    SessionForkRequested,
    SessionQueried,
    SessionRenamed,
    SessionRenameRequested,
    SessionView,
)
from services.chassis.errors import RequestMismatchError
from services.session.domain.history import ToolUse, Unanswered
from services.session.domain.session import Context
from services.session.errors import (
    NotLastTurnError,
    SessionNotFoundError,
    TurnActedError,
    TurnInProgressError,
    TurnMayHaveActedError,
    TurnNotFoundError,
)
from tests.builders import delivery, figures, new_id
from tests.fakes import FakeWriter
from tests.unit.session.conversation import Conversation
from tests.unit.session.service import Service

pytestmark = pytest.mark.anyio

ASKED = "Which strategy is steadier?"
RUN = "run an RSI backtest on AAPL"


@pytest.fixture
async def conversation() -> Conversation:
    return await Conversation.open()


def regenerate(session_id: str, replaces: str, **given: object) -> ChatRegenerateRequested:
    fields = {"turn_id": new_id("turn"), "session_id": session_id, "replaces": replaces}
    return ChatRegenerateRequested.model_validate(fields | given)


def fork_requested(session_id: str, turn_id: str, **given: object) -> SessionForkRequested:
    fields = {"session_id": session_id, "turn_id": turn_id, "fork_id": new_id("session")}
    return SessionForkRequested.model_validate(fields | given)


async def view(service: Service, session_id: str) -> SessionView:
    came = delivery()
    await service.sessions.query(SessionQueried(session_id=session_id), came)
    (shown,) = service.answers_to(came)
    assert isinstance(shown, SessionView)
    return shown


async def test_the_last_message_is_answered_again_and_both_answers_stay_in_the_history() -> None:
    service, came, again = Service(), delivery(), delivery()
    session_id = await service.open()
    said = await service.say(session_id, ASKED)
    await service.bring(figures("Calm"), summary="first")
    request = regenerate(session_id, said.turn_id)
    await service.chat.answer_again(request, came)
    await service.bring(figures("Wild"), summary="second")
    await service.chat.answer_again(request, again)  # delivered again

    (answer,) = service.answers_to(came)
    assert service.answers_to(again) == [answer]
    assert isinstance(answer, ChatAnswered)
    assert (answer.turn_id, answer.answer) == (request.turn_id, "second")
    assert (answer.replaces, answer.message) == (said.turn_id, ASKED)
    shown = (await view(service, session_id)).conversation_history
    assert [(each.role, each.content, each.replaces) for each in shown] == [
        ("user", ASKED, None),
        ("assistant", "first", None),
        ("assistant", "second", said.turn_id),
    ]
    assert service.wanted().question == ASKED
    assert service.session(session_id).context == Context(("wild",), "wild")


async def test_an_answer_is_replaced_again_and_again() -> None:
    service = Service()
    session_id = await service.open()
    last = (await service.say(session_id, ASKED)).turn_id
    await service.bring(figures("Calm"))
    for number in range(3):
        request = regenerate(session_id, last)
        await service.chat.answer_again(request, delivery())
        await service.bring(figures("Calm"), summary=f"answer {number}")
        with pytest.raises(NotLastTurnError):
            await service.chat.answer_again(regenerate(session_id, last), delivery())
        last = request.turn_id
    assert service.session(session_id).history[-1].content == "answer 2"


async def test_what_the_conversation_was_about_before_is_what_it_is_about_again() -> None:
    service = Service()
    session_id = await service.open()
    await service.converse(session_id, ASKED, figures("Calm"), figures("Wild"), best_strategy_id="calm")
    said = await service.say(session_id, "and which of all is best?")
    await service.bring(figures("Other"))
    assert service.session(session_id).context.focus == "other"
    for _ in range(2):
        request = regenerate(session_id, said.turn_id)
        await service.chat.answer_again(request, delivery())
        await service.bring(figures("Other"))
        assert service.tools.calls[-1].arguments == service.tools.calls[-2].arguments
        said = said.model_copy(update={"turn_id": request.turn_id})

    follow_up = await service.say(session_id, "and its drawdown?")
    await service.bring(figures("Other"))
    assert service.wanted().context_strategy_ids == ("other",)
    await service.chat.answer_again(regenerate(session_id, follow_up.turn_id), delivery())
    await service.bring(figures("Other"))
    assert service.wanted().context_strategy_ids == ("other",)


async def test_a_language_model_is_not_told_what_was_replaced() -> None:
    writer = FakeWriter("Prose.")
    service = Service(writer)
    session_id = await service.open()
    said = await service.say(session_id, ASKED)
    await service.bring(figures("Calm"))
    request = regenerate(session_id, said.turn_id)
    await service.chat.answer_again(request, delivery())
    await service.bring(figures("Calm"))
    await service.converse(session_id, "and its drawdown?", figures("Calm"))

    told = [[(each.role, each.turn_id) for each in history] for history, _ in writer.asked]
    assert told[1] == [("user", said.turn_id)]
    assert told[2][:2] == [("user", said.turn_id), ("assistant", request.turn_id)]
    assert len(told[2]) == 3


async def test_what_was_proposed_before_is_proposed_again(conversation: Conversation) -> None:
    service, session_id = conversation.service, conversation.session_id
    await conversation.say(RUN)
    proposed = conversation.proposed
    await conversation.say("with 2 % slippage")
    changed, said = conversation.proposed, conversation.session.history[-1].turn_id
    assert changed != proposed
    await service.chat.answer_again(regenerate(session_id, said), delivery())
    await service.work(session_id)
    assert conversation.proposed == changed
    assert conversation.session.history[-1].content == conversation.session.history[-2].content


async def test_an_answer_from_before_contexts_were_kept_is_given_again_with_the_present_one(
    conversation: Conversation,
) -> None:
    service, session_id = conversation.service, conversation.session_id
    await conversation.say(RUN, "with 2 % slippage")
    document = service.store.memory.documents[session_id]
    document["session"] = replace(conversation.session, last=None, before=None)
    said, proposed = conversation.session.history[-1].turn_id, conversation.proposed
    await service.chat.answer_again(regenerate(session_id, said), delivery())
    await service.work(session_id)
    assert conversation.proposed == proposed
    assert conversation.session.history[-1].content == conversation.session.history[-2].content


@pytest.mark.parametrize("deeds", [[RUN, "yes"], [RUN, "yes", "cancel it"]])
async def test_what_was_started_or_cancelled_is_not_done_again(
    conversation: Conversation, deeds: list[str]
) -> None:
    await conversation.say(*deeds)
    last = conversation.session.history[-1].turn_id
    with pytest.raises(TurnActedError, match="not done again"):
        await conversation.service.chat.answer_again(regenerate(conversation.session_id, last), delivery())
    assert len(conversation.started) == 1


async def test_a_turn_that_could_do_nothing_is_answered_again(conversation: Conversation) -> None:
    service, session_id = conversation.service, conversation.session_id
    await conversation.say(RUN, "yes")
    await conversation.finish()
    await conversation.say("cancel it")  # it has ended: that is refused
    said = conversation.session.history[-1].turn_id
    await service.chat.answer_again(regenerate(session_id, said), delivery())
    await service.work(session_id)
    assert conversation.session.history[-1].replaces == said


async def test_a_message_without_an_answer_is_answered_again() -> None:
    service = Service()
    session_id = await service.open()
    said = await service.say(session_id, ASKED)
    await service.work(session_id)  # no data came
    for summary in (None, "at last"):
        assert (await view(service, session_id)).conversation_history[0].unanswered == "no-data"
        request = regenerate(session_id, said.turn_id)
        await service.chat.answer_again(request, delivery())
        if summary:
            service.give(figures("Calm"), summary=summary)
        await service.work(session_id)
    assert [each.content for each in service.session(session_id).history] == [ASKED, "at last"]
    assert all(each.unanswered is None for each in (await view(service, session_id)).conversation_history)


async def test_an_answer_again_that_fails_leaves_the_answer_before_as_it_is() -> None:
    service, came, again = Service(), delivery(), delivery()
    session_id = await service.open()
    said = await service.say(session_id, ASKED)
    await service.bring(figures("Calm"), summary="first")
    request = regenerate(session_id, said.turn_id)
    await service.chat.answer_again(request, came)
    await service.work(session_id)  # no data came
    await service.chat.answer_again(request, again)  # sent again with its key

    for each in (came, again):
        (failed,) = service.answers_to(each)
        assert isinstance(failed, ChatFailed)
    session = service.session(session_id)
    assert [each.content for each in session.history] == [ASKED, "first"]
    assert session.context == Context(("calm",), "calm")


async def test_an_answer_again_is_cancelled() -> None:
    service = Service()
    session_id = await service.open()
    said = await service.say(session_id, ASKED)
    await service.bring(figures("Calm"), summary="first")
    request = regenerate(session_id, said.turn_id)
    await service.chat.answer_again(request, delivery())
    for _ in range(2):
        cancel = ChatCancelRequested(session_id=session_id, turn_id=request.turn_id)
        await service.chat.cancel(cancel, delivery())
    session = service.session(session_id)
    assert (session.turn, session.history[-1].content) == (None, "first")


async def test_an_answer_again_that_was_cancelled_is_tried_again_and_not_forgotten() -> None:
    service, came = Service(), delivery()
    session_id = await service.open()
    said = await service.say(session_id, ASKED)
    await service.bring(figures("Calm"), summary="first")
    request = regenerate(session_id, said.turn_id)
    await service.chat.answer_again(request, delivery())
    cancel = ChatCancelRequested(session_id=session_id, turn_id=request.turn_id)
    await service.chat.cancel(cancel, delivery())

    again = regenerate(session_id, request.turn_id)
    for _ in range(2):
        await service.chat.answer_again(again, came)
    await service.bring(figures("Calm"), summary="second")
    last = service.session(session_id).history[-1]
    assert (last.turn_id, last.content, last.replaces) == (again.turn_id, "second", said.turn_id)

    await service.converse(session_id, "and its drawdown?", figures("Calm"))
    later = service.session(session_id).history[-1].turn_id
    with pytest.raises(NotLastTurnError, match=later):
        await service.chat.answer_again(regenerate(session_id, request.turn_id), delivery())
    repeated = delivery()
    await service.chat.answer_again(request, repeated)
    await service.chat.cancel(cancel, repeated)
    failed, _ = service.answers_to(repeated)
    assert isinstance(failed, ChatFailed)
    assert failed.code == "turn-cancelled"


async def test_of_a_message_that_was_cancelled_while_it_waited_it_is_known_that_nothing_was_done(
    conversation: Conversation,
) -> None:
    service, session_id = conversation.service, conversation.session_id
    running = await service.say(session_id, RUN)
    waiting = await service.say(session_id, "run RSI on IBM")
    for each in (waiting, running):
        await service.chat.cancel(
            ChatCancelRequested(session_id=session_id, turn_id=each.turn_id), delivery()
        )
    assert service.session(session_id).history[-1].turn_id == waiting.turn_id
    await service.chat.answer_again(regenerate(session_id, waiting.turn_id), delivery())
    await service.work(session_id)
    assert "IBM" in service.session(session_id).history[-1].content


@pytest.mark.parametrize(
    ("code", "error", "said"),
    [
        (None, TurnActedError, "has started or cancelled a backtest"),
        ("no-data", TurnMayHaveActedError, "not known whether"),
    ],
)
async def test_what_a_turn_without_an_answer_has_done_or_may_have_is_not_done_again(
    code: str | None, error: type[TurnActedError], said: str
) -> None:
    service = Service()
    session_id = await service.open()
    turn = await service.say(session_id, ASKED)
    await service.work(session_id)
    session = service.session(session_id)
    tools = (ToolUse("b-1", "start_backtest", 0.1, code),)
    service.store.memory.documents[session_id]["session"] = replace(
        session, unanswered=(Unanswered(turn.turn_id, "turn-cancelled", tools),)
    )
    with pytest.raises(TurnActedError, match=said) as refused:
        await service.chat.answer_again(regenerate(session_id, turn.turn_id), delivery())
    assert type(refused.value) is error


async def test_only_the_last_turn_is_answered_again_and_only_when_it_has_ended() -> None:
    service = Service()
    session_id = await service.open()
    first = await service.say(session_id, ASKED)
    request, came = regenerate(session_id, first.turn_id), delivery()
    with pytest.raises(TurnInProgressError):
        await service.chat.answer_again(request, came)
    await service.bring(figures("Calm"))
    with pytest.raises(TurnInProgressError):  # delivered again: what was refused stays refused
        await service.chat.answer_again(request, came)
    await service.converse(session_id, "and its drawdown?", figures("Calm"))

    with pytest.raises(NotLastTurnError, match="fork"):
        await service.chat.answer_again(regenerate(session_id, first.turn_id), delivery())
    with pytest.raises(TurnNotFoundError):
        await service.chat.answer_again(regenerate(session_id, "t-0"), delivery())
    with pytest.raises(SessionNotFoundError):
        await service.chat.answer_again(regenerate("s-0", "t-0"), delivery())


async def test_the_id_of_an_answer_again_is_of_one_request() -> None:
    service = Service()
    session_id = await service.open()
    said = await service.say(session_id, ASKED)
    await service.bring(figures("Calm"))
    request = regenerate(session_id, said.turn_id)
    await service.chat.answer_again(request, delivery())
    used = {"turn_id": said.turn_id}
    for other in ({"replaces": "t-0"}, used):
        with pytest.raises(RequestMismatchError):
            await service.chat.answer_again(request.model_copy(update=other), delivery())


async def test_a_fork_begins_as_the_other_one_up_to_before_a_turn() -> None:
    service, came = Service(), delivery()
    session_id = await service.open()
    await service.converse(session_id, ASKED, figures("Calm"), figures("Wild"), best_strategy_id="calm")
    turn = await service.say(session_id, "and the worst of all?")
    await service.bring(figures("Other"))
    before = service.session(session_id)
    request = fork_requested(session_id, turn.turn_id)
    await service.sessions.fork(request, came)

    (created,) = service.answers_to(came)
    assert isinstance(created, SessionCreated)
    assert created.forked_from is not None
    assert created.forked_from.model_dump() == {"session_id": session_id, "turn_id": turn.turn_id}
    fork = service.session(request.fork_id)
    assert fork.history == before.history[:2]
    assert (fork.user_id, fork.title) == (before.user_id, before.title)
    assert fork.context == Context(("calm", "wild"), "calm")
    assert service.session(session_id) == before
    shown = await view(service, request.fork_id)
    assert (shown.forked_from, shown.title) == (created.forked_from, ASKED)

    await service.say(request.fork_id, "and its drawdown?")
    await service.bring(figures("Calm"))
    assert service.wanted().context_strategy_ids == ("calm",)
    assert len(service.session(request.fork_id).history) == 4


async def test_a_fork_is_made_once() -> None:
    service, first, second = Service(), delivery(), delivery()
    session_id = await service.open()
    said = await service.say(session_id, ASKED)
    await service.bring(figures("Calm"))
    request = fork_requested(session_id, said.turn_id, title="Another way")
    for came in (first, second):
        await service.sessions.fork(request, came)
    assert service.answers_to(first) == service.answers_to(second)
    assert service.session(request.fork_id).title == "Another way"
    assert service.published().count("session.created") == 2
    for other in ({"turn_id": new_id("turn")}, {"title": "Other"}):
        with pytest.raises((RequestMismatchError, TurnNotFoundError)):
            await service.sessions.fork(request.model_copy(update=other), delivery())


async def test_a_fork_has_replaced_answers_but_is_not_about_them() -> None:
    service = Service()
    session_id = await service.open()
    said = await service.say(session_id, ASKED)
    await service.bring(figures("Calm"))
    again = regenerate(session_id, said.turn_id)
    await service.chat.answer_again(again, delivery())
    await service.bring(figures("Wild"))
    turn = await service.say(session_id, "and its drawdown?")
    await service.bring(figures("Wild"))

    after, before = fork_requested(session_id, turn.turn_id), fork_requested(session_id, again.turn_id)
    for request in (after, before):
        await service.sessions.fork(request, delivery())
    assert len(service.session(after.fork_id).history) == 3
    assert service.session(after.fork_id).context == Context(("wild",), "wild")
    assert service.session(before.fork_id).history == ()  # before the message that both answer
    assert service.session(before.fork_id).title is None
    await service.say(before.fork_id, "Which is wilder?")
    assert service.session(before.fork_id).title == "Which is wilder?"
    assert service.session(before.fork_id).context == Context()


async def test_nothing_is_proposed_or_started_in_a_fork(conversation: Conversation) -> None:
    service, session_id = conversation.service, conversation.session_id
    await conversation.say(RUN)
    yes = await service.say(session_id, "yes")
    await service.work(session_id)
    assert len(conversation.started) == 1
    request = fork_requested(session_id, yes.turn_id)
    await service.sessions.fork(request, delivery())
    fork = service.session(request.fork_id)
    assert (fork.context.proposals, fork.context.started) == ((), ())
    await service.say(request.fork_id, "yes")
    await service.work(request.fork_id)
    assert len(conversation.started) == 1


async def test_a_fork_is_of_a_turn_that_is_there() -> None:
    service = Service()
    session_id = await service.open()
    running = await service.say(session_id, ASKED)
    waiting = await service.say(session_id, "and its drawdown?")
    with pytest.raises(TurnNotFoundError):
        await service.sessions.fork(fork_requested(session_id, "t-0"), delivery())
    with pytest.raises(SessionNotFoundError):
        await service.sessions.fork(fork_requested("s-0", "t-0"), delivery())
    with pytest.raises(TurnInProgressError):
        await service.sessions.fork(fork_requested(session_id, waiting.turn_id), delivery())
    request = fork_requested(session_id, running.turn_id)
    await service.sessions.fork(request, delivery())
    assert service.session(request.fork_id).history == ()


async def test_a_session_has_the_title_of_its_first_message_until_it_is_renamed() -> None:
    service, came = Service(), delivery()
    session_id = await service.open()
    assert (await view(service, session_id)).title is None
    await service.converse(session_id, ASKED, figures("Calm"))
    await service.converse(session_id, "and its drawdown?", figures("Calm"))
    assert (await view(service, session_id)).title == ASKED
    request = SessionRenameRequested(session_id=session_id, title=" 안정적인 전략 ")
    for _ in range(2):
        await service.sessions.rename(request, came)

    assert service.answers_to(came) == 2 * [SessionRenamed(session_id=session_id, title="안정적인 전략")]
    assert service.published().count("session.renamed") == 1
    await service.say(session_id, "and now?")
    assert (await view(service, session_id)).title == "안정적인 전략"
    await service.bring(figures("Calm"))
    assert (await view(service, session_id)).title == "안정적인 전략"


async def test_a_session_that_was_renamed_before_its_first_message_keeps_that_title() -> None:
    service = Service()
    session_id = await service.open()
    await service.sessions.rename(SessionRenameRequested(session_id=session_id, title="Mine"), delivery())
    await service.converse(session_id, ASKED, figures("Calm"))
    assert service.session(session_id).title == "Mine"
    with pytest.raises(SessionNotFoundError):
        await service.sessions.rename(SessionRenameRequested(session_id="s-0", title="Mine"), delivery())
