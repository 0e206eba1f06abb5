"""The chassis: what every service is built on. It imports no service.

Four rooms; each imports only those below it, and says in its docstring what it promises:
- `process`: start, stop, health, watchdog
- `jobs`: long work under a lease
- `storage`: documents that change together with their events
- `messaging`: Kafka: events, requests and replies, dead letters

Below them are `settings`, `errors`, `logging`, `llm` and `faults` (tests break a process there), above them
is `dlq`, the command for dead letters. Import-linter checks the order.
"""
