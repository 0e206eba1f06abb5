"""The chassis: what every service is built on. It imports no service.

Four packages (rooms); each imports only those below it, and says in its docstring what it promises:
- `process`: start, stop, health, watchdog
- `jobs`: long work under a lease
- `storage`: documents that change together with their events
- `messaging`: Kafka: events, requests and replies, dead letters

Between `storage` and `messaging` is `stored`: state as it was read, without storage types. Below all are
`settings`, `errors`, `logging`, `paging` (lists by cursor) and `faults` (points at which tests make a process
fail). Import-linter checks these layers.
"""
