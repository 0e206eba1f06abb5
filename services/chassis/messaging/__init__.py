"""Kafka: events in and out of a service, replies, dead letters.

What this package promises:

- **At least once.** A record's offset is committed when its handler has returned, or when the record is in
  its dead-letter topic with every byte. A crash delivers it again: handlers do their work once, by a key.
- **Order where it matters.** Records of one key are handled one after the other, across the topics of a
  batch; different keys concurrently, also those of the next batch.
- **Nothing blocks a partition.** A record that can't be decoded is a dead letter at once, one whose handler
  fails after `KAFKA_HANDLER_ATTEMPTS`; a server that does not answer is waited for, one that reports trouble
  of its own for eight minutes. A record that the Kafka client itself can't read is skipped, and leaves a dead
  letter with its position.
- **Foreign programs are welcome.** An event is a CloudEvent: headers and plain JSON (binary mode); structured
  mode is read too. A command that is refused is told to its publisher on a topic.

Receiving: `Consumer` polls a batch (`polling`) and runs each record through FastStream's broker: the
telemetry middlewares, `HandlingMiddleware`, then the router's parser, decoder and typed handler. Sending:
`encode` makes a record from an event, `Kafka.send` hands it to the topic's FastStream publisher.

| module | what it has |
|---|---|
| `access` | TLS and SASL by the settings, and why a broker does not let a client in |
| `envelope` | events to records: CloudEvents, origin, reply address |
| `decoding` | records to deliveries, in binary and in structured mode |
| `kafka` | the connection: broker, publishers, consumers, a producer of raw bytes |
| `topics` | the catalogue's topics, created where they are missing |
| `routing` | routers with typed handlers, and the delivery that an event came with |
| `middleware` | retries, refusals (told to the publisher too) and dead letters around every handler |
| `consumer`, `polling` | the poll loop, what is handled concurrently, commits, lag, unreadable records |
| `offset_gaps` | what a broker shows late is read again |
| `publishing` | what handlers are given to reply and publish with |
| `dead_letters` | writes dead letters; `deploy/dlq` lists, shows and replays them |
| `telemetry` | Prometheus metrics and OpenTelemetry traces, each by a setting |
| `request_client` | sends requests, and waits for their replies |
| `reaching` | time limits and translated errors around calls to Kafka |
| `faststream_names`, `aiokafka_names` | the undocumented names of each that are used |

It raises BrokerUnavailableError, RecordTooLargeError and MalformedRecordError. Its settings are
`KafkaSettings`.
"""
