"""`tests/flows/test_foreign_service.py` on containers."""

from tests.flows.test_foreign_service import *
