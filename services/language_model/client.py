"""One chat completion from an OpenAI-compatible endpoint, with one deadline around all of it."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from services.chassis.errors import ChassisError
from services.chassis.redaction import Redaction
from services.language_model.settings import LlmSettings

if TYPE_CHECKING:
    from openai import AsyncOpenAI


LONGEST_ERROR: Final = 300


class LlmError(ChassisError):
    """The language model gave no complete answer."""


class Llm:
    """A language model behind the OpenAI API's chat completions."""

    def __init__(self, settings: LlmSettings) -> None:
        self.model = settings.openai_model
        self._settings = settings
        self._redact = Redaction.of(settings)
        self._client: AsyncOpenAI | None = None

    async def stream(self, messages: Sequence[dict[str, str]]) -> AsyncIterator[str]:
        """Yield the answer in pieces, as they come.

        Raises:
            LlmError: no answer, an incomplete one, or none within `llm_deadline_seconds`.

        """
        from openai import OpenAIError  # noqa: PLC0415 - 40 MB that only a configured model needs

        seconds = self._settings.llm_deadline_seconds
        deadline = asyncio.get_running_loop().time() + seconds
        request: Any = self._connected().chat.completions
        finish_reason = None
        try:
            async with asyncio.timeout_at(deadline):
                stream = await request.create(model=self.model, messages=list(messages), stream=True)
            async with stream:
                # The deadline is only around the waiting: around the yield it would cancel the caller.
                while chunk := await _next(stream, deadline):
                    for choice in chunk.choices[:1]:
                        finish_reason = choice.finish_reason or finish_reason
                        if choice.delta.content:
                            yield choice.delta.content
        except TimeoutError as error:
            raise LlmError(f"no answer within {seconds:g} s") from error
        except (OpenAIError, ValueError) as error:  # ValueError: a chunk that is not JSON
            raise LlmError(self._redact(f"{type(error).__name__}: {error}")[:LONGEST_ERROR]) from error
        if finish_reason != "stop":  # the SDK raises nothing when a stream breaks off
            raise LlmError(f"incomplete answer: finish_reason is {finish_reason}")

    async def complete(self, messages: Sequence[dict[str, str]]) -> str:
        """Return the whole answer. Raises LlmError as `stream` does, and for an empty one."""
        text = "".join([piece async for piece in self.stream(messages)]).strip()
        if not text:
            raise LlmError("empty answer")
        return text

    async def close(self) -> None:
        if self._client is not None:
            await self._client.close()
            self._client = None

    def _connected(self) -> "AsyncOpenAI":
        if self._client is None:
            from openai import AsyncOpenAI  # noqa: PLC0415 - as above

            key = self._settings.openai_api_key
            self._client = AsyncOpenAI(
                api_key=key.get_secret_value() if key else "none",  # a local server needs no key
                base_url=self._settings.openai_base_url,
            )
        return self._client


async def _next(stream: Any, deadline: float) -> Any:  # noqa: ANN401 - the SDK's types cost its import
    """Return the next chunk; None: there are no more."""
    async with asyncio.timeout_at(deadline):
        return await anext(stream, None)
