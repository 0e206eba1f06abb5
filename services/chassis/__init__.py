"""The chassis: what every service is built on. It imports no service.

Four rooms; each imports only those below it, and says in its docstring what it promises:
- `process`: start, stop, health, watchdog
- `jobs`: long work under a lease
- `storage`: documents that change together with their events
- `messaging`: Kafka: events, requests and replies, dead letters

Beside `storage` is `stored`, state as it was read, without storage types. Below all are `settings`, `errors`,
`logging`, `llm`, `paging` (lists by cursor) and `faults` (tests break a process there). Import-linter checks.
"""
