"""Benchmark: Backchat's latency and throughput here, and those of the same path without any logic."""
