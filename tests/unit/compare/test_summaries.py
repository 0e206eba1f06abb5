"""Summaries by a language model: written by a worker under a lease, replaced when the model fails."""

from datetime import timedelta
from typing import Literal

import pytest

from backchat_contracts import ComparisonCompleted, ComparisonFailed
from services.chassis.errors import RequestMismatchError, StoreUnavailableError
from services.chassis.stored import Stored
from services.compare.ports import Comparison
from services.compare.summaries import GIVEN_UP_AFTER, MOST_ATTEMPTS, Writer
from services.compare.views import view_comparison
from tests.builders import comparison_requested, delivery
from tests.fakes import FakeComparisons, FakeSummariser
from tests.unit.compare.service import Service

pytestmark = pytest.mark.anyio


async def with_writer(text: str | None) -> tuple[Service, FakeSummariser]:
    summariser = FakeSummariser(text)
    service = Service(summariser)
    await service.know("Calm")
    return service, summariser


async def test_with_a_language_model_the_summary_is_written_by_a_worker() -> None:
    service, summariser = await with_writer("Calm is calm.")
    request, came = comparison_requested(strategy_ids=["calm"]), delivery()
    await service.comparisons.compare(request, came)
    assert service.announced == [request.comparison_id]
    assert service.answers_to(came) == service.published() == []

    await service.work(request.comparison_id)
    (completed,) = service.published()
    assert service.answers_to(came) == [view_comparison(completed)]
    assert (completed.summary, completed.provider) == ("Calm is calm.", "fake-model")
    assert (completed.metric, completed.best_strategy_id) == ("volatility", "calm")
    (asked,) = summariser.asked
    assert (asked.query, asked.strategies_data) == (request.query, completed.strategies_data)
    assert "'Calm'" in (asked.summary or "")
    assert await service.queue.due(service.clock() + timedelta(days=1)) == []


async def test_a_repeated_request_meanwhile_gets_the_same_summary() -> None:
    service, summariser = await with_writer("Calm is calm.")
    request = comparison_requested(strategy_ids=["calm"])
    first, second, later = delivery(), delivery(), delivery()
    await service.comparisons.compare(request, first)
    await service.comparisons.compare(request, second)
    await service.comparisons.compare(request, second)  # the same record, delivered again
    await service.work(request.comparison_id)
    await service.comparisons.compare(request, later)

    (completed,) = service.published()
    for came in (first, second, later):
        assert service.answers_to(came) == [view_comparison(completed)]
    assert len(summariser.asked) == 1


async def test_another_request_does_not_wait_for_a_summary_of_the_same_id() -> None:
    service, _ = await with_writer("Calm is calm.")
    request, other = comparison_requested(strategy_ids=["calm"]), delivery()
    await service.comparisons.compare(request, delivery())

    with pytest.raises(RequestMismatchError):
        await service.comparisons.compare(request.model_copy(update={"query": "Who?"}), other)
    await service.work(request.comparison_id)
    assert service.answers_to(other) == []


class ForgetfulComparisons(FakeComparisons):
    """Does not answer twice after a comparison is completed."""

    refused = 0

    async def complete(self, read: Stored[Comparison], event: ComparisonCompleted) -> None:
        self.refused = 2
        await super().complete(read, event)

    async def get(self, comparison_id: str) -> Stored[Comparison] | None:
        if self.refused:
            self.refused -= 1
            raise StoreUnavailableError("away")
        return await super().get(comparison_id)


async def test_requesters_are_answered_if_the_database_leaves_after_the_end() -> None:
    service = Service(FakeSummariser("Calm is calm."), ForgetfulComparisons())
    await service.know("Calm")
    request, came = comparison_requested(strategy_ids=["calm"]), delivery()
    await service.comparisons.compare(request, came)
    await service.work(request.comparison_id)

    (completed,) = service.published()
    assert service.answers_to(came) == [view_comparison(completed)]


async def test_a_model_without_words_leaves_the_computed_summary() -> None:
    service, _ = await with_writer(None)
    request, came = comparison_requested(strategy_ids=["calm"]), delivery()
    await service.comparisons.compare(request, came)
    await service.work(request.comparison_id)

    (completed,) = service.published()
    assert completed.provider == "computed"
    assert completed.summary is not None
    assert "'Calm'" in completed.summary
    assert service.answers_to(came) == [view_comparison(completed)]


async def test_what_is_still_pending_when_there_is_no_model_any_more_is_computed() -> None:
    service, _ = await with_writer("Prose.")
    request, came = comparison_requested(strategy_ids=["calm"]), delivery()
    await service.comparisons.compare(request, came)
    service.writer = Writer(service.comparing, service.store, None, service.reply, service.clock)
    written_at = service.clock.advance(minutes=1)
    await service.work(request.comparison_id)

    (completed,) = service.published()
    assert (completed.provider, completed.completed_at) == ("computed", written_at)
    assert completed.summary is not None
    assert "'Calm'" in completed.summary
    assert service.answers_to(came) == [view_comparison(completed)]


@pytest.mark.parametrize("mode", ["computed", "none"])
async def test_a_request_without_a_model_gets_none(mode: Literal["computed", "none"]) -> None:
    service, summariser = await with_writer("Prose.")
    completed = await service.compare(strategy_ids=["calm"], summary=mode)

    assert completed.summary != "Prose."
    assert not summariser.asked


async def test_a_worker_that_lost_its_claim_sends_no_reply() -> None:
    service, _ = await with_writer("Prose.")
    request, came = comparison_requested(strategy_ids=["calm"]), delivery()
    await service.comparisons.compare(request, came)
    now = service.clock()
    lost = await service.queue.claim(request.comparison_id, now, now)
    assert lost is not None
    await service.work(request.comparison_id)
    before = len(service.reply.sent)
    end = await service.writer.run(lost)
    await end()

    assert len(service.reply.sent) == before == 1
    assert len(service.published()) == 1


async def test_a_comparison_that_keeps_killing_its_worker_is_computed() -> None:
    service, summariser = await with_writer("Prose.")
    request = comparison_requested(strategy_ids=["calm"])
    await service.comparisons.compare(request, delivery())
    for _ in range(3):  # claimed by workers that died
        assert await service.queue.claim(request.comparison_id, service.clock(), service.clock())
    await service.work(request.comparison_id)

    assert not summariser.asked
    assert [completed.provider for completed in service.published()] == ["computed"]


class WithoutRoom(FakeComparisons):
    """Completes nothing, however often it is tried."""

    async def complete(self, read: Stored[Comparison], event: ComparisonCompleted) -> None:
        raise RuntimeError(f"no room for {event.summary} in {read}")


async def test_a_comparison_that_can_not_be_completed_fails() -> None:
    summariser = FakeSummariser("Prose.")
    service = Service(summariser, WithoutRoom())
    request, came, later = comparison_requested(strategy_ids=["calm"]), delivery(), delivery()
    await service.comparisons.compare(request, came)
    for _ in range(GIVEN_UP_AFTER):
        with pytest.raises(RuntimeError):
            await service.work(request.comparison_id)
        service.clock.advance(minutes=1)
    await service.work(request.comparison_id)
    await service.comparisons.compare(request, later)

    assert len(summariser.asked) == MOST_ATTEMPTS
    (record,) = service.store.memory.sent
    failed = ComparisonFailed.model_validate_json(record.value)
    assert (record.topic, failed.comparison_id) == ("comparison.failed", request.comparison_id)
    assert service.answers_to(came) == service.answers_to(later) == [failed]


async def test_an_attempt_that_was_given_back_unused_does_not_count() -> None:
    service, _ = await with_writer("Prose.")
    request = comparison_requested(strategy_ids=["calm"])
    await service.comparisons.compare(request, delivery())
    for _ in range(3):  # claimed by workers that were told to stop
        claim = await service.queue.claim(request.comparison_id, service.clock(), service.clock())
        assert claim is not None
        await service.queue.give_back(claim, service.clock())
    await service.work(request.comparison_id)

    assert [completed.provider for completed in service.published()] == ["fake-model"]


async def test_the_events_of_a_comparison_lead_back_to_its_request() -> None:
    service, _ = await with_writer("Prose.")
    request, came = comparison_requested(strategy_ids=["calm"]), delivery()
    await service.comparisons.compare(request, came)
    await service.work(request.comparison_id)

    (record,) = service.store.memory.sent
    assert record.headers["correlation_id"] == came.origin.correlation_id
    assert record.headers["traceparent"] == came.origin.traceparent
