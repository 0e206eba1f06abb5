"""What the embedded database does beside serving."""

import ctypes
import os

import pytest

from deploy.embedded.memory import resident
from deploy.embedded.mongodb import give_memory_back


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "malloc_trim"), reason="needs glibc")
def test_freed_memory_goes_back_to_the_system() -> None:
    blocks = [bytearray(2_000) for _ in range(20_000)]
    del blocks[:-1]  # the last one keeps the C library from shrinking the heap by itself
    before = resident(os.getpid())
    give_memory_back()
    assert before - resident(os.getpid()) > 20_000_000
