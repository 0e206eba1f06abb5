"""The gateway's readiness: whether it can take requests, and which services do not answer them."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Literal

from backchat_contracts import BacktestQueried, ComparisonRequested, Event, SessionQueried
from services.chassis.errors import BrokerUnavailableError, NoReplyError
from services.chassis.messaging.envelope import Origin
from services.chassis.messaging.request_client import RequestClient
from services.gateway.problems import ProblemError
from services.gateway.service_client import accepted, new_id

PROBE_SECONDS: Final = 0.95
"""How long readiness may take to be found: by default, Kubernetes waits for a second."""
ANSWER_SECONDS: Final = 0.8
"""How long a service may take to answer."""
FRESH_SECONDS: Final = 5.0
"""How long it holds that all answer: readiness may be asked often, and each query is a record."""
SILENT_SECONDS: Final = 1.0
"""How long it holds that one does not."""


@dataclass(frozen=True, slots=True)
class Degradation:
    """A service that does not answer, or that answers `without` something; and since when that is known."""

    since: datetime
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Readiness:
    """What was found: the gateway's own checks, and the services that are degraded."""

    checks: Mapping[str, bool]
    degraded: Mapping[str, Degradation]

    @property
    def status(self) -> Literal["ready", "degraded", "not ready"]:
        if not all(self.checks.values()):
            return "not ready"
        return "degraded" if self.degraded else "ready"


AskReadiness = Callable[[], Awaitable[Readiness]]


def queries() -> Mapping[str, Event]:
    """Return a small query for each service, which has to look into its database to say: there is none."""
    unknown = new_id()
    return {
        "backtest": BacktestQueried(backtest_id=unknown),
        "compare": ComparisonRequested(
            comparison_id=unknown, strategy_ids=(unknown,), query="readiness", summary="none"
        ),
        "session": SessionQueried(session_id=unknown),
    }


class ServiceHealth:
    """Sends each service a small query when readiness is asked for: true of one that no client uses, too."""

    def __init__(self, request_client: RequestClient, clock: Callable[[], float] = time.monotonic) -> None:
        self._request_client = request_client
        self._clock = clock
        self._degraded: dict[str, Degradation] = {}
        self._asked_at = 0.0
        self._asking: asyncio.Task[None] | None = None

    async def degraded(self) -> Mapping[str, Degradation]:
        """Return the services that do not answer, or answer without something, and since when."""
        holds = SILENT_SECONDS if self._degraded else FRESH_SECONDS
        if self._asking is None or (self._asking.done() and self._clock() - self._asked_at >= holds):
            self._asked_at = self._clock()
            self._asking = asyncio.create_task(self._ask_all())
        await asyncio.shield(self._asking)  # others wait for it too
        return dict(sorted(self._degraded.items()))

    async def _ask_all(self) -> None:
        await asyncio.gather(*(self._ask(service, query) for service, query in queries().items()))

    async def _ask(self, service: str, query: Event) -> None:
        without: tuple[str, ...] = ()
        try:
            async with asyncio.timeout(PROBE_SECONDS):
                reply = await self._request_client.request(query, Origin(), ANSWER_SECONDS)
            without = reply.degraded
            accepted(reply)
        except (BrokerUnavailableError, TimeoutError):
            return  # nothing is known of the service
        except NoReplyError:
            answers = False
        except ProblemError as refusal:
            answers = refusal.code != "internal-error"
        else:
            answers = True
        lacks = without if answers else ()
        if answers and not lacks:
            self._degraded.pop(service, None)
        elif service not in self._degraded or self._degraded[service].without != lacks:
            self._degraded[service] = Degradation(datetime.now(UTC), lacks)
