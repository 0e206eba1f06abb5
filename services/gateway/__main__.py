"""`python -m services.gateway`: the HTTP gateway alone, against the Kafka of its settings."""

import asyncio
from contextlib import suppress

import uvicorn

from services.chassis.logging import configure_logging
from services.chassis.process.service import exit_code_of_errors, load
from services.gateway.bootstrap import create_app
from services.gateway.connections import limited
from services.gateway.server import Server
from services.gateway.settings import GatewaySettings

if __name__ == "__main__":
    settings = load(GatewaySettings)
    configure_logging(settings, "gateway")
    stopping = asyncio.Event()
    app = create_app(settings, stopping)
    config = uvicorn.Config(
        app,
        lifespan="off",  # the server sees to it
        host=settings.host,
        port=settings.port,
        http=limited(settings),
        ws="none",
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=int(settings.drain_seconds),
    )
    with suppress(KeyboardInterrupt), exit_code_of_errors():
        Server(app, config, stopping).run()
