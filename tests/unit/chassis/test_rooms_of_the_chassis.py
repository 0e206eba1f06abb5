"""The docstring of each package of the chassis names all of its modules."""

import re

import pytest

from deploy.services import ROOT

CHASSIS = ROOT / "services" / "chassis"


@pytest.mark.parametrize("package", ["", "messaging", "storage", "jobs", "process"])
def test_a_package_names_its_modules(package: str) -> None:
    folder = CHASSIS / package
    text = (folder / "__init__.py").read_text(encoding="utf-8")
    modules = {path.stem for path in folder.glob("*.py")} - {"__init__"}
    assert modules <= set(re.findall(r"`(\w+)`", text))
