"""`python -m services.gateway`: the HTTP gateway alone, against the Kafka of its settings."""

import uvicorn

from services.chassis.logging import configure_logging
from services.chassis.service import load
from services.gateway.bootstrap import create_app
from services.gateway.settings import GatewaySettings

if __name__ == "__main__":
    settings = load(GatewaySettings)
    configure_logging(settings, "gateway")
    uvicorn.run(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=int(settings.drain_seconds),
    )
