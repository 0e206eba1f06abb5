"""The job under Celery, set for what Backchat promises as far as Celery can.

A job is acknowledged when its result is stored, and goes back when its process dies; its start and its result
are in MongoDB, in its journal. The children that run jobs are as many as Backchat's.
"""

import os

from celery import Celery

from tests.bench.jobs.work import backtest

PREFETCH = 32
"""Messages per child that are fetched ahead; Backchat claims as many short jobs at once."""

app = Celery("bench", broker=os.environ["REDIS_URL"], backend=os.environ["MONGODB_URI"])
app.conf.update(
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_track_started=True,
    worker_prefetch_multiplier=PREFETCH,
    broker_connection_retry_on_startup=True,
    broker_transport_options={"visibility_timeout": int(os.environ.get("VISIBILITY_SECONDS", "3600"))},
    mongodb_backend_settings={"database": "celery", "options": {"w": "majority", "journal": True}},
)
run_backtest = app.task(backtest, name="backtest")
