"""Faults that a test arms in running processes; the points are those of `services/chassis/faults.py`."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Faults:
    """The folder in which points are armed: `BACKCHAT_FAULTS` of the processes."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder

    def arm(self, point: str, action: str) -> None:
        """Arm a point with `kill`, `raise` or `sleep SECONDS`; `once` after it disarms it when reached."""
        beside = self.folder / f".{point}"
        beside.write_text(action)
        beside.rename(self.folder / point)  # never seen half written

    def disarm(self, point: str) -> None:
        (self.folder / point).unlink(missing_ok=True)

    def armed(self, point: str) -> bool:
        return (self.folder / point).exists()

    @contextmanager
    def at(self, point: str, action: str) -> Iterator[None]:
        self.arm(point, action)
        try:
            yield
        finally:
            self.disarm(point)

    def slow(self, reason: str, seconds: float) -> str:
        """Make backtests that are triggered for this reason take so long; return the reason."""
        self.arm(f"simulation:{reason}", f"sleep {seconds}")
        return reason
