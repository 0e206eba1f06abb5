"""Every service's broker as it is in production, without a server: what it declares, not what it does."""

from collections.abc import Callable, Mapping
from typing import Any

from faststream.kafka import KafkaRouter

from services.backtest.routes import routes as backtest_routes
from services.chassis.messaging.consumer import Consumer
from services.chassis.messaging.kafka import Kafka
from services.chassis.settings import KafkaSettings
from services.compare.routes import routes as compare_routes
from services.session.routes import routes as session_routes

ROUTES: Mapping[str, Callable[[], KafkaRouter]] = {
    "backtest": lambda: backtest_routes(Any, Any, Any),  # type: ignore[arg-type]
    "compare": lambda: compare_routes(Any, Any),  # type: ignore[arg-type]
    "session": lambda: session_routes(Any, Any),  # type: ignore[arg-type]
}


def declared(service: str) -> Kafka:
    """Return the connection of a service with its routes."""
    kafka = Kafka(KafkaSettings(), service)
    if service in ROUTES:
        Consumer(kafka, ROUTES[service]())
    return kafka
