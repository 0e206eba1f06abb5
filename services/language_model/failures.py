"""Translates what the SDK and its HTTP client raise."""

import math
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Final

from services.language_model.errors import AttemptError, Failure

LONGEST_DETAIL: Final = 300
OF_ONE_REQUEST: Final = frozenset(
    {HTTPStatus.BAD_REQUEST, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNPROCESSABLE_ENTITY}
)
BUSY: Final = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.CONFLICT, HTTPStatus.TOO_EARLY})
"""4xx that may be gone in a moment."""


def failure_of(
    error: Exception, redact: Callable[[str], str], now: datetime, *, connected: bool
) -> AttemptError:
    """Return the failure behind an exception, in a text without secrets and of bounded length.

    Args:
        error: whatever was raised while a provider was asked.
        redact: takes secrets out of texts: servers echo keys.
        now: for a `Retry-After` that is a date.
        connected: whether a response had begun.

    """
    import openai  # noqa: PLC0415 - an exception of the SDK, so it is loaded

    if (cause := _own(error)) is not None:
        return cause
    detail = redact(f"{type(error).__name__}: {error}")[:LONGEST_DETAIL]
    if isinstance(error, openai.APIStatusError):
        return AttemptError(_of_status(error.status_code), detail, retry_after(error.response.headers, now))
    if isinstance(error, openai.APIConnectionError):
        name = type(error.__cause__).__name__
        detail = redact(f"{name}: {error.__cause__}")[:LONGEST_DETAIL]
        return AttemptError(_of_connection(name, connected=connected), detail)
    if isinstance(error, openai.APIError):  # an error inside the stream
        return AttemptError(Failure.SERVER, detail)
    if type(error).__module__.startswith("httpx"):  # while the body of an error was read
        return AttemptError(Failure.DISCONNECTED, detail)
    return AttemptError(Failure.MALFORMED, detail)


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Return the seconds after which a server wants to be asked again; None if it does not say so."""
    for name, unit in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        value = headers.get(name)
        if value is None:
            continue
        try:
            seconds = float(value) * unit
        except ValueError:
            seconds = _until(value, now)
        if math.isfinite(seconds):
            return max(0.0, seconds)
    return None


def _until(date: str, now: datetime) -> float:
    try:
        moment = parsedate_to_datetime(date)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() - now.timestamp()
    except (ValueError, OverflowError):
        return math.nan


def _own(error: BaseException) -> AttemptError | None:
    """Return the error that our limits raised; the SDK may have wrapped it."""
    seen: BaseException | None = error
    while seen is not None and not isinstance(seen, AttemptError):
        seen = seen.__cause__
    return seen


def _of_connection(name: str, *, connected: bool) -> Failure:
    """Return what the name of an exception of the HTTP client says of the connection."""
    if name.endswith("Timeout"):  # of connecting or sending: a retry would take as long
        return Failure.LATE
    unreachable = name.startswith(("Connect", "UnsupportedProtocol", "Proxy"))
    return Failure.UNREACHABLE if unreachable and not connected else Failure.DISCONNECTED


def _of_status(status: int) -> Failure:
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status in BUSY:
        return Failure.SERVER
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return Failure.LIMITED
    return Failure.REFUSED if status in OF_ONE_REQUEST else Failure.MISCONFIGURED
