"""The HTTP client of the SDK, with a limit of bytes. Its import is for configured models only."""

import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import cache
from typing import Final

import httpx2
from openai import DefaultAsyncHttpxClient

from services.language_model.errors import AttemptError, Failure
from services.language_model.settings import Provider

KEPT_ALIVE: Final = 256
ENCODINGS: Final = (None, "", "identity")


class LimitedBody(httpx2.AsyncByteStream):
    """The body of a response, which ends in an error after a number of bytes.

    The SDK's decoder has no limit: a line without an end would fill the memory.
    """

    def __init__(self, body: httpx2.AsyncByteStream, most_bytes: int) -> None:
        self._body = body
        self._most_bytes = most_bytes

    async def __aiter__(self) -> AsyncIterator[bytes]:
        left = self._most_bytes
        async for part in self._body:
            left -= len(part)
            if left < 0:
                raise AttemptError(Failure.TOO_LARGE, f"more than {self._most_bytes} bytes")
            yield part

    async def aclose(self) -> None:
        await self._body.aclose()


def byte_limit(most_bytes: int) -> Callable[[httpx2.Response], Awaitable[None]]:
    """Return a hook that limits the body of each response, of errors and redirects too."""

    async def limit(response: httpx2.Response) -> None:
        if response.headers.get("content-encoding") not in ENCODINGS:
            # Not asked for; a few bytes could become gigabytes.
            raise AttemptError(Failure.MALFORMED, "a compressed answer")
        if isinstance(response.stream, httpx2.AsyncByteStream):
            response.stream = LimitedBody(response.stream, most_bytes)

    return limit


def http_client(provider: Provider) -> httpx2.AsyncClient:
    """Return a client for a provider: any number of connections, the limits of the provider, no redirects.

    Its own limit of a read is off, as it would count from byte to byte; callers limit the wait for a token.
    """
    return DefaultAsyncHttpxClient(
        limits=httpx2.Limits(max_connections=None, max_keepalive_connections=KEPT_ALIVE),
        timeout=httpx2.Timeout(provider.connect_seconds, read=None, write=provider.first_token_seconds),
        event_hooks={"response": [byte_limit(provider.max_bytes)]},
        follow_redirects=False,
        verify=_certificates(),
    )


@cache
def _certificates() -> ssl.SSLContext:
    """Return what clients trust; reading it takes tens of milliseconds."""
    return httpx2.create_ssl_context()
