"""Backtests under a state machine: in any order of requests, claims and crashes, each ends once.

The use cases, the rules of the queue and the fences are real, on documents in memory; `tests/stores` holds
those to what MongoDB does. A crash is a claim that is never worked on; a worker that was paused for too long
goes on with a claim that another worker has taken since.
"""

import asyncio
from collections import Counter
from collections.abc import Coroutine
from contextlib import suppress
from datetime import timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, rule

from backchat_contracts import BacktestCancelRequested, BacktestStarted
from services.backtest.domain.acceptance import Entry
from services.backtest.errors import BacktestEndedError, JobError
from services.chassis.errors import LeaseLostError
from services.chassis.jobs.queue import Claim
from tests.builders import backtest_requested, delivery
from tests.unit.backtest_service.service import ATTEMPTS, Service

ENDINGS = {"backtest.completed", "backtest.failed", "backtest.cancelled"}
UNDER_WAY = {"pending", "running"}
OUTCOMES = st.sampled_from([None, None, JobError("engine-error", "no"), RuntimeError("the process died")])


class Life(RuleBasedStateMachine):
    """Requests, claims, crashes, cancellations and redeliveries in any order."""

    jobs: Bundle[str] = Bundle("jobs")
    claims: Bundle[Claim[Entry]] = Bundle("claims")

    @initialize()
    def begin(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.service = Service()
        self.accepted: dict[str, Any] = {}
        self.final: dict[str, str] = {}

    def teardown(self) -> None:
        try:
            self.drain()
        finally:
            self.loop.close()

    def do(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self.loop.run_until_complete(work)

    @rule(
        target=jobs,
        user=st.sampled_from(["kim", "lee"]),
        priority=st.sampled_from(["high", "normal", "low"]),
        fresh=st.booleans(),
        fee=st.sampled_from([0.001, 0.002]),
    )
    def request(self, user: str, priority: str, fee: float, *, fresh: bool) -> str:
        backtest_id = f"backtest-{len(self.accepted)}"  # a random one would order claims at random
        request = backtest_requested(
            backtest_id=backtest_id, user_id=user, priority=priority, fresh=fresh, commission_rate=fee
        )
        self.do(self.service.requests.take(request, delivery()))
        self.accepted[request.backtest_id] = request
        return request.backtest_id

    @rule(job=jobs)
    def deliver_the_request_again(self, job: str) -> None:
        self.do(self.service.requests.take(self.accepted[job], delivery()))

    @rule(target=claims)
    def claim(self) -> Any:
        """Claim what is next; whether it is ever worked on is decided by the other rules."""
        now = self.service.clock()
        for job in self.do(self.service.claimable()):
            claim = self.do(self.service.queue.claim(job, now, now + timedelta(seconds=30)))
            if claim:
                return claim
        return multiple()

    @rule(claim=claims, outcome=OUTCOMES)
    def work_on(self, claim: Claim[Entry], outcome: Exception | None) -> None:
        """Go on with a claim, even if another worker has claimed the job since."""
        self.service.engine.error = outcome
        with suppress(RuntimeError):
            self.do(self.service.work_on(claim))

    @rule(claim=claims, used=st.booleans())
    def give_back(self, claim: Claim[Entry], *, used: bool) -> None:
        release = self.service.queue.retry if used else self.service.queue.give_back
        self.do(release(claim, self.service.clock()))

    @rule(claim=claims)
    def beat(self, claim: Claim[Entry]) -> None:
        with suppress(LeaseLostError):
            self.do(self.service.queue.renew(claim, self.service.clock() + timedelta(seconds=30)))

    @rule(seconds=st.sampled_from([1, 29, 31, 300]))
    def time_passes(self, seconds: int) -> None:
        self.service.clock.advance(seconds=seconds)

    @rule(job=jobs)
    def cancel(self, job: str) -> None:
        with suppress(BacktestEndedError):
            self.do(self.service.backtests.cancel(BacktestCancelRequested(backtest_id=job), delivery()))

    @rule()
    def wake(self) -> None:
        self.do(self.service.followers.wake())

    @invariant()
    def no_job_ends_twice_and_none_comes_back(self) -> None:
        if not hasattr(self, "service"):
            return
        documents = self.service.store.memory.documents
        ends = Counter(r.key for r in self.service.store.memory.sent if r.topic in ENDINGS)
        for job in self.accepted:
            status = documents[job]["status"]
            assert ends[job] == (status not in UNDER_WAY), (job, status)
            assert self.final.setdefault(job, status) == status or self.final[job] in UNDER_WAY
            self.final[job] = status
        started = [r for r in self.service.store.memory.sent if r.topic == "backtest.started"]
        assert all(BacktestStarted.model_validate_json(r.value).attempt <= ATTEMPTS for r in started)

    @invariant()
    def no_event_is_missing(self) -> None:
        if not hasattr(self, "service"):
            return
        sequences: dict[str | None, list[int]] = {}
        for record in self.service.store.memory.sent:
            sequences.setdefault(record.key, []).append(int(record.headers["ce_sequence"]))
        assert all(numbers == list(range(1, len(numbers) + 1)) for numbers in sequences.values())

    @invariant()
    def whatever_is_under_way_can_still_end(self) -> None:
        """It is queued, leased, or follows one that can end."""
        if not hasattr(self, "service"):
            return
        documents = self.service.store.memory.documents
        for document in documents.values():
            if document["status"] in UNDER_WAY:
                assert "rank" in document, document

    def drain(self) -> None:
        """Let workers that do not crash finish what is left: nothing is lost."""
        if not hasattr(self, "service"):
            return
        self.service.engine.error = None
        for _ in range(6 * len(self.accepted) + 6):
            self.service.clock.advance(seconds=31)
            self.wake()
            for job in self.do(self.service.claimable()):
                now = self.service.clock()
                if claim := self.do(self.service.queue.claim(job, now, now + timedelta(seconds=30))):
                    self.do(self.service.work_on(claim))
        self.no_job_ends_twice_and_none_comes_back()
        statuses = {document["status"] for document in self.service.store.memory.documents.values()}
        assert not statuses & UNDER_WAY, statuses


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
