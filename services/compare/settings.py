"""The compare service's environment variables."""

from services.chassis.settings import LanguageSettings, LlmSettings, ServiceSettings


class CompareSettings(ServiceSettings, LlmSettings, LanguageSettings):
    """The common ones, those of the language model, and the language of error texts."""
