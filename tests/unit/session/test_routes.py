"""Records on the session service's topics reach its use cases, through FastStream's broker."""

import pytest

from backchat_contracts import (
    ChatAnswered,
    Refused,
    SessionCreated,
    SessionEnded,
    SessionEndRequested,
    SessionQueried,
    SessionView,
)
from tests.builders import chat_requested, figures, new_id, session_requested
from tests.fakes import FakeKafka
from tests.pipeline import pipeline
from tests.unit.session.service import Service

pytestmark = pytest.mark.anyio


async def test_a_conversation_goes_through_its_topics() -> None:
    service = Service()
    request = session_requested()
    async with pipeline(FakeKafka("session"), service.router) as made:
        await made.publish(request)
        await made.publish(chat_requested(request.session_id, "어떤 전략이 더 안정적인가요?"))
        await service.bring(figures("A"))
        await made.publish(SessionQueried(session_id=request.session_id))
        await made.publish(SessionEndRequested(session_id=request.session_id))

    created, answered, view, ended = service.reply.answers
    assert isinstance(created, SessionCreated)
    assert isinstance(answered, ChatAnswered)
    assert isinstance(view, SessionView)
    assert isinstance(ended, SessionEnded)
    assert [entry.role for entry in view.conversation_history] == ["user", "assistant"]


async def test_a_refusal_is_the_middlewares_answer() -> None:
    kafka = FakeKafka("session")
    async with pipeline(kafka, Service().router) as made:
        await made.publish(SessionQueried(session_id=new_id()))
    (reply,) = kafka.sent
    assert Refused.model_validate_json(reply.value).code == "session-not-found"
