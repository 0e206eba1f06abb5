"""`python -m services.session`: the session service alone, against the Kafka and MongoDB of its settings."""

from functools import partial

from services.chassis.process.service import load, run_service
from services.session.bootstrap import assemble
from services.session.settings import SessionSettings

if __name__ == "__main__":
    settings = load(SessionSettings)
    run_service("session", settings, partial(assemble, settings))
