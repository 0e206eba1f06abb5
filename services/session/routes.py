"""Topics and their handlers."""

from backchat_contracts import (
    ChatRequested,
    ComparisonCompleted,
    ComparisonFailed,
    SessionEndRequested,
    SessionQueried,
    SessionRequested,
)
from services.chassis.messaging.consumer import Consumer
from services.session.handlers import Chat, Sessions


def route(consumer: Consumer, sessions: Sessions, chat: Chat) -> None:
    consumer.on(SessionRequested, sessions.create)
    consumer.on(SessionEndRequested, sessions.end)
    consumer.on(SessionQueried, sessions.query)
    consumer.on(ChatRequested, chat.take_turn)
    consumer.on(ComparisonCompleted, chat.add_data)
    consumer.on(ComparisonFailed, chat.give_up)
