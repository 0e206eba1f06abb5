"""Each room of tests is run before a merge."""

import subprocess

from deploy.services import ROOT

ELSEWHERE = {"tests/containers"}
"""Needs a Docker engine: `make test-containers`."""


def test_each_room_is_run_before_a_merge() -> None:
    planned = subprocess.run(["make", "-n", "test"], cwd=ROOT, capture_output=True, text=True, check=True)
    run = f"{planned.stdout} {(ROOT / '.ci' / 'run').read_text()}".split()
    folders = [path for path in (ROOT / "tests").iterdir() if any(path.glob("**/test_*.py"))]
    rooms = {f"tests/{path.name}" for path in folders}
    assert rooms - ELSEWHERE - {word.removeprefix("TESTS=") for word in run} == set()
