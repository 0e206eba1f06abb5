"""The topics that the session service reads, each with its handler."""

from faststream.kafka import KafkaRouter

from backchat_contracts import (
    BacktestCancelled,
    BacktestCompleted,
    BacktestFailed,
    ChatCancelRequested,
    ChatRegenerateRequested,
    ChatRequested,
    SessionEndRequested,
    SessionForkRequested,
    SessionQueried,
    SessionRenameRequested,
    SessionRequested,
)
from services.chassis.messaging.routing import current_delivery, event_router
from services.session.handlers import Chat
from services.session.sessions import Sessions


def routes(sessions: Sessions, chat: Chat) -> KafkaRouter:
    router = event_router()
    _route_sessions(router, sessions)
    _route_chat(router, chat)

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


def _route_sessions(router: KafkaRouter, sessions: Sessions) -> None:
    @router.subscriber("session.requested")
    async def create_session(event: SessionRequested) -> None:
        await sessions.create(event, current_delivery())

    @router.subscriber("session.rename-requested")
    async def rename_session(event: SessionRenameRequested) -> None:
        await sessions.rename(event, current_delivery())

    @router.subscriber("session.fork-requested")
    async def fork_session(event: SessionForkRequested) -> None:
        await sessions.fork(event, current_delivery())

    @router.subscriber("session.end-requested")
    async def end_session(event: SessionEndRequested) -> None:
        await sessions.end(event, current_delivery())

    @router.subscriber("session.queried")
    async def query_sessions(event: SessionQueried) -> None:
        await sessions.query(event, current_delivery())


def _route_chat(router: KafkaRouter, chat: Chat) -> None:
    @router.subscriber("chat.requested")
    async def take_turn(event: ChatRequested) -> None:
        await chat.take_turn(event, current_delivery())

    @router.subscriber("chat.regenerate-requested")
    async def answer_again(event: ChatRegenerateRequested) -> None:
        await chat.answer_again(event, current_delivery())

    @router.subscriber("chat.cancel-requested")
    async def cancel_turn(event: ChatCancelRequested) -> None:
        await chat.cancel(event, current_delivery())
