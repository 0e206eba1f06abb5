"""Each room of tests is run before a merge."""

import re
import tomllib

from deploy.services import ROOT

ELSEWHERE = {"tests/containers"}
"""Needs a Docker engine: `make test-containers`."""


def test_each_room_is_run_before_a_merge() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    checked = settings["tool"]["pytest"]["ini_options"]["testpaths"]
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    rest = re.findall(r'^\s*"test-all (tests/\S+)"', script, re.MULTILINE)
    folders = [path for path in (ROOT / "tests").iterdir() if any(path.glob("**/test_*.py"))]
    assert {f"tests/{path.name}" for path in folders} - ELSEWHERE == {*checked, *rest}
    assert re.search(r'^\s*"test-all -m long"', script, re.MULTILINE)
