"""Metrics and traces of records, each switched on by its setting."""

import asyncio
from typing import Any

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from backchat_contracts import SessionEnded, SessionRequested
from services.chassis.errors import RefusalError
from services.chassis.messaging.envelope import Origin, encode
from services.chassis.messaging.kafka import Kafka
from services.chassis.messaging.routing import current_delivery, event_router
from services.chassis.messaging.telemetry import Telemetry
from services.chassis.process.health import health_app
from services.chassis.settings import KafkaSettings
from tests.builders import NOW, session_requested
from tests.fakes import FakeKafka
from tests.pipeline import Acknowledging, pipeline

pytestmark = pytest.mark.anyio

TRACE, SPAN = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"


def observed(exporter: InMemorySpanExporter | None = None, **settings: Any) -> Telemetry:
    return Telemetry(KafkaSettings(**settings), "session", exporter)


async def test_without_the_settings_nothing_is_observed() -> None:
    telemetry = observed()
    assert (telemetry.middlewares, telemetry.metrics) == ([], None)


async def test_records_are_counted_and_a_dead_letter_is_counted_as_such() -> None:
    router = event_router()

    @router.subscriber("session.requested")
    async def create(event: SessionRequested) -> None:
        if event.user_id == "bad":
            raise ValueError(event.user_id)

    kafka = FakeKafka("session", kafka_metrics=True, kafka_handler_attempts=1)
    async with pipeline(kafka, router) as made:
        await made.publish(session_requested())
        await made.publish(session_requested(user_id="bad"))

    assert kafka.telemetry.metrics is not None
    page = kafka.telemetry.metrics().decode()
    labels = 'app_name="backchat-session",broker="kafka",handler="session.requested"'
    assert f"faststream_received_messages_total{{{labels}}} 2.0" in page
    assert 'backchat_dead_letters_total{topic="session.requested"} 1.0' in page
    assert f"backchat_asyncio_tasks {len(asyncio.all_tasks())}.0" in page


async def test_the_metrics_are_a_page_beside_the_health_endpoints() -> None:
    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    for telemetry, status in ((observed(kafka_metrics=True), 200), (observed(), 404)):
        await health_app({}, telemetry.metrics)({"path": "/metrics"}, None, send)
        assert sent[-2]["status"] == status
    assert b"process_cpu_seconds_total" in sent[1]["body"]


def trace_of(span: ReadableSpan) -> str:
    context = span.get_span_context()
    assert context is not None
    return f"{context.trace_id:032x}"


async def test_an_event_of_an_outbox_goes_on_with_the_trace_that_it_was_stored_with() -> None:
    spans = InMemorySpanExporter()
    telemetry = observed(spans, kafka_tracing=True)
    kafka = Kafka(KafkaSettings(), "session", telemetry)
    published: list[Any] = []
    kafka.broker.insert_middleware(Acknowledging.into(published))
    event = SessionEnded(session_id="s-1", ended_at=NOW)
    stored = encode(event, source="session", origin=Origin("c-1", f"00-{TRACE}-{SPAN}-01"))

    async with pipeline(kafka, event_router()):
        await kafka.send(stored)
    telemetry.flush()
    assert {trace_of(span) for span in spans.get_finished_spans()} == {TRACE}
    (sent,) = published
    assert sent.headers["traceparent"].split("-")[1] == TRACE
    assert sent.headers["correlation_id"] == "c-1"


async def test_handling_a_record_is_a_span_of_its_trace() -> None:
    router = event_router()
    seen: list[str | None] = []

    @router.subscriber("session.requested")
    async def create(_event: SessionRequested) -> None:
        seen.append(current_delivery().origin.traceparent)

    spans = InMemorySpanExporter()
    kafka = FakeKafka("session", telemetry=observed(spans, kafka_tracing=True))
    async with pipeline(kafka, router) as made:
        record = await made.publish(session_requested())
    kafka.telemetry.flush()
    names = {span.name for span in spans.get_finished_spans()}
    assert "session.requested process" in names
    assert seen[0] is not None
    assert record.headers["traceparent"].split("-")[1] == seen[0].split("-")[1]


async def test_a_reply_is_part_of_the_trace_of_its_request() -> None:
    router = event_router()
    kafka = Kafka(KafkaSettings(), "session", observed(InMemorySpanExporter(), kafka_tracing=True))

    @router.subscriber("session.requested")
    async def refuse(_event: SessionRequested) -> None:
        raise RefusalError("no")

    published: list[Any] = []
    kafka.broker.insert_middleware(Acknowledging.into(published))
    async with pipeline(kafka, router) as made:
        await made.publish(session_requested())
    traces = {sent.destination: sent.headers["traceparent"].split("-")[1] for sent in published}
    assert traces["gateway.replies"] == traces["session.requested"]
