"""`tests/flows/test_llm.py` on containers."""

from tests.flows.test_llm import *
