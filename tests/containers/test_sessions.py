"""`tests/flows/test_sessions.py` on containers."""

from tests.flows.test_sessions import *
