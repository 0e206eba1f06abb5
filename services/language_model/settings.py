"""The environment variables of a language model's endpoint."""

from pydantic import SecretStr

from services.chassis.settings import Seconds, Settings


class LlmSettings(Settings):
    """An OpenAI-compatible endpoint. Without a key and a base URL, answers are computed from the data."""

    openai_api_key: SecretStr | None = None
    """The key of the language model's endpoint."""
    openai_base_url: str | None = None
    """The address of the endpoint, if it is not OpenAI's own."""
    openai_model: str = "gpt-5-mini"
    """The name of the model at the endpoint."""
    llm_deadline_seconds: Seconds = 60.0
    """How long an answer may take, retries included."""

    @property
    def llm_configured(self) -> bool:
        return self.openai_api_key is not None or self.openai_base_url is not None
