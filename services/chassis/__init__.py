"""The chassis: what every service is built on. It imports no service.

Four packages (rooms); each imports only those below it, and says in its docstring what it promises:
- `process`: start, stop, health, watchdog
- `jobs`: long work under a lease
- `storage`: documents that change together with their events
- `messaging`: Kafka: events in and out, replies to requests, dead letters

Between `storage` and `messaging` is `stored`: state as it was read, without storage types. Below all are
`settings`, `environment` (which variables each kind of process gets), `errors`, `paging` (lists by cursor),
`logging` with `redaction` (no secrets), `printable` (no control characters) and `repeats` (of log
records), `waiting` (for a server that does not answer), and `faults` (points at which tests make a
process fail). Import-linter checks these layers.
"""
