"""The environment variables of language models."""

import json
from collections import Counter
from difflib import get_close_matches
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field, SecretStr, TypeAdapter, ValidationError, field_validator
from pydantic_settings import NoDecode

from services.chassis.settings import Count, Seconds, Settings

Price = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Limit = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Text = Annotated[str, Field(min_length=1)]


class Provider(BaseModel):
    """A server with OpenAI's Chat Completions, and a model there."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, strict=True)

    name: Text
    """In logs, in health and in what is recorded of an answer; each has its own."""
    model: Text
    base_url: Annotated[str, Field(pattern=r"^https?://\S+$")] | None = None
    """The address, if it is not OpenAI's own."""
    api_key: SecretStr | None = None
    connect_seconds: Limit = 5.0
    """How long a connection may take."""
    first_token_seconds: Limit = 15.0
    """How long the first token may take, from the start of the request."""
    idle_seconds: Limit = 15.0
    """How long the next token may take."""
    max_tokens: Count = 2048
    """The longest answer, in tokens: sent to the server."""
    max_bytes: Annotated[int, Field(ge=1024)] = 2_000_000
    """The longest answer, in bytes on the wire: more is cut off. A token takes 200 to 500."""
    input_price: Price | None = None
    """Of a million tokens of the question, in any currency."""
    output_price: Price | None = None
    """Of a million tokens of the answer, in the same."""


PROVIDERS: Final = TypeAdapter(tuple[Provider, ...])


class LlmSettings(Settings):
    """The language models. Without a provider, a key and a base URL, answers are computed from the data."""

    llm_providers: Annotated[tuple[Provider, ...] | None, NoDecode] = None
    """A chain of language models as a JSON list, tried in order; `OPENAI_*` is not used then."""
    openai_api_key: SecretStr | None = None
    """The key of a single language model's endpoint."""
    openai_base_url: str | None = None
    """The address of the endpoint, if it is not OpenAI's own."""
    openai_model: str = "gpt-4o"
    """The name of the model at the endpoint."""
    llm_deadline_seconds: Seconds = 60.0
    """How long an answer may take, all providers and retries included."""

    @field_validator("llm_providers", mode="before")
    @classmethod
    def _from_json(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        try:
            given = json.loads(value)
        except (ValueError, RecursionError) as error:
            raise ValueError(f"it is no valid JSON: {error}") from None
        if not isinstance(given, list) or not given:
            raise ValueError("it must be a JSON list of at least one provider")
        try:
            return PROVIDERS.validate_json(value)
        except ValidationError as error:
            raise ValueError("; ".join(_said(problem, given) for problem in error.errors())) from None

    @field_validator("llm_providers")
    @classmethod
    def _distinct(cls, providers: tuple[Provider, ...] | None) -> tuple[Provider, ...] | None:
        names = Counter(provider.name for provider in providers or ())
        if twice := [name for name, number in names.items() if number > 1]:
            raise ValueError(f"the name {twice[0]!r} is given twice")
        return providers

    @property
    def llm_configured(self) -> bool:
        return bool(self.chain)

    @property
    def chain(self) -> tuple[Provider, ...]:
        """The providers in the order in which they are tried; none: answers are computed."""
        if self.llm_providers is not None:
            return self.llm_providers
        if self.openai_api_key is None and self.openai_base_url is None:
            return ()
        # Not validated: an address that is wrong is an error of each answer, as it always was.
        single = Provider.model_construct(
            name="openai",
            model=self.openai_model,
            base_url=self.openai_base_url,
            api_key=self.openai_api_key,
        )
        return (single,)


def _said(problem: Any, given: list[Any]) -> str:  # noqa: ANN401 - pydantic's details of an error
    """Return what is wrong in one line, without what was given: it may be a secret."""
    number, *path = problem["loc"]
    entry = given[number]
    name = entry.get("name") if isinstance(entry, dict) else None
    which = f"provider {number + 1}" + (f" ({name})" if isinstance(name, str) else "")
    where = ".".join(map(str, path))
    if problem["type"] == "extra_forbidden":
        near = get_close_matches(where, Provider.model_fields, 1)
        return f"{which} has no field {where!r}" + (f", did you mean {near[0]!r}?" if near else "")
    if problem["type"] == "missing":
        return f"{which} needs {where!r}"
    return f"{which}: {where + ': ' if where else ''}{problem['msg']}"
