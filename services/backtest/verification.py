"""Runs a completed backtest again, and says whether the result is the same."""

import asyncio
from typing import Final

import structlog

from backchat_contracts import BacktestVerification, BacktestVerificationRequested, Contract, Refused
from services.backtest.domain.backtest import Backtest
from services.backtest.domain.verification import Recorded, differences
from services.backtest.errors import (
    BacktestNotFoundError,
    JobError,
    NotRepeatedError,
    ResultNotReadyError,
    TooManyVerificationsError,
)
from services.backtest.ports import BacktestStore, Engine
from services.backtest.progress import Stage
from services.chassis.errors import RefusalError
from services.chassis.messaging.envelope import Delivery
from services.chassis.messaging.publishing import Reply

log = structlog.get_logger()

MOST_WAITING: Final = 100


class Verification:
    """Repeats backtests, one at a time: what users wait for in the queue goes on beside it.

    It changes nothing and is not stored: a requester that gets no answer asks again.
    """

    def __init__(self, backtests: BacktestStore, engine: Engine, reply: Reply) -> None:
        self._backtests = backtests
        self._engine = engine
        self._reply = reply
        self._one_at_a_time = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()

    async def request(self, request: BacktestVerificationRequested, delivery: Delivery) -> None:
        """Begin a verification, and return: the answer comes when the backtest has run."""
        if delivery.reply_address is None:
            return
        stored = await self._backtests.get(request.backtest_id)
        backtest = stored.of(Backtest) if stored else None
        if backtest is None:
            raise BacktestNotFoundError(request.backtest_id)
        if len(self._tasks) >= MOST_WAITING:
            raise TooManyVerificationsError(MOST_WAITING)
        if backtest.state.result_id is None:
            raise ResultNotReadyError(backtest.id, backtest.state.status)
        task = asyncio.create_task(self._answer(backtest.state, delivery))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def stop(self) -> None:
        """Cancel what still runs."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _answer(self, backtest: Backtest, delivery: Delivery) -> None:
        answer: Contract
        try:
            async with self._one_at_a_time:
                answer = await self._verified(backtest)
        except RefusalError as error:
            answer = Refused(code=error.code, detail=str(error))
        except Exception as error:
            log.exception("backtest not verified", backtest=backtest.id)
            refusal = NotRepeatedError(backtest.id, "engine-error", type(error).__name__)
            answer = Refused(code=refusal.code, detail=str(refusal))
        await self._reply(delivery.reply_address, answer)

    async def _verified(self, backtest: Backtest) -> BacktestVerification:
        try:
            output, _ = await self._engine.run(backtest.spec.config, _ignore)
        except JobError as error:
            raise NotRepeatedError(backtest.id, error.code, str(error)) from error
        result = await self._backtests.result(backtest.result_id or "")
        if result is None or backtest.performance is None:
            raise ResultNotReadyError(backtest.id, backtest.status)
        stored = Recorded(backtest.performance, result, backtest.provenance)
        now = Recorded(output.performance, output.result, output.provenance)
        found = await asyncio.to_thread(differences, stored, now)
        # Another engine or other prices may still give the same: that is told, and is identical.
        identical = all(each.field.startswith("provenance.") for each in found)
        if not identical:
            log.info("backtest differs", backtest=backtest.id, fields=[each.field for each in found])
        return BacktestVerification(id=backtest.id, identical=identical, differences=found)


async def _ignore(_stage: Stage) -> None:
    pass
