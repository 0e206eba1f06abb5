"""`python -m services.compare`: the compare service alone, against the Kafka and MongoDB of its settings."""

from functools import partial

from services.chassis.process.service import load, run_service
from services.compare.bootstrap import assemble
from services.compare.settings import CompareSettings

if __name__ == "__main__":
    settings = load(CompareSettings)
    run_service("compare", settings, partial(assemble, settings))
