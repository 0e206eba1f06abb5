"""The chassis's errors.

ChassisError
├── UnavailableError        a server does not answer: try again, nothing was lost
│   ├── StoreUnavailableError
│   └── BrokerUnavailableError
├── NoReplyError            nobody answered in time
└── StaleError              somebody else changed the document meanwhile
"""


class ChassisError(Exception):
    """Base of the chassis's errors."""


class UnavailableError(ChassisError):
    """A server does not answer. Trying again is safe."""


class StoreUnavailableError(UnavailableError):
    """MongoDB does not answer."""


class BrokerUnavailableError(UnavailableError):
    """Kafka does not answer."""


class NoReplyError(ChassisError):
    """Nobody answered in time. The request may still be carried out."""


class StaleError(ChassisError):
    """The document changed since it was read. Read it again."""
