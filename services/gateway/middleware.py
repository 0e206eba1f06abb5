"""What all paths have in common: HEAD, compression, other origins."""

from collections.abc import Sequence

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SMALLEST_COMPRESSED = 1024
COMPRESSION = 4
"""Of 9: more takes three times as long for a tenth less."""
DAY_SECONDS = 86_400


class HeadAsGet:
    """Answers HEAD wherever there is a GET: with the same headers, and no body."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD":
            return await self._app(scope, receive, send)

        async def head_only(message: Message) -> None:
            if message["type"] == "http.response.start":
                await send(message)
                await send({"type": "http.response.body", "body": b""})

        return await self._app({**scope, "method": "GET"}, receive, head_only)


def install(app: FastAPI, origins: Sequence[str]) -> None:
    """Add the middlewares; `origins`: of web pages that may call."""
    app.add_middleware(GZipMiddleware, minimum_size=SMALLEST_COMPRESSED, compresslevel=COMPRESSION)
    app.add_middleware(HeadAsGet)
    if origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=origins,
            allow_methods=["*"],
            allow_headers=["Content-Type", "Idempotency-Key", "Last-Event-ID", "If-None-Match"],
            expose_headers=["Location", "Retry-After", "ETag", "Allow"],
            max_age=DAY_SECONDS,
        )
