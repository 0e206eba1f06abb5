"""`python -m deploy.embedded.mongodb`: SecantusDB in the place of MongoDB, on 127.0.0.1.

Its own command line can't set how often it searches for expired documents, for which it reads all that may
expire, and does not give freed memory back: what it holds would grow for as long as it is used.
"""

import argparse
import ctypes
import logging
import signal
import threading
from typing import Final

from secantus import SecantusDBServer

CACHE_SIZE: Final = "32M"
"""The default, 1G, would be more than all services together; the file cache of the system holds the rest.
With 16M it hangs when 500 documents with ten indexes are written at once: what transactions have not yet
committed may take a fifth of the cache."""
EXPIRY_SECONDS: Final = 600.0
TRIM_SECONDS: Final = 5.0


def main(port: int, folder: str) -> None:
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with SecantusDBServer(
        port=port,
        storage_path=folder,
        enable_test_commands=False,  # they are on by default, and let a client stop it
        replica_set_name=None,  # a member of a replica set would write an oplog, which is not needed
        cache_size=CACHE_SIZE,
        sync_on_commit=True,  # without it a crash loses acknowledged writes
        ttl_sweep_seconds=EXPIRY_SECONDS,
    ):
        while not stop.wait(TRIM_SECONDS):
            give_memory_back()


def give_memory_back() -> None:
    """Return freed memory to the system, where the C library is glibc."""
    if trim := getattr(ctypes.CDLL(None), "malloc_trim", None):
        trim(0)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="The database of the embedded stack.")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--folder", required=True)
    main(**vars(parser.parse_args()))
