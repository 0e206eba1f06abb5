"""Backtests as jobs: what Backchat makes of them beside Celery and taskiq, and what a claim costs."""
