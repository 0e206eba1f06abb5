"""`tests/flows/test_backtests.py` on containers."""

from tests.flows.test_backtests import *
