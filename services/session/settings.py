"""The session service's environment variables."""

from services.chassis.settings import LlmSettings, Seconds, ServiceSettings


class SessionSettings(ServiceSettings, LlmSettings):
    """Beside the common ones: how long a turn waits for its data."""

    chat_data_seconds: Seconds = 15.0
