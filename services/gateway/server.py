"""A uvicorn server that announces its stop, so that open streams end before it waits for all requests."""

import asyncio
import signal
from types import FrameType

import structlog
import uvicorn

log = structlog.get_logger()


class Server(uvicorn.Server):
    """Sets `stopping` when the process is told to stop; before it has started, the process ends at once."""

    def __init__(self, config: uvicorn.Config, stopping: asyncio.Event) -> None:
        super().__init__(config)
        self._stopping = stopping

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if not self.started:
            log.info("stopped before it had started", service="gateway")
            signal.signal(sig, signal.SIG_DFL)
            signal.raise_signal(sig)
        self._stopping.set()
        super().handle_exit(sig, frame)
