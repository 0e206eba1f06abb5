"""Process: how a service starts, stops, reports its health and ends when it is stuck.

- **Start.** `load` reads the settings, `run_service` connects to Kafka and lets the service assemble its
  parts. If a server does not answer, the process ends, and its supervisor starts it again.
- **Stop.** On SIGTERM or SIGINT the parts stop in reverse order: consumer and workers have `DRAIN_SECONDS` to
  finish what they have. A process that is not gone three seconds after that is ended; its work is done again.
- **Health.** With `HEALTH_PORT` set, `/health/live` answers while the event loop runs, `/health/ready` says
  200 if Kafka and the database answer and the consumer makes progress, else 503.
- **Watchdog.** A consumer that makes no progress for half of `WATCHDOG_SECONDS` is not ready; after all of
  it, the process gives its jobs back and ends. So does one whose event loop is blocked, or whose consumer has
  died.

Exit codes: 0 stopped; 1 not stopped in time, or a bug; 2 wrong setting or option; 69 a server does not
answer; 70 stuck; 78 the database was written by another version. Each but 0 comes with a line that says why.

Modules
- `service`: settings, start, signals, stop
- `health`: the health endpoints
- `watchdog`: ends a stuck process
"""
