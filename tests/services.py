"""The Kafka connection of a service with its routes, as in production but without a server."""

from importlib import import_module
from inspect import signature

from deploy.services import GATEWAY
from services.chassis.messaging.consumer import Consumer
from services.chassis.messaging.kafka import Kafka
from services.chassis.settings import KafkaSettings


def declared(service: str) -> Kafka:
    """Return the connection of a service, with the subscribers and publishers that it declares."""
    kafka = Kafka(KafkaSettings(), service)
    if service != GATEWAY:
        routes = import_module(f"services.{service}.routes").routes
        Consumer(kafka, routes(*[None] * len(signature(routes).parameters)))
    return kafka
