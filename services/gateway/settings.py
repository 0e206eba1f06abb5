"""The gateway's environment variables."""

import re
from typing import Annotated, Final

from pydantic import AfterValidator, Field

from services.chassis.settings import KafkaSettings, LanguageSettings, LogSettings, Seconds, WatchdogSettings

ORIGIN: Final = re.compile(r"\*|[a-z][a-z0-9+.-]*://[^/?#\sA-Z]+")


def origins_in(listed: str) -> list[str]:
    return [origin.strip() for origin in listed.split(",") if origin.strip()]


def _origins(listed: str) -> str:
    for origin in origins_in(listed):
        if not ORIGIN.fullmatch(origin):
            raise ValueError(f"{origin!r} is no origin, as browsers send it: https://example.com, or *")
    return listed


class GatewaySettings(KafkaSettings, LogSettings, LanguageSettings, WatchdogSettings):
    """The gateway's own: where it listens, how long it waits, how large a body may be."""

    host: str = "127.0.0.1"
    """The address to listen at."""
    port: Annotated[int, Field(ge=1, le=65535)] = 8000
    """The port."""
    reply_timeout_seconds: Seconds = 5.0
    """How long a request waits for the service's answer."""
    chat_timeout_seconds: Seconds = 75.0
    """How long a chat request waits for its answer; longer than `LLM_DEADLINE_SECONDS`."""
    verification_timeout_seconds: Seconds = 75.0
    """How long a request to verify a backtest waits until that has run again."""
    request_timeout_seconds: Seconds = 10.0
    """How long a client may take to send a request, or (on Linux) take nothing of an answer."""
    max_connections: Annotated[int, Field(ge=1)] = 1000
    """The most open connections; fewer if `ulimit -n` is lower."""
    cors_origins: Annotated[str, AfterValidator(_origins)] = ""
    """Origins of web pages that may call, separated by commas; `*` for any."""
    max_body_bytes: Annotated[int, Field(ge=1024)] = 262_144
    """The largest request body that is accepted."""
    drain_seconds: Seconds = 10.0
    """How long open requests may take when the gateway is stopped."""
