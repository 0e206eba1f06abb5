"""The folder of a run for its logs and data; the next run empties it."""

import shutil
from pathlib import Path

from deploy.embedded.errors import UnusableError

MARK = ".chaos"


def run_folder(output: Path) -> Path:
    """Return an empty folder beside the file of the figures.

    Raises:
        UnusableError: a folder of this name is not of a chaos run, or it can't be made.

    """
    folder = output.with_name(f"{output.stem}-run")
    if folder.exists() and not (folder / MARK).exists():
        raise UnusableError(f"{folder} is not a folder of a chaos run: move it away, or name another output")
    try:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        (folder / MARK).touch()
    except OSError as error:
        raise UnusableError(f"can't use {folder}: {error.strerror}") from error
    return folder
