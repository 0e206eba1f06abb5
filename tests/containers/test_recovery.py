"""`tests/flows/test_recovery.py` on containers."""

from tests.flows.test_recovery import *
