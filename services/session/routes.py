"""The topics that the session service reads, each with its handler."""

from faststream.kafka import KafkaRouter

from backchat_contracts import (
    BacktestCancelled,
    BacktestCompleted,
    BacktestFailed,
    ChatCancelRequested,
    ChatRequested,
    SessionEndRequested,
    SessionQueried,
    SessionRequested,
)
from services.chassis.messaging.routing import current_delivery, event_router
from services.session.handlers import Chat, Sessions


def routes(sessions: Sessions, chat: Chat) -> KafkaRouter:
    router = event_router()

    @router.subscriber("session.requested")
    async def create_session(event: SessionRequested) -> None:
        await sessions.create(event, current_delivery())

    @router.subscriber("session.end-requested")
    async def end_session(event: SessionEndRequested) -> None:
        await sessions.end(event, current_delivery())

    @router.subscriber("session.queried")
    async def query_sessions(event: SessionQueried) -> None:
        await sessions.query(event, current_delivery())

    @router.subscriber("chat.requested")
    async def take_turn(event: ChatRequested) -> None:
        await chat.take_turn(event, current_delivery())

    @router.subscriber("chat.cancel-requested")
    async def cancel_turn(event: ChatCancelRequested) -> None:
        await chat.cancel(event, current_delivery())

    @router.subscriber("backtest.completed")
    async def hear_completed(event: BacktestCompleted) -> None:
        await chat.hear_end(event, current_delivery())

    @router.subscriber("backtest.failed")
    async def hear_failed(event: BacktestFailed) -> None:
        await chat.hear_end(event, current_delivery())

    @router.subscriber("backtest.cancelled")
    async def hear_cancelled(event: BacktestCancelled) -> None:
        await chat.hear_end(event, current_delivery())

    return router
