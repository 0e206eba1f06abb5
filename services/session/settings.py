"""The session service's environment variables."""

from typing import Annotated

from pydantic import Field

from services.chassis.settings import Seconds, ServiceSettings
from services.language_model.settings import LlmSettings


class SessionSettings(ServiceSettings, LlmSettings):
    """The session service's own: how long a turn waits for data."""

    chat_data_seconds: Seconds = 15.0
    """How long a tool that a turn calls may take, such as a comparison."""
    session_keep_hours: Annotated[float, Field(gt=0)] = 24.0
    """How long a session is kept after its last message."""
