"""How `deploy.embedded` refuses wrong options, in one line and an exit code; and how setup.sh makes .venv."""

import hashlib
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from deploy.embedded.__main__ import app
from deploy.embedded.folder import held
from deploy.services import ROOT

DEADLINE = 60.0

# Passes for an interpreter and notes what it is asked to do. `-`: is it one; `-m venv`: it copies itself.
FAKE_PYTHON = """#!/bin/sh
case "$*" in
  "- "*) echo "$0"; exit ;;
  "-c ") exit ;;
  *"${FAILS_AT:-none}"*) exit 1 ;;
esac
echo "$*" >>"$NOTES"
case "$*" in
  "-m venv "*) mkdir -p "$3/bin" && cp "$0" "$3/bin/python" ;;
esac
"""
BROKEN_PYTHON = """#!/bin/sh
echo "pyenv: python: command not found" >&2
exit 127
"""
FAKE_UV = """#!/bin/sh
echo "uv $*" >>"$NOTES"
if [ "$1" = venv ]; then mkdir -p .venv/bin && cp "$FAKE_PYTHON" .venv/bin/python; fi
"""
TOOLS = ("bash", "sh", "cat", "cp", "cut", "dirname", "grep", "mkdir", "rm", "sha256sum", "shasum")


Refused = Callable[..., str]
"""Runs the command; returns the one line by which it is refused."""


@pytest.fixture
def refused(capsys: pytest.CaptureFixture[str]) -> Refused:
    def run(*args: str) -> str:
        with pytest.raises(SystemExit) as ended:
            app(args)
        said = capsys.readouterr()
        assert (ended.value.code, said.out, said.err.count("\n")) == (2, "", 1)
        assert said.err.startswith("backchat: ")
        return said.err

    return run


def test_help_names_the_options_and_their_variables() -> None:
    argv = (sys.executable, "-m", "deploy.embedded", "--help")
    result = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, timeout=DEADLINE, check=False)
    assert result.returncode == 0
    assert result.stderr == ""
    for name in ("--host", "--port", "--data-dir", "PORT", "DATA_DIR"):
        assert name in result.stdout


@pytest.mark.parametrize(
    ("args", "env", "reason"),
    [
        (["--prot", "1"], {}, "--prot"),
        (["--port", "many"], {}, "many"),
        (["--port", "65536"], {}, "65536"),
        (["--port"], {}, "--port"),
        (["somewhere"], {}, "somewhere"),
        ([], {"PORT": "many"}, "PORT"),
        (["--port", "0", "--host", "192.0.2.1"], {}, "can't listen on 192.0.2.1:0: "),
        (["--port", "0", "--host", "no such host"], {}, "can't listen on no such host:0: "),
    ],
)
def test_refuses_what_it_does_not_understand(
    args: list[str],
    env: dict[str, str],
    reason: str,
    refused: Refused,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in {"DATA_DIR": str(tmp_path), **env}.items():
        monkeypatch.setenv(name, value)
    assert reason in refused(*args)


def test_refuses_a_port_that_is_taken(refused: Refused, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        said = refused("--port", port, "--data-dir", str(tmp_path))
    assert f"can't listen on 127.0.0.1:{port}: Address already in use" in said
    assert list(tmp_path.iterdir()) == []


def test_refuses_a_folder_that_can_not_be_made(refused: Refused, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    folder = tmp_path / "file" / "data"
    assert f"can't use the data folder {folder}: Not a " in refused("--port", "0", "--data-dir", str(folder))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_refuses_a_folder_that_is_not_writable(refused: Refused, tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    assert "Permission denied" in refused("--port", "0", "--data-dir", str(tmp_path))


def test_refuses_a_folder_that_another_stack_uses(refused: Refused, tmp_path: Path) -> None:
    with held(tmp_path):
        said = refused("--port", "0", "--data-dir", str(tmp_path))
    assert f"{tmp_path} is in use by another running stack" in said


PINS = ("requirements-dev.txt", "requirements-bench.txt")


class Checkout:
    """A checkout with the set-up script, at a path with a blank, and a PATH with what the test puts there."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "check out"
        self.bin = folder / "bin"
        self.notes = folder / "notes"
        self.bin.mkdir()
        for name in ("deploy/setup.sh", *PINS, "contracts/pyproject.toml"):
            copy = self.root / name
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, copy)
        for tool in TOOLS:
            if found := shutil.which(tool):
                (self.bin / tool).symlink_to(found)

    def command(self, name: str, script: str) -> Path:
        path = self.bin / name
        path.write_text(script)
        path.chmod(0o755)
        return path

    def setup(self, *extras: str, **env: str) -> tuple[int, str, list[str]]:
        """Run it; return its exit code, what it said and what the fakes were asked to do."""
        self.notes.write_text("")
        result = subprocess.run(
            ["bash", "deploy/setup.sh", *extras],
            cwd=self.root,
            env={"PATH": str(self.bin), "NOTES": str(self.notes), **env},
            capture_output=True,
            text=True,
            timeout=DEADLINE,
            check=False,
        )
        assert result.stdout == ""
        return result.returncode, result.stderr, self.notes.read_text().splitlines()

    @property
    def stamps(self) -> list[str]:
        return [path.name for path in (self.root / ".venv").glob(".backchat-*")]


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path)


PIP = "-m pip --quiet --disable-pip-version-check --no-input install"
INSTALLED = [
    "-m pip --version",
    f"{PIP} --require-hashes -r requirements-dev.txt",
    "-m pip --version",
    f"{PIP} --no-deps --no-build-isolation -e contracts",
    "-c from services.backtest.domain.simulator import warm_up; warm_up()",
    "-c from services.compare.domain.statistics import warm_up; warm_up()",
]


def test_takes_the_first_python_that_runs(checkout: Checkout) -> None:
    checkout.command("python3.13", BROKEN_PYTHON)
    checkout.command("python3.12", FAKE_PYTHON)
    code, said, notes = checkout.setup()
    assert code == 0
    assert f"making .venv with Python {checkout.bin / 'python3.12'}\n" in said
    assert notes == ["-m venv .venv", *INSTALLED]
    pins = (ROOT / "requirements-dev.txt").read_bytes() + (ROOT / "contracts/pyproject.toml").read_bytes()
    assert checkout.stamps == [f".backchat-{hashlib.sha256(pins).hexdigest()}"]


def test_has_nothing_to_say_or_do_the_second_time(checkout: Checkout) -> None:
    checkout.command("python3", FAKE_PYTHON)
    checkout.setup()
    assert checkout.setup() == (0, "", [])


def test_installs_again_when_the_pins_changed(checkout: Checkout) -> None:
    checkout.command("python3", FAKE_PYTHON)
    checkout.setup()
    before = checkout.stamps
    (checkout.root / "requirements-dev.txt").write_text("another==1.0\n")
    code, _, notes = checkout.setup()
    assert code == 0
    assert notes == INSTALLED
    assert len(checkout.stamps) == 1
    assert checkout.stamps != before


def test_installs_what_only_the_benchmark_needs_where_it_is_asked_for(checkout: Checkout) -> None:
    extra = ["-m pip --version", f"{PIP} --require-hashes -r requirements-bench.txt"]
    checkout.command("python3", FAKE_PYTHON)
    checkout.setup()
    assert checkout.setup("bench")[2] == extra
    assert checkout.setup("bench") == (0, "", [])
    assert checkout.setup() == (0, "", [])

    (checkout.root / "requirements-dev.txt").write_text("another==1.0\n")
    assert checkout.setup("bench")[2] == [*INSTALLED, *extra]


def test_makes_a_new_venv_where_the_checkout_was_moved(checkout: Checkout) -> None:
    checkout.command("python3", FAKE_PYTHON)
    checkout.setup()
    checkout.root = checkout.root.rename(checkout.root.with_name("moved"))
    code, _, notes = checkout.setup()
    assert code == 0
    assert notes == ["-m venv .venv", *INSTALLED]


def test_an_interrupted_set_up_is_taken_up_again(checkout: Checkout) -> None:
    checkout.command("python3", FAKE_PYTHON)
    code, _, _ = checkout.setup(FAILS_AT="warm_up")
    assert code != 0
    assert checkout.stamps == []
    code, _, notes = checkout.setup()
    assert code == 0
    assert notes == INSTALLED


def test_uses_uv_and_lets_it_bring_a_python(checkout: Checkout) -> None:
    checkout.command("uv", FAKE_UV)
    fake = checkout.command("fake", FAKE_PYTHON)
    code, _, notes = checkout.setup(FAKE_PYTHON=str(fake))
    assert code == 0
    assert notes == [
        "uv venv --quiet --python >=3.11,<3.14 .venv",
        "uv pip install --quiet --python .venv/bin/python --require-hashes -r requirements-dev.txt",
        "uv pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation -e contracts",
        *INSTALLED[-2:],
    ]


@pytest.mark.parametrize(
    ("env", "reason"),
    [
        ({}, "SecantusDB needs Python 3.11, 3.12 or 3.13 and there is none: install uv"),
        ({"PYTHON": "python3.13"}, "PYTHON=python3.13 is no Python 3.11, 3.12 or 3.13"),
    ],
)
def test_says_in_one_line_what_is_missing(checkout: Checkout, env: dict[str, str], reason: str) -> None:
    checkout.command("python3.13", BROKEN_PYTHON)
    code, said, notes = checkout.setup(**env)
    assert code == 1
    assert said.startswith(f"setup: {reason}")
    assert said.count("\n") == 1
    assert notes == []
