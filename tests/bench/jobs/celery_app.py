"""The job under Celery, configured as close to Backchat's guarantees as Celery can be.

A job is acknowledged when its result is stored, and delivered again when its process dies; start and result
are journalled in MongoDB. It has as many child processes as Backchat has worker processes.
"""

import os

from celery import Celery

from tests.bench.jobs.work import backtest

PREFETCH = 32
"""Messages prefetched per child process: as many short jobs as Backchat claims at once."""

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
