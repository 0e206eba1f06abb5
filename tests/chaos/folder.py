"""The folder of a chaos or soak run for its logs and data; the next run empties it."""

import logging
import shutil
from pathlib import Path

from deploy.embedded.errors import UnusableError

MARK = ".backchat-run"


def run_folder(output: Path) -> Path:
    """Return an empty folder beside the file of the figures.

    Raises:
        UnusableError: a folder of this name is not of such a run, or it can't be made.

    """
    folder = output.with_name(f"{output.stem}-run")
    if folder.exists() and not (folder / MARK).exists():
        raise UnusableError(f"{folder} is not a folder of a run: move it away, or name another output")
    try:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        (folder / MARK).touch()
    except OSError as error:
        raise UnusableError(f"can't use {folder}: {error.strerror}") from error
    return folder


def log_clients_to(path: Path) -> None:
    """Write the Kafka client's log of broken connections to a file, not between the lines of the report."""
    logger = logging.getLogger("aiokafka")
    logger.addHandler(logging.FileHandler(path, encoding="utf-8"))
    logger.propagate = False
