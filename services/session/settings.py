"""The session service's environment variables."""

from typing import Annotated

from pydantic import Field

from services.chassis.settings import Count, Seconds, ServiceSettings
from services.language_model.settings import Limit, LlmSettings
from services.session.domain.budgets import Budget, Budgets


class SessionSettings(ServiceSettings, LlmSettings):
    """The session service's own: how long a turn waits for data."""

    chat_data_seconds: Seconds = 15.0
    """How long a tool that a turn calls may take, such as a comparison."""
    session_keep_hours: Annotated[float, Field(gt=0)] = 24.0
    """How long a session is kept after its last message."""
    llm_session_requests: Count | None = None
    """How many requests to language models a session may take; then its messages get 429."""
    llm_session_tokens: Count | None = None
    """How many tokens it may take."""
    llm_session_cost: Limit | None = None
    """How much it may cost, in the currency of the prices in `LLM_PROVIDERS`."""
    llm_user_requests_per_day: Count | None = None
    """How many requests to language models a user may take in a day (UTC); then messages get 429."""
    llm_user_tokens_per_day: Count | None = None
    """How many tokens a user may take in a day."""
    llm_user_cost_per_day: Limit | None = None
    """How much a user may cost in a day."""

    @property
    def budgets(self) -> Budgets:
        """The budgets of language models."""
        return Budgets(
            Budget(self.llm_session_requests, self.llm_session_tokens, self.llm_session_cost),
            Budget(self.llm_user_requests_per_day, self.llm_user_tokens_per_day, self.llm_user_cost_per_day),
        )
