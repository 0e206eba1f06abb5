"""The connection to a provider: one client of the SDK, made when it is first needed."""

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from services.language_model.errors import AttemptError, Failure
from services.language_model.messages import Request
from services.language_model.settings import Provider

if TYPE_CHECKING:
    from openai import AsyncOpenAI


@dataclass(frozen=True, slots=True)
class Form:
    """The options in which servers differ: a count of tokens, the name of the limit of tokens, and tools."""

    usage: bool = True
    limit_name: str = "max_tokens"
    tools: bool = True

    def adapted(self, refusal: str) -> "Form":
        """Return the form that a refusal asks for: this one, if it names none of the options."""
        if self.usage and ("stream_options" in refusal or "include_usage" in refusal):
            return replace(self, usage=False)
        if "max_completion_tokens" in refusal:
            return replace(self, limit_name="max_completion_tokens")
        if self.tools and "tool" in refusal:
            return replace(self, tools=False)
        return self


class Connection:
    """Sends requests to a provider, in the `form` that it turned out to take."""

    def __init__(self, provider: Provider) -> None:
        self.provider = provider
        self._client: AsyncOpenAI | None = None
        self._making = asyncio.Lock()
        self.form = Form()

    async def open(self) -> None:
        """Make the client. The import of the SDK takes most of a second: it stays out of the event loop.

        Raises AttemptError if the settings make none.
        """
        async with self._making:
            if self._client is None:
                try:
                    self._client = await asyncio.to_thread(self._make)
                except Exception as error:
                    raise AttemptError(Failure.MISCONFIGURED, f"no client: {type(error).__name__}") from error

    async def create(self, request: Request) -> Any:  # noqa: ANN401 - the SDK's types cost its import
        """Begin a streamed answer. Raises whatever the SDK raises."""
        if self._client is None:
            raise RuntimeError("the connection is not open")
        body: dict[str, Any] = {self.form.limit_name: self.provider.max_tokens}
        if request.tools and self.form.tools:
            body["tools"] = [tool.as_json() for tool in request.tools]
        if self.form.usage:
            body["stream_options"] = {"include_usage": True}
        completions: Any = self._client.chat.completions
        return await completions.create(
            model=self.provider.model, messages=list(request.messages), stream=True, **body
        )

    async def close(self) -> None:
        if self._client is not None:
            await self._client.close()
            self._client = None

    def _make(self) -> "AsyncOpenAI":
        from openai import AsyncOpenAI  # noqa: PLC0415 - only for configured models

        from services.language_model.http import http_client  # noqa: PLC0415 - as above

        provider, http = self.provider, http_client(self.provider)
        client = AsyncOpenAI(
            api_key=provider.api_key.get_secret_value() if provider.api_key else "none",  # local servers
            base_url=provider.base_url,
            timeout=http.timeout,
            max_retries=0,
            default_headers={"Accept-Encoding": "identity"},
            http_client=http,
        )
        _ = client.chat.completions  # imports the rest
        return client
