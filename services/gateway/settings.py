"""The gateway's environment variables."""

from typing import Annotated

from pydantic import Field

from backchat_contracts import Language
from services.chassis.settings import KafkaSettings, LogSettings, Seconds


class GatewaySettings(KafkaSettings, LogSettings):
    """Beside the common ones: where it listens, how long it waits, how much it takes."""

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535)] = 8000
    reply_timeout_seconds: Seconds = 5.0
    chat_timeout_seconds: Seconds = 75.0
    max_body_bytes: Annotated[int, Field(ge=1024)] = 262_144
    default_language: Language = "ko"
    drain_seconds: Seconds = 10.0
