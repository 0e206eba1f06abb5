"""Which files of prices a folder has, with the size and time of each."""

import os
from pathlib import Path
from typing import NamedTuple

from services.backtest.price_files.formats import is_listed


class File(NamedTuple):
    """A file, and what differs once it is written again."""

    path: str
    size: int
    mtime_ns: int


class Scan(NamedTuple):
    """The files by their shown path within the folder, sorted; the folders that can't be opened, and why."""

    files: dict[str, File]
    closed: dict[str, str]


def scan(folder: Path) -> Scan:
    """Return the files of a folder and of its sub-folders; none if there is no folder.

    A link to a folder is followed, unless it leads back.
    """
    files: dict[str, File] = {}
    closed: dict[str, str] = {}
    visited: set[tuple[int, int]] = set()
    _scan(os.fspath(folder), "", visited, files, closed)
    return Scan(dict(sorted(files.items())), closed)


def _scan(
    folder: str,
    prefix: str,
    visited: set[tuple[int, int]],
    files: dict[str, File],
    closed: dict[str, str],
) -> None:
    try:
        status = os.stat(folder)  # noqa: PTH116 - of thousands of files, every two seconds
        if (status.st_dev, status.st_ino) in visited:
            return
        visited.add((status.st_dev, status.st_ino))
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except FileNotFoundError:
        return
    except OSError as error:
        closed[shown(prefix.rstrip("/")) or "."] = error.strerror or type(error).__name__
        return
    for entry in entries:
        try:
            if entry.is_dir():
                if not entry.name.startswith("."):
                    _scan(entry.path, f"{prefix}{entry.name}/", visited, files, closed)
            elif is_listed(entry.name):
                status = entry.stat()
                name = shown(f"{prefix}{entry.name}")
                files[name] = File(entry.path, status.st_size, status.st_mtime_ns)
        except OSError:
            continue  # removed since, or a link that leads nowhere


def shown(path: str) -> str:
    """Return a path as UTF-8 can have it."""
    return os.fsencode(path).decode(errors="backslashreplace")
