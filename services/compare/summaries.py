"""Completes comparisons under a lease: computes them, and lets a language model write the summary."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from functools import partial

import structlog

from backchat_contracts import ComparisonCompleted, ComparisonFailed, Contract
from services.chassis.errors import StaleError, UnavailableError
from services.chassis.jobs.queue import Claim
from services.chassis.jobs.workers import Ending
from services.chassis.messaging.publishing import Reply
from services.chassis.waiting import until_servers_answer
from services.compare.comparing import Comparing
from services.compare.errors import SummaryError
from services.compare.ports import Comparison, ComparisonStore, Summariser
from services.compare.views import view_comparison
from services.language.name_wording import said_as_read

log = structlog.get_logger()

MOST_ATTEMPTS = 3
"""How many attempts the language model gets; after them the computed summary is kept."""
GIVEN_UP_AFTER = 6
"""After this number of attempts there is no comparison: what always fails would be tried for ever."""


class Writer:
    """Completes one claimed comparison."""

    def __init__(
        self,
        comparing: Comparing,
        comparisons: ComparisonStore,
        summariser: Summariser | None,
        reply: Reply,
        clock: Callable[[], datetime],
    ) -> None:
        self._comparing = comparing
        self._comparisons = comparisons
        self._summariser = summariser
        self._reply = reply
        self._clock = clock

    async def run(self, claim: Claim[Comparison]) -> Ending:
        """Compute a claimed comparison, and return how to complete it."""
        asked = claim.state.asked
        if asked is None or claim.attempt > GIVEN_UP_AFTER:
            return partial(self._fail, claim)
        completed = (await self._comparing.compute(asked)).completed(asked, self._clock())
        if asked.summary == "auto" and self._summariser is not None and claim.attempt <= MOST_ATTEMPTS:
            prose = await self._prose(completed, self._summariser)
            completed = completed.model_copy(update={**prose, "completed_at": self._clock()})
        return partial(self._complete, claim, completed)

    async def _complete(self, claim: Claim[Comparison], completed: ComparisonCompleted) -> None:
        with suppress(StaleError):  # another worker has claimed it
            await self._comparisons.complete(claim.job, completed)
            await self._tell(claim.job_id, view_comparison(completed))

    async def _fail(self, claim: Claim[Comparison]) -> None:
        failed = ComparisonFailed(
            comparison_id=claim.job_id,
            session_id=claim.state.asked and claim.state.asked.session_id,
            code="internal-error",
            detail="the comparison could not be completed; the log of the compare service says why",
        )
        with suppress(StaleError):  # another worker has claimed it
            await self._comparisons.fail(claim.job, failed)
            await self._tell(claim.job_id, failed)

    async def _tell(self, comparison_id: str, answer: Contract) -> None:
        """Answer every requester: the first, and those that joined meanwhile."""
        stored = await until_servers_answer(partial(self._comparisons.get, comparison_id), _log_failure)
        for address in stored.state.waiting if stored else ():
            await self._reply(address, answer)

    async def _prose(self, computed: ComparisonCompleted, summariser: Summariser) -> Mapping[str, str]:
        """Return what replaces the computed summary; nothing where there is no prose."""
        try:
            written = await summariser.summarise(computed)
        except SummaryError as error:
            log.warning("computed summary kept", comparison=computed.comparison_id, error=str(error))
            return {}
        return {"summary": "\n".join([*_names_read(computed), written.text]), "provider": written.provider}


def _names_read(computed: ComparisonCompleted) -> Iterator[str]:
    """Yield how names were read, which is said whatever a model writes."""
    if read := computed.understood:
        for each in read.read_as:
            yield said_as_read(each.written, each.name, read.language)


def _log_failure(error: UnavailableError) -> None:
    log.warning("the answer of a comparison waits for a server", error=str(error), again=True)
