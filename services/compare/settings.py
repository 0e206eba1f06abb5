"""The compare service's environment variables."""

from typing import Annotated

from pydantic import Field

from backchat_contracts.catalogue import BY_NAME
from services.chassis.settings import LanguageSettings, ServiceSettings
from services.language_model.settings import LlmSettings


class CompareSettings(ServiceSettings, LlmSettings, LanguageSettings):
    """The compare service's own: how long comparisons are kept."""

    comparison_keep_days: Annotated[int, Field(gt=BY_NAME["comparison.requested"].retention.days)] = 30
    """How long a comparison is kept; longer than its request is, which may be delivered again."""
