"""Storage: documents in MongoDB, and the events that their changes cause.

- **State and events change together.** `Aggregates.insert` and `.change` make one atomic update of one
  document, which also appends the events to its field `outbox`. There is no change without its events and no
  event without its change, on a standalone server too, whenever the process dies.
- **A change is made only to what was read.** It names the `version` that was read; if another change came
  first, nothing is changed and StaleError is raised: the caller reads again (compare-and-set).
- **Every event is published at least once**, and each carries the document's `sequence`, which counts its
  events: consumers drop what is not newer than what they have, and notice a gap.
- **What a crash leaves is sent.** Events are sent once stored, without waiting. What failed, and what a crash
  may have left, the relay looks for: at the start and after every failed write or send. A restarted service
  sends it within five seconds; another process of the service after about half a minute (`RELAY_*_SECONDS`).
- **Documents stay small.** Acknowledged events are cleared in quiet moments, at most 30 s or 5,000 documents
  late. For a broker that forgets, `OUTBOX_KEEP_SECONDS` keeps them for longer, and each start sends them
  again.
- **Old data is migrated, newer data refused.** A database carries the version of its stored format.

Errors: StoreUnavailableError where no server answers (try again: nothing is half done), ExistsError and
StaleError for what was not stored, OtherFormatError at the connection. `MONGODB_URI` and `MONGODB_TIMEOUT_MS`
say where the server is and how long to wait for it.

Modules
- `aggregates`: the documents; what services use
- `grouped`, `grouped_update`: concurrent calls share one; many compare-and-set changes in one statement
- `outbox`, `clearing`, `schedule`: publish, and send what was left unsent; remove what is sent; when to do so
- `newest`: lists, the newest first, at the same cost for any number of documents
- `mongo`, `schema`: the driver, the connection, its errors; the version of the stored format
- `reading`: from documents to state as it was read (`stored`), and back
"""
