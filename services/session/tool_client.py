"""Calls tools through Kafka: each is a request to the service that owns the data."""

import asyncio
import time
from typing import Final

import structlog
from pydantic import ValidationError

from services.chassis.errors import BrokerUnavailableError, NoReplyError
from services.chassis.messaging.envelope import Delivery, Origin
from services.chassis.messaging.request_client import RequestClient, refusal_in
from services.session.domain.tools import TOOLS, Caller
from services.session.domain.turn import Outcome, ToolCall

log = structlog.get_logger()

AGAIN_SECONDS: Final = 5.0
"""After this time a request is sent again: a broker that keeps records in memory may have lost it."""
PAUSE_SECONDS: Final = 0.5
"""After a request that the broker did not take."""


class ToolClient:
    """Sends the request of a call until it is answered; it has the call's id, so it is carried out once.

    Args:
        request_client: sends requests.
        seconds: how long an answer is waited for.

    """

    def __init__(self, request_client: RequestClient, seconds: float) -> None:
        self._request_client = request_client
        self._seconds = seconds

    async def call(self, call: ToolCall, caller: Caller, origin: Origin) -> Outcome:
        """Make a call, and return what came of it."""
        began = time.monotonic()
        try:
            async with asyncio.timeout(self._seconds):
                reply = await self._reply(call, caller, origin)
        except ValidationError as error:  # no such request is sent
            problems = "; ".join(
                f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors()
            )
            return Outcome(time.monotonic() - began, code="invalid-request", detail=problems)
        except TimeoutError:
            detail = f"'{call.tool}' got no answer within {self._seconds:g} s"
            return Outcome(time.monotonic() - began, code="no-data", detail=detail)
        seconds = time.monotonic() - began
        if refusal := refusal_in(reply):
            return Outcome(seconds, code=refusal.code, detail=refusal.detail, extra=refusal.extra)
        return Outcome(seconds, TOOLS[call.tool].reply.model_validate_json(reply.value))

    async def _reply(self, call: ToolCall, caller: Caller, origin: Origin) -> Delivery:
        request = TOOLS[call.tool].request(call, caller)
        while True:
            try:
                return await self._request_client.request(request, origin, AGAIN_SECONDS)
            except NoReplyError as error:
                log.info("request sent again", tool=call.tool, call=call.id, error=str(error))
            except BrokerUnavailableError as error:
                log.warning("request sent again", tool=call.tool, call=call.id, error=str(error), again=True)
                await asyncio.sleep(PAUSE_SECONDS)
