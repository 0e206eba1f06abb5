"""The compare service's environment variables."""

from backchat_contracts import Language
from services.chassis.settings import LlmSettings, ServiceSettings


class CompareSettings(ServiceSettings, LlmSettings):
    """Beside the common ones: the language of error texts where a request names none."""

    default_language: Language = "ko"
