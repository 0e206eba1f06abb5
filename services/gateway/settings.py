"""The gateway's environment variables."""

from typing import Annotated

from pydantic import Field

from services.chassis.settings import KafkaSettings, LanguageSettings, LogSettings, Seconds, WatchdogSettings


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
    request_timeout_seconds: Seconds = 10.0
    """How long a client may take to send a request, from the opening of the connection."""
    max_connections: Annotated[int, Field(ge=1)] = 1000
    """The most open connections; fewer if `ulimit -n` is lower."""
    cors_origins: str = ""
    """Origins of web pages that may call, separated by commas; `*` for any."""
    max_body_bytes: Annotated[int, Field(ge=1024)] = 262_144
    """The largest request body that is accepted."""
    drain_seconds: Seconds = 10.0
    """How long open requests may take when the gateway is stopped."""
