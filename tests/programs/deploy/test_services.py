"""A service is named in one place, its folder: the stack, make, chaos and the linter find it there."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.services import ROOT, SERVICES

MODULES = {
    "__init__": "",
    "__main__": "from services.fifth.bootstrap import assemble\nfrom services.fifth.settings import Settings",
    "bootstrap": "from services.fifth.handlers import Handlers\nfrom services.fifth.routes import route",
    "settings": "from services.chassis.settings import ServiceSettings as Settings",
    "routes": "from services.fifth.handlers import Handlers",
    "handlers": "from backchat_contracts import Event",
}
STARTED = """
from pathlib import Path
from deploy.embedded.stack import Stack
print(*(spec.name for spec in Stack(Path("data"))._stages()[-1]))
"""
KILLED = """
from itertools import islice
from tests.chaos.plan import plan_faults
faults = islice(plan_faults(1, [], [], 5.0), 200)
print(*{fault.target for fault in faults if fault.action == "kill"})
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of the tree with a minimal fifth service, and no other change."""
    unneeded = shutil.ignore_patterns("__pycache__")
    for name in ("deploy", "services", "tests"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=unneeded)
    for name in ("Makefile", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    for name, code in MODULES.items():
        add(tmp_path, name, code)
    return tmp_path


def add(checkout: Path, module: str, code: str) -> None:
    path = checkout / "services" / "fifth" / f"{module}.py"
    path.parent.mkdir(exist_ok=True)
    path.write_text(code + "\n")


def output(checkout: Path, *argv: str, code: int = 0) -> str:
    """Run a program in the checkout; return what it wrote, with single blanks."""
    env = {
        name: value for name, value in os.environ.items() if "MAKE" not in name
    }  # not a part of `make test`
    result = subprocess.run(argv, cwd=checkout, env=env, capture_output=True, text=True, check=False)
    assert result.returncode == code, result.stdout + result.stderr
    return " ".join((result.stdout + result.stderr).split())


def layers(checkout: Path, code: int = 0) -> str:
    return output(checkout, str(Path(sys.executable).with_name("lint-imports")), "--no-cache", code=code)


@pytest.mark.long
def test_the_stack_starts_it_and_chaos_kills_it(checkout: Path) -> None:
    for program in (STARTED, KILLED):
        assert set(output(checkout, sys.executable, "-c", program).split()) == {*SERVICES, "fifth"}


def test_make_lists_it_and_runs_it(checkout: Path) -> None:
    (listed,) = re.findall(r"run-NAME .*? \((.*?)\)", output(checkout, "make", "help"))
    assert listed.split() == sorted([*SERVICES, "fifth"])
    assert output(checkout, "make", "-n", "run-fifth").endswith(".venv/bin/python -m services.fifth")
    refused = output(checkout, "make", "-n", "run-sixth", code=2)
    assert f'there is no service "sixth", only {listed}' in refused


def test_its_layers_are_checked(checkout: Path) -> None:
    assert "0 broken" in layers(checkout)

    add(checkout, "handlers", "from services.fifth.routes import route")
    assert "services.fifth.handlers is not allowed to import services.fifth.routes" in layers(checkout, 1)


@pytest.mark.parametrize(
    ("module", "code", "found"),
    [
        ("handlers", "import services.session.domain", "services.fifth is not allowed to import services."),
        ("domain", "import aiokafka", "services.fifth.domain is not allowed to import aiokafka"),
        ("domain", "import services.chassis.errors", "services.fifth.domain is not allowed to import"),
        ("mongo", "import motor", "services is not allowed to import motor"),
        ("helpers", "", "not listed as layers: - services.fifth.helpers"),
        ("helpers", "", "add its name to the line it belongs to"),
    ],
)
def test_what_no_service_may_do_it_may_not_do(checkout: Path, module: str, code: str, found: str) -> None:
    add(checkout, module, code)
    assert found in layers(checkout, 1)


def test_what_services_share_imports_none_of_them(checkout: Path) -> None:
    (checkout / "services" / "language" / "extra.py").write_text("import services.fifth.handlers\n")
    assert "services.language is not allowed to import services.fifth" in layers(checkout, 1)
