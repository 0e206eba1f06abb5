"""`tests/flows/test_compare.py` on containers."""

from tests.flows.test_compare import *
