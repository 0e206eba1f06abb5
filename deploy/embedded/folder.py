"""The data folder: made if missing, and held by one stack at a time."""

import contextlib
import fcntl
from collections.abc import Iterator
from pathlib import Path

from deploy.embedded.errors import UnusableError


@contextlib.contextmanager
def held(folder: Path) -> Iterator[None]:
    """Hold the folder until the end of the block; the lock is released even if this process is killed.

    Raises:
        UnusableError: it can't be made or written to, or another stack holds it.

    """
    with contextlib.ExitStack() as files:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            lock = files.enter_context((folder / ".lock").open("w"))
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UnusableError(f"the data folder {folder} is in use by another running stack") from None
        except OSError as error:
            raise UnusableError(f"can't use the data folder {folder}: {error.strerror}") from error
        yield
