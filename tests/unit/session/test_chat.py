"""Turns whose answers are computed: stored, given their comparison, answered."""

from collections.abc import Iterator
from string import Formatter
from typing import Any

import pytest

from backchat_contracts import (
    ChatAnswered,
    ChatCancelRequested,
    ChatFailed,
    ChatStreamed,
    ChatToolCompleted,
    ChatToolStarted,
    ComparisonRequested,
    Contract,
    SessionEndRequested,
    TurnView,
)
from backchat_contracts.findings import Understood
from services.chassis.errors import StaleError
from services.chassis.jobs.rank import Due, number_of
from services.chassis.messaging.envelope import Origin
from services.language.detection import language_of
from services.session.domain.history import Message, ToolUse
from services.session.domain.session import MOST_BYTES, MOST_WAITING, Context
from services.session.domain.tools import TOOLS, Caller, CompareArguments
from services.session.domain.turn import Outcome, Turn
from services.session.errors import (
    ConversationError,
    ConversationFullError,
    SessionEndedError,
    SessionNotFoundError,
    TurnEndedError,
    TurnInProgressError,
    TurnNotFoundError,
)
from services.session.minds import HELP
from services.session.ports import TurnEnd
from services.session.views import view_session
from tests.builders import (
    chat_requested,
    delivery,
    figures,
    gap,
    new_id,
)
from tests.fakes import FakeSessions
from tests.unit.session.service import LEASE, Service

pytestmark = pytest.mark.anyio

ASKED = "Which strategy is steadier?"


async def test_a_turn_is_kept_and_held_from_its_beginning() -> None:
    service = Service()
    session_id = await service.open()
    request = await service.say(session_id, ASKED)

    session = service.session(session_id)
    assert session.history == (Message(request.turn_id, "user", ASKED, service.clock(), language="en"),)
    assert session.turn == Turn(request.turn_id, ASKED, "en")
    claim = service.held[session_id]
    assert (claim.state, claim.fence, claim.attempt) == (session, 1, 1)
    assert service.store.memory.documents[session_id]["rank"] == number_of(Due(service.clock() + LEASE))


async def test_a_turn_for_which_there_is_no_room_is_due_at_once() -> None:
    service = Service()
    service.room = False
    session_id = await service.open()
    await service.say(session_id, ASKED)

    assert service.held == {}
    assert service.store.memory.documents[session_id]["rank"] == number_of(Due(service.clock()))
    service.give(figures("Calm"))
    await service.work(session_id)
    assert service.session(session_id).history[-1].content == "Computed words."


async def test_a_comparison_is_asked_for_in_the_users_name() -> None:
    service = Service()
    session_id = await service.open()
    came = delivery()
    await service.chat.take_turn(chat_requested(session_id, ASKED), came)
    await service.bring(figures("Calm"))

    (call,), (caller,), (origin,) = service.tools.calls, service.tools.callers, service.tools.origins
    assert (call.tool, service.wanted()) == ("compare", CompareArguments(question=ASKED))
    assert caller == Caller(session_id, "kim", "en")
    # A reply to the call must not be taken for the answer to the message.
    assert origin == Origin(f"{came.origin.correlation_id}/{call.id}", came.origin.traceparent)
    request = TOOLS[call.tool].request(call, caller)
    assert request == ComparisonRequested(
        comparison_id=call.id, session_id=session_id, query=ASKED, language="en", summary="computed"
    )


async def test_the_answer_is_stored_published_and_replied() -> None:
    service = Service()
    session_id = await service.open()
    request, came = chat_requested(session_id, ASKED), delivery()
    await service.chat.take_turn(request, came)
    await service.bring(figures("Calm"), figures("Wild"), summary="Calm is steadier.")

    answer = ChatAnswered(
        turn_id=request.turn_id,
        session_id=session_id,
        answer="Calm is steadier.",
        provider="computed",
        language="en",
        strategy_ids=("calm", "wild"),
        answered_at=service.clock(),
    )
    assert service.answers_to(came) == [answer]
    assert service.published() == ["session.created", "chat.answered"]
    assert service.store.memory.sent[-1].value == answer.model_dump_json().encode()
    session = service.session(session_id)
    assert session.turn is None
    answered = session.history[-1]
    (call,) = service.tools.calls
    assert (answered.content, answered.tools) == (
        "Calm is steadier.",
        (ToolUse(call.id, "compare", 0.25),),
    )
    assert session.context == Context(("calm", "wild"), "calm")
    assert "rank" not in service.store.memory.documents[session_id]


async def test_the_events_of_a_turn_lead_back_to_its_request() -> None:
    service = Service()
    session_id = await service.open()
    came = delivery()
    await service.chat.take_turn(chat_requested(session_id, ASKED), came)
    await service.bring(figures())

    answered = service.store.memory.sent[-1]
    assert answered.headers["correlation_id"] == came.origin.correlation_id
    assert answered.headers["traceparent"] == came.origin.traceparent


async def test_a_follow_up_is_about_the_strategy_that_came_out_first() -> None:
    service = Service()
    session_id = await service.open()
    await service.converse(session_id, "어떤 전략이 더 안정적인가요?", figures("Calm"), figures("Wild"))
    await service.converse(session_id, "그 전략의 최대 낙폭은?", figures("Calm"))
    assert service.wanted().context_strategy_ids == ("calm",)

    await service.converse(session_id, "그 전략들 중 수익률이 높은 것은?", figures("Wild"), figures("Calm"))
    assert service.wanted().context_strategy_ids == ("calm", "wild")

    await service.converse(session_id, "and its drawdown?", figures("Wild"))
    assert service.wanted().context_strategy_ids == ("wild",)


@pytest.mark.parametrize(
    ("message", "language", "expected"),
    [(ASKED, None, "en"), ("더 안정적인 것은?", None, "ko"), (ASKED, "ko", "ko"), ("안녕", "en", "en")],
)
async def test_the_language_is_the_messages_unless_it_is_named(
    message: str, language: str | None, expected: str
) -> None:
    service = Service()
    session_id = await service.open()
    came = delivery()
    await service.chat.take_turn(chat_requested(session_id, message, language=language), came)
    await service.bring(figures())
    assert service.tools.callers[-1].language == expected
    (answer,) = service.answers_to(came)
    assert isinstance(answer, ChatAnswered)
    assert answer.language == expected


async def test_the_next_messages_wait_for_their_turn_and_are_answered_in_order() -> None:
    service = Service()
    session_id = await service.open()
    await service.say(session_id, ASKED)
    came = [delivery() for _ in range(2)]
    for number, each in enumerate(came):
        await service.chat.take_turn(chat_requested(session_id, f"and {number}?"), each)
    assert [m.content for m in service.session(session_id).history] == [ASKED]

    for summary in ("first", "second", "third"):
        await service.bring(figures(), summary=summary)
    assert [m.content for m in service.session(session_id).history] == [
        *(ASKED, "first", "and 0?", "second", "and 1?", "third"),
    ]
    for each, answer in zip(came, ("second", "third"), strict=True):
        answered = service.answers_to(each)[-1]
        assert isinstance(answered, ChatAnswered)
        assert answered.answer == answer
    assert service.session(session_id).turn is None


async def test_five_messages_may_wait() -> None:
    service = Service()
    session_id = await service.open()
    request = await service.say(session_id, ASKED)
    for _ in range(MOST_WAITING):
        await service.say(session_id, "and its drawdown?")

    with pytest.raises(TurnInProgressError) as refusal:
        await service.say(session_id, "and its drawdown?")
    assert refusal.value.extra == {"turn_id": request.turn_id}
    assert len(service.session(session_id).waiting) == MOST_WAITING


async def test_a_message_that_waits_finds_no_room_in_a_full_conversation() -> None:
    service, came = Service(), delivery()
    session_id = await service.open()
    await service.say(session_id, ASKED)
    await service.chat.take_turn(chat_requested(session_id, "and its drawdown?"), came)
    await service.bring(figures(), summary="x" * MOST_BYTES)
    await service.work(session_id)
    (failed,) = service.answers_to(came)
    assert isinstance(failed, ChatFailed)
    assert failed.code == "conversation-full"
    assert service.session(session_id).turn is None


async def test_a_message_that_waits_is_answered_after_a_failure_too() -> None:
    service = Service()
    session_id = await service.open()
    await service.say(session_id, ASKED)
    await service.say(session_id, "and its drawdown?")
    await service.work(session_id)  # no comparison comes
    await service.bring(figures(), summary="second")
    assert [m.content for m in service.session(session_id).history] == [ASKED, "and its drawdown?", "second"]


async def cancel(service: Service, session_id: str, turn_id: str) -> list[Contract]:
    came = delivery()
    await service.chat.cancel(ChatCancelRequested(session_id=session_id, turn_id=turn_id), came)
    return service.answers_to(came)


async def test_a_turn_is_cancelled_and_the_next_one_begins() -> None:
    service, came = Service(), delivery()
    session_id = await service.open()
    request = chat_requested(session_id, ASKED)
    await service.chat.take_turn(request, came)
    claim = service.held[session_id]
    await service.say(session_id, "and its drawdown?")

    for _ in range(2):
        (view,) = await cancel(service, session_id, request.turn_id)
        assert view == TurnView(turn_id=request.turn_id, session_id=session_id)
    (failed,) = service.answers_to(came)
    assert isinstance(failed, ChatFailed)
    assert failed.code == "turn-cancelled"
    service.give(figures())
    with pytest.raises(StaleError):
        await service.work_on(claim)  # it had not heard of it
    await service.bring(figures(), summary="second")
    assert [m.content for m in service.session(session_id).history] == [ASKED, "and its drawdown?", "second"]
    assert service.published().count("chat.failed") == 1


@pytest.mark.parametrize("waits", [False, True])
async def test_a_cancelled_message_that_is_sent_again_is_still_cancelled(*, waits: bool) -> None:
    service = Service()
    session_id = await service.open()
    if waits:
        await service.say(session_id, ASKED)
    request = await service.say(session_id, "어느 전략이 더 안정적이야?")
    await cancel(service, session_id, request.turn_id)
    if waits:
        await service.bring(figures())
    before, came = service.published(), delivery()
    await service.chat.take_turn(request, came)

    (failed,) = service.answers_to(came)
    assert isinstance(failed, ChatFailed)
    assert (failed.code, "취소" in failed.detail) == ("turn-cancelled", True)
    shown = view_session(service.session(session_id)).conversation_history
    assert {each.turn_id: each.unanswered for each in shown if each.unanswered} == {
        request.turn_id: "turn-cancelled"
    }
    assert service.published() == before


async def test_why_there_is_no_answer_is_said_in_the_language_of_the_conversation() -> None:
    service, ended = Service(), delivery()
    session_id = await service.open()
    korean = [chat_requested(session_id, "어느 전략이 더 안정적이야?") for _ in range(MOST_WAITING + 2)]
    for request in korean[:-1]:
        await service.chat.take_turn(request, delivery())
    with pytest.raises(TurnInProgressError, match="답하는 중"):
        await service.chat.take_turn(korean[-1], delivery())
    await service.work(session_id)  # no data came in time
    failed = service.reply.answers[-1]
    assert isinstance(failed, ChatFailed)
    assert (failed.code, failed.detail) == ("no-data", "제때 응답이 오지 않았습니다")

    with pytest.raises(TurnNotFoundError, match="턴이 없습니다"):
        await cancel(service, session_id, "t-0")
    await service.sessions.end(SessionEndRequested(session_id=session_id), ended)
    for message, said in (("안녕하세요", "종료되었습니다"), ("Which is steadier?", "was ended")):
        with pytest.raises(SessionEndedError, match=said):
            await service.say(session_id, message)
    for message, said in (("안녕하세요", "세션이 없습니다"), ("Which is steadier?", "there is no session")):
        with pytest.raises(SessionNotFoundError, match=said):
            await service.say("s-0", message)


def refusals(base: type[ConversationError] = ConversationError) -> Iterator[type[ConversationError]]:
    for each in base.__subclasses__():
        yield each
        yield from refusals(each)


@pytest.mark.parametrize("error", list(refusals()))
def test_a_refusal_says_the_same_in_both_languages(error: type[ConversationError]) -> None:
    texts = error.texts
    assert (language_of(texts.ko), language_of(texts.en)) == ("ko", "en")
    places = [{place for _, place, _, _ in Formatter().parse(each) if place} for each in (texts.ko, texts.en)]
    assert places[0] == places[1]


class Overtaken(FakeSessions):
    """By the time the end of a turn is known, the next one is run already."""

    service: Service

    async def end_turn(self, *given: Any) -> TurnEnd:
        claim, listeners = await super().end_turn(*given)
        if claim:
            self.service.adopt(claim)
        return TurnEnd(None, listeners)


async def test_a_cancellation_does_not_stop_the_turn_after() -> None:
    store = Overtaken()
    store.service = service = Service(store=store)
    session_id = await service.open()
    request = await service.say(session_id, ASKED)
    later = await service.say(session_id, "and its drawdown?")
    await cancel(service, session_id, request.turn_id)

    turn = service.held[session_id].state.turn
    assert turn is not None
    assert turn.turn_id == later.turn_id


async def test_a_turn_that_waits_is_cancelled() -> None:
    service, came = Service(), delivery()
    session_id = await service.open()
    await service.say(session_id, ASKED)
    request = chat_requested(session_id, "and its drawdown?")
    await service.chat.take_turn(request, came)
    await cancel(service, session_id, request.turn_id)
    assert service.session(session_id).waiting == ()
    (failed,) = service.answers_to(came)
    assert isinstance(failed, ChatFailed)
    await service.bring(figures(), summary="first")
    assert [m.content for m in service.session(session_id).history] == [ASKED, request.message, "first"]


async def test_what_has_its_answer_or_is_not_there_is_not_cancelled() -> None:
    service = Service()
    session_id = await service.open()
    request = await service.say(session_id, ASKED)
    await service.bring(figures())
    with pytest.raises(TurnEndedError):
        await cancel(service, session_id, request.turn_id)
    with pytest.raises(TurnNotFoundError):
        await cancel(service, session_id, "t-0")


async def test_an_ended_session_takes_no_more_messages() -> None:
    service = Service()
    session_id = await service.open()
    await service.sessions.end(SessionEndRequested(session_id=session_id), delivery())

    with pytest.raises(SessionEndedError):
        await service.say(session_id, ASKED)


async def test_a_full_conversation_takes_no_more_messages() -> None:
    service = Service()
    session_id = await service.open()
    answered, came = chat_requested(session_id, ASKED), delivery()
    await service.chat.take_turn(answered, came)
    await service.bring(figures(), summary="x" * MOST_BYTES)
    before = service.session(session_id)

    with pytest.raises(ConversationFullError):
        await service.say(session_id, "and its drawdown?")
    assert service.session(session_id) == before
    again = delivery()
    await service.chat.take_turn(answered, again)  # what it has answered, it still answers
    assert service.answers_to(again) == service.answers_to(came)


async def test_a_session_that_is_not_there_takes_none() -> None:
    with pytest.raises(SessionNotFoundError):
        await Service().say(new_id("unknown"), ASKED)


async def test_a_comparison_that_failed_ends_the_turn_without_an_answer() -> None:
    service = Service()
    session_id = await service.open()
    request, came = chat_requested(session_id, ASKED), delivery()
    await service.chat.take_turn(request, came)
    service.tools.prepared.append(Outcome(0.1, code="too-many", detail="nothing there"))
    await service.work(session_id)

    failed = ChatFailed(
        turn_id=request.turn_id, session_id=session_id, code="too-many", detail="nothing there"
    )
    assert service.answers_to(came) == [failed]
    assert service.published()[-1] == "chat.failed"
    assert service.session(session_id).turn is None
    assert len(service.session(session_id).history) == 1
    await service.say(session_id, "and now?")  # the session takes the next message


async def test_a_streamed_turn_gets_its_text_and_then_the_answer() -> None:
    service = Service()
    session_id = await service.open()
    came = delivery()
    await service.chat.take_turn(chat_requested(session_id, ASKED, stream=True), came)
    await service.bring(figures(), summary="Calm is steadier.")

    started, completed, piece, answer = service.answers_to(came)
    assert isinstance(started, ChatToolStarted)
    assert isinstance(completed, ChatToolCompleted)
    (call,) = service.tools.calls
    assert (started.call_id, started.tool, started.arguments) == (call.id, "compare", {"question": ASKED})
    assert (completed.call_id, completed.seconds, completed.code) == (call.id, 0.25, None)
    assert isinstance(piece, ChatStreamed)
    assert isinstance(answer, ChatAnswered)
    assert (piece.index, piece.delta) == (0, answer.answer)
    assert piece.turn_id == answer.turn_id


@pytest.mark.parametrize(("message", "language"), [("안녕하세요", "ko"), ("Hello!", "en")])
async def test_small_talk_is_answered_with_what_can_be_asked(message: str, language: str) -> None:
    service = Service()
    session_id = await service.open()
    await service.converse(session_id, message, figures("Calm"), metric=None)

    assert service.session(session_id).history[-1].content == HELP["ko" if language == "ko" else "en"]


@pytest.mark.parametrize(
    "understood",
    [{"relation": "correlation"}, {"unresolved": ("foo",)}, {"unknown": ("sqn",)}, {"beyond": "why"}],
)
async def test_what_is_understood_and_not_ranked_is_no_small_talk(understood: dict[str, Any]) -> None:
    service = Service()
    session_id = await service.open()
    read = Understood.model_validate(understood)
    await service.converse(
        session_id, "상관관계", figures("Calm"), metric=None, understood=read, summary="+0.79"
    )

    assert service.session(session_id).history[-1].content == "+0.79"


async def test_a_message_that_names_a_strategy_is_no_small_talk() -> None:
    service = Service()
    session_id = await service.open()
    await service.converse(session_id, "Calm?", figures("Calm"), metric=None, summary="Calm: +25 %.")

    assert service.session(session_id).history[-1].content == "Calm: +25 %."


async def test_gaps_are_part_of_an_answer() -> None:
    service = Service()
    session_id = await service.open()
    await service.say(session_id, ASKED)
    await service.bring(gap("gone"), best_strategy_id=None, summary="Nothing.")

    assert service.session(session_id).history[-1].content == "Nothing."
    assert service.session(session_id).context == Context(("gone",), None)
