"""Backtests as background jobs: Backchat beside Celery and taskiq, and the cost of claiming a job."""
