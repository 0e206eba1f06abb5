"""Processor time, memory, open files and threads of processes, read from Linux's /proc."""

import os
import random
import signal
from collections.abc import Iterable, Mapping
from pathlib import Path

PROC = Path("/proc")
TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
KIB = 1024
MB = 1_000_000

AVAILABLE = (PROC / "self" / "smaps_rollup").exists()


def tree(root: int) -> set[int]:
    """Return a process and all its descendants."""
    children: dict[int, list[int]] = {}
    for folder in PROC.iterdir():
        if folder.name.isdigit() and (stat := _stat(int(folder.name))):
            children.setdefault(int(stat[1]), []).append(int(folder.name))
    found, unseen = set[int](), [root]
    while unseen:
        found.add(pid := unseen.pop())
        unseen.extend(children.get(pid, ()))
    return found


def kill_child(parent: int | None, chance: random.Random) -> bool:
    """Kill one of a process's descendants; return whether there was one."""
    children = sorted(tree(parent) - {parent}) if parent else []
    try:
        os.kill(chance.choice(children), signal.SIGKILL)
    except (IndexError, ProcessLookupError):
        return False
    return True


def cpu_seconds(pids: Iterable[int]) -> float:
    """Return the processor time in seconds that these processes have used; 0 for one that has ended."""
    stats = filter(None, map(_stat, pids))
    return sum(int(stat[11]) + int(stat[12]) for stat in stats) / TICKS_PER_SECOND


def cpu_by_name(pids: Mapping[str, int]) -> dict[str, float]:
    """Return the processor time of each of these process trees."""
    return {name: cpu_seconds(tree(pid)) for name, pid in pids.items()}


def memory_mb(pids: Iterable[int]) -> tuple[float, float]:
    """Return proportional and resident set size in MB. Only the former counts a shared page once."""
    rollups = [_rollup(pid) for pid in pids]
    return sum(r.get("Pss", 0) for r in rollups) / MB, sum(r.get("Rss", 0) for r in rollups) / MB


def peak_mb(pid: int) -> float:
    """Return the largest resident set size that a process has had, in MB."""
    lines = (PROC / str(pid) / "status").read_text().splitlines()
    return next(int(line.split()[1]) * KIB / MB for line in lines if line.startswith("VmHWM:"))


def open_files(pids: Iterable[int]) -> int:
    """Return how many file descriptors these processes have open."""
    return sum(_entries(pid, "fd") for pid in pids)


def threads(pids: Iterable[int]) -> int:
    """Return how many threads these processes have."""
    return sum(_entries(pid, "task") for pid in pids)


def _entries(pid: int, name: str) -> int:
    try:
        return sum(1 for _ in (PROC / str(pid) / name).iterdir())
    except OSError:  # it has ended
        return 0


def _stat(pid: int) -> list[str] | None:
    """Return the fields of `stat` behind the program's name: state, parent, ...; see proc(5)."""
    try:
        return (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:  # it has ended
        return None


def _rollup(pid: int) -> dict[str, int]:
    """Return the sums over its memory mappings in bytes."""
    try:
        lines = (PROC / str(pid) / "smaps_rollup").read_text().splitlines()[1:]
    except OSError:
        return {}
    return {line.split(":")[0]: int(line.split()[1]) * KIB for line in lines}
