"""`python -m deploy.kafka`: what it refuses in one line, and how it fetches Kafka's jars. Starts no Kafka."""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from deploy.embedded.folder import held
from deploy.kafka.__main__ import app
from deploy.services import ROOT

pytestmark = pytest.mark.long

DEADLINE = 90.0

FAKE_JAVA = """#!/bin/sh
case "$*" in
  -version) echo 'openjdk version "{version}" 2025-04-15' >&2 ;;
  *) echo "no way"; exit 3 ;;
esac
"""
FAKE_MAVEN = """#!/bin/sh
for argument; do
  case "$argument" in -DoutputDirectory=*) mkdir -p "${argument#*=}" ;; esac
done
"""


FETCHING = "kafka: fetching Apache Kafka with Maven; this once it takes a minute or so"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout at a path with a blank, with no jars in it."""
    folder = tmp_path / "check out"
    for name in ("embedded", "kafka"):
        shutil.copytree(ROOT / "deploy" / name, folder / "deploy" / name)
    shutil.copy(ROOT / "deploy" / "services.py", folder / "deploy")
    shutil.copytree(ROOT / "services" / "chassis", folder / "services" / "chassis")
    (folder / "bin").mkdir()
    return folder


def command(checkout: Path, name: str, script: str) -> None:
    path = checkout / "bin" / name
    path.write_text(script)
    path.chmod(0o755)


def kafka(
    *args: str, cwd: Path = ROOT, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "deploy.kafka", *args],
        cwd=cwd,
        env={**os.environ, **(env or {})},
        capture_output=True,
        text=True,
        timeout=DEADLINE,
        check=False,
    )


def in_checkout(checkout: Path, *args: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Run it with nothing but the checkout's `bin` in the PATH."""
    for tool in ("sh", "mkdir"):
        if not (checkout / "bin" / tool).exists():
            (checkout / "bin" / tool).symlink_to(shutil.which(tool) or "")
    env = {"PATH": str(checkout / "bin"), "JAVA_HOME": "", **env}
    return kafka("--port", "0", *args, cwd=checkout, env=env)


def assert_refused(result: subprocess.CompletedProcess[str], reason: str, *before: str) -> None:
    assert result.returncode == 2
    assert result.stdout == ""
    *said, last = result.stderr.splitlines()
    assert said == list(before)
    assert last.startswith("kafka: ")
    assert reason in last


def test_help_names_the_options_and_their_variables() -> None:
    result = kafka("--help")
    assert result.returncode == 0
    for name in ("--port", "--data-dir", "--brokers", "KAFKA_PORT", "KAFKA_DATA_DIR", "BROKERS"):
        assert name in result.stdout


@pytest.mark.parametrize(
    ("args", "env", "reason"),
    [
        (["--prot", "1"], {}, "--prot"),
        (["--port", "65536"], {}, "65536"),
        (["--brokers", "2"], {}, "2"),
        ([], {"BROKERS": "many"}, "BROKERS"),
        (["somewhere"], {}, "somewhere"),
    ],
)
def test_refuses_what_it_does_not_understand(
    args: list[str],
    env: dict[str, str],
    reason: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit) as ended:
        app(args)
    said = capsys.readouterr()
    assert (ended.value.code, said.out, said.err.count("\n")) == (2, "", 1)
    assert said.err.startswith("kafka: ")
    assert reason in said.err


def test_refuses_ports_that_there_are_not(tmp_path: Path) -> None:
    result = kafka("--port", "65534", "--brokers", "3", "--data-dir", str(tmp_path))
    assert_refused(result, "there are no 3 ports from 65534 on")


def test_refuses_a_port_that_is_taken(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        result = kafka("--port", port, "--data-dir", str(tmp_path))
    assert_refused(result, f"can't listen on 127.0.0.1:{port}: Address already in use")
    assert list(tmp_path.iterdir()) == []


def test_says_that_there_is_no_java(checkout: Path) -> None:
    assert_refused(in_checkout(checkout), "there is none in the PATH")
    assert_refused(in_checkout(checkout, JAVA_HOME="/nowhere"), "/nowhere/bin/java can't be started: No such")


@pytest.mark.parametrize("version", ["11.0.2", "1.8.0_292"])
def test_says_that_java_is_too_old(checkout: Path, version: str) -> None:
    command(checkout, "java", FAKE_JAVA.replace("{version}", version))
    assert_refused(in_checkout(checkout), f'openjdk version "{version}"')


def test_says_that_there_is_no_maven_or_that_it_failed(checkout: Path) -> None:
    command(checkout, "java", FAKE_JAVA.replace("{version}", "17.0.15"))
    assert_refused(in_checkout(checkout), "there is no mvn in the PATH")
    command(checkout, "mvn", "#!/bin/sh\necho '[ERROR] offline'\nexit 1\n")
    assert_refused(in_checkout(checkout), "mvn failed with exit code 1: [ERROR] offline", FETCHING)
    assert list((checkout / "build" / "kafka").iterdir()) == []


def test_fetches_the_jars_once(checkout: Path) -> None:
    command(checkout, "java", FAKE_JAVA.replace("{version}", "25"))
    command(checkout, "mvn", FAKE_MAVEN)
    assert_refused(in_checkout(checkout), "java failed with exit code 3: no way", FETCHING)
    command(checkout, "mvn", "#!/bin/sh\nexit 1\n")
    assert_refused(in_checkout(checkout), "java failed with exit code 3: no way")


def test_refuses_a_folder_that_can_not_be_used(checkout: Path) -> None:
    command(checkout, "java", FAKE_JAVA.replace("{version}", "17.0.15"))
    (checkout / "file").touch()
    folder = checkout / "file" / "data"
    assert_refused(
        in_checkout(checkout, KAFKA_DATA_DIR=str(folder)), f"can't use the data folder {folder}: Not"
    )
    with held(checkout / "held"):
        result = in_checkout(checkout, "--data-dir", "held")
    assert_refused(result, "is in use by another running stack")
    (checkout / "one" / "kafka-1").mkdir(parents=True)
    result = in_checkout(checkout, "--data-dir", "one", "--brokers", "3")
    assert_refused(result, "one has a cluster of another size (1): name another folder")
