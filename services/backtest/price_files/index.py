"""What was read of each file, kept between runs, so that a start reads only what is new."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from time import time
from typing import Final

from pydantic import TypeAdapter

from services.backtest.domain.instruments import Finding
from services.backtest.price_files.arrow import Stored, arrow_path, write_whole
from services.backtest.price_files.prices import read_manifest
from services.backtest.price_files.scanning import shown

FORMAT: Final = 1
"""To be raised when reading, checks or files change: what another version wrote is not used."""
DAY: Final = 86_400.0


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file gave when it had this size and time, on a day."""

    size: int
    mtime_ns: int
    day: date
    stored: tuple[Stored, ...]
    findings: tuple[Finding, ...]

    @property
    def outdated_by_time(self) -> bool:
        """Whether another day can change it: what was in the future may be past."""
        return any(each.code == "impossible-date" for each in self.findings)


@dataclass(frozen=True, slots=True)
class _Index:
    format: int
    folder: str
    files: dict[str, Reading]


_INDEX: Final = TypeAdapter(_Index)


def load_index(cache: Path, folder: Path) -> dict[str, Reading]:
    """Return what was read of each file, by path; nothing if that is missing, damaged, of another version."""
    try:
        index = _INDEX.validate_json(_path(cache, folder).read_bytes())
    except (OSError, ValueError):
        return {}
    return index.files if index.format == FORMAT and index.folder == shown(str(folder)) else {}


def save_index(cache: Path, folder: Path, files: dict[str, Reading]) -> None:
    """Write the index. Raises CacheNotWritable."""
    write_whole(_path(cache, folder), _INDEX.dump_json(_Index(FORMAT, shown(str(folder)), files)))


def remove_stale(cache: Path) -> None:
    """Remove Arrow files and manifests to which nothing of the last day refers.

    A manifest is in use for a day after it was last touched, as a job may have been given it. The service
    touches its own.
    """
    old = time() - DAY
    used: set[Path] = set()
    for manifest in cache.glob("manifest-*.json"):
        with suppress(OSError, ValueError):
            if manifest.stat().st_mtime > old:
                used |= {arrow_path(cache, each.instrument.content) for each in read_manifest(manifest)}
            else:
                manifest.unlink()
    for path in (*cache.glob("*.arrow"), *cache.glob("*.tmp")):
        with suppress(OSError):
            if path not in used and path.stat().st_mtime <= old:
                path.unlink()


def _path(cache: Path, folder: Path) -> Path:
    return cache / f"index-{sha256(shown(str(folder)).encode()).hexdigest()[:16]}.json"
