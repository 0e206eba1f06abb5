"""A uvicorn server that connects before it listens, and announces its stop before it waits for requests."""

import asyncio
import signal
import socket
from types import FrameType

import structlog
import uvicorn
from fastapi import FastAPI

log = structlog.get_logger()


class Server(uvicorn.Server):
    """Serves an application within its lifespan, whose errors are raised by `run`.

    Sets `stopping` when the process is told to stop, so that open streams end; before it has started, the
    process ends at once.
    """

    def __init__(self, app: FastAPI, config: uvicorn.Config, stopping: asyncio.Event) -> None:
        super().__init__(config)
        self._app = app
        self._stopping = stopping

    async def serve(self, sockets: list[socket.socket] | None = None) -> None:
        with self.capture_signals():
            async with self._app.router.lifespan_context(self._app):
                await super().serve(sockets)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if not self.started:
            log.info("stopped before it had started", service="gateway")
            signal.signal(sig, signal.SIG_DFL)
            signal.raise_signal(sig)
        self._stopping.set()
        super().handle_exit(sig, frame)
