"""The folder of a run, with its logs and data: emptied for the next one."""

import shutil
from pathlib import Path

from deploy.embedded.errors import UnusableError

MARK = ".chaos"


def run_folder(output: Path) -> Path:
    """Return an empty folder beside the file for the figures.

    Raises:
        UnusableError: there is something else of that name, or it can't be made.

    """
    folder = output.with_name(f"{output.stem}-run")
    if folder.exists() and not (folder / MARK).exists():
        raise UnusableError(f"{folder} is no folder of a chaos run: move it away, or name another output")
    try:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        (folder / MARK).touch()
    except OSError as error:
        raise UnusableError(f"can't use {folder}: {error.strerror}") from error
    return folder
