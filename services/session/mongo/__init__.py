"""The session service's collections in MongoDB, with the translation of their documents."""

from services.session.mongo.documents import read_session
from services.session.mongo.migrations import MIGRATIONS
from services.session.mongo.sessions import MongoSessions
from services.session.mongo.uses import MongoUses

__all__ = ["MIGRATIONS", "MongoSessions", "MongoUses", "read_session"]
