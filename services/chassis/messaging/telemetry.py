"""Metrics and traces of records, by FastStream's middlewares: each is switched on by a setting."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from services.chassis.messaging.envelope import TRACEPARENT
from services.chassis.settings import KafkaSettings

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SpanExporter
    from prometheus_client import Counter

FLUSH_MILLISECONDS: Final = 2000
METRICS_TYPE: Final = b"text/plain; version=0.0.4; charset=utf-8"
"""The content type of a page of metrics."""


class Telemetry:
    """Metrics and traces of the records that a service handles and publishes.

    Args:
        settings: `kafka_metrics` and `kafka_tracing` switch it on; the libraries are imported only then.
        service: its name, in every metric and span.
        exporter: where spans go; by default the OTLP endpoint of the `OTEL_EXPORTER_OTLP_*` variables.

    Attributes:
        middlewares: for the broker.
        metrics: returns a page in Prometheus' text format, with the number of tasks of the calling event
            loop; None where they are switched off.

    """

    def __init__(self, settings: KafkaSettings, service: str, exporter: "SpanExporter | None" = None) -> None:
        self.middlewares: list[Any] = []
        self.metrics: Callable[[], bytes] | None = None
        self._dead_letters: Counter | None = None
        self._provider: TracerProvider | None = None
        if settings.kafka_metrics:
            self._measure(service)
        if settings.kafka_tracing:
            self._trace(service, exporter)

    def _measure(self, service: str) -> None:
        import prometheus_client as prometheus  # noqa: PLC0415 - as the setting says
        from faststream.kafka.prometheus import KafkaPrometheusMiddleware  # noqa: PLC0415

        registry = prometheus.CollectorRegistry()
        prometheus.ProcessCollector(registry=registry)
        told = "Tasks of the event loop that are not done."
        tasks = prometheus.Gauge("backchat_asyncio_tasks", told, registry=registry)
        tasks.set_function(lambda: len(asyncio.all_tasks()))
        told = "Records written to a dead-letter topic."
        self._dead_letters = prometheus.Counter("backchat_dead_letters", told, ["topic"], registry=registry)
        self.middlewares.append(KafkaPrometheusMiddleware(registry=registry, app_name=f"backchat-{service}"))
        self.metrics = partial(prometheus.generate_latest, registry)

    def _trace(self, service: str, exporter: "SpanExporter | None") -> None:
        from faststream.kafka.opentelemetry import KafkaTelemetryMiddleware  # noqa: PLC0415 - as the setting says
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415
        from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
        from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
        from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415

        self._provider = TracerProvider(resource=Resource.create({"service.name": f"backchat-{service}"}))
        self._provider.add_span_processor(BatchSpanProcessor(exporter or OTLPSpanExporter()))
        self.middlewares.append(KafkaTelemetryMiddleware(tracer_provider=self._provider))

    def count_dead_letter(self, topic: str) -> None:
        """Count a record that was not handled: FastStream's metrics count it as a success."""
        if self._dead_letters is not None:
            self._dead_letters.labels(topic).inc()

    def continuing(self, headers: Mapping[str, str]) -> AbstractContextManager[None]:
        """Publish as part of the trace that these headers name, or else of the current one."""
        return _attached(headers) if self._provider and TRACEPARENT in headers else nullcontext()

    def flush(self) -> None:
        """Export the spans that are left."""
        if self._provider:
            self._provider.force_flush(FLUSH_MILLISECONDS)


@contextmanager
def _attached(headers: Mapping[str, str]) -> Iterator[None]:
    from opentelemetry import context  # noqa: PLC0415
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator  # noqa: PLC0415

    token = context.attach(TraceContextTextMapPropagator().extract(headers))
    try:
        yield
    finally:
        context.detach(token)
