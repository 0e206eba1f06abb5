"""The supervisor, with small programs as services."""

import asyncio
import contextlib
import dataclasses
import io
import os
import signal
import socket
import subprocess
import sys
import textwrap
import time
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path

import pytest

from deploy.embedded.errors import NotReadyError
from deploy.embedded.net import TcpProbe, free_ports
from deploy.embedded.supervisor import ProcessSpec, Supervisor
from deploy.services import ROOT

pytestmark = pytest.mark.anyio

DEADLINE = 20.0

# Listens on the port, says so, and when asked to end notes its name in the file.
SERVER = """
import os, signal, socket, sys
name, port, notes = sys.argv[1:]
def end(*_):
    with open(notes, "a") as file:
        file.write(name + "\\n")
    os._exit(0)
signal.signal(signal.SIGTERM, end)
listener = socket.create_server(("127.0.0.1", int(port)))
print(f"{name} is up", flush=True)
while True:
    listener.accept()[0].close()
"""


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def output() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    """Where servers that were asked to end leave their names."""
    return tmp_path / "notes"


def noted(notes: Path) -> list[str]:
    return notes.read_text().split() if notes.exists() else []


def python(code: str, *args: object) -> tuple[str, ...]:
    return (sys.executable, "-I", "-S", "-c", textwrap.dedent(code), *map(str, args))


def server(name: str, notes: Path, restarts: tuple[str, ...] = (), code: str = SERVER) -> ProcessSpec:
    (port,) = free_ports(1)
    argv = python(code, name, port, notes)
    return ProcessSpec(name, argv, TcpProbe("127.0.0.1", port), patience=DEADLINE, restarts=restarts)


def connect(spec: ProcessSpec) -> socket.socket:
    assert isinstance(spec.ready, TcpProbe)
    return socket.create_connection((spec.ready.host, spec.ready.port), timeout=1)


def listening(spec: ProcessSpec) -> bool:
    with contextlib.suppress(OSError), connect(spec):
        return True
    return False


def one_off(name: str, code: str) -> ProcessSpec:
    """A program that is ready as soon as it runs."""
    return ProcessSpec(name, python(code), _at_once, patience=DEADLINE)


async def _at_once() -> bool:
    return True


async def _never() -> bool:
    return False


@contextlib.asynccontextmanager
async def running(
    output: io.StringIO, *stages: Sequence[ProcessSpec], grace: float = DEADLINE
) -> AsyncIterator[Supervisor]:
    async with Supervisor(stages, output, grace=grace) as supervisor:
        yield supervisor


async def eventually(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + DEADLINE
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        await asyncio.sleep(0.01)


async def test_starts_in_stages_and_stops_in_reverse(output: io.StringIO, notes: Path) -> None:
    first, second, third = (server(name, notes) for name in ("first", "second", "third"))
    async with running(output, [first], [second], [third]) as supervisor:
        assert set(supervisor.pids()) == {"first", "second", "third"}
        assert all(map(listening, (first, second, third)))
    said = [line for line in output.getvalue().splitlines() if line.endswith("is up")]
    assert said == ["first  | first is up", "second | second is up", "third  | third is up"]
    assert noted(notes) == ["third", "second", "first"]
    assert supervisor.pids() == {}
    assert not any(map(listening, (first, second, third)))


async def test_a_killed_process_starts_again(output: io.StringIO, notes: Path) -> None:
    spec = server("alpha", notes)
    async with running(output, [spec]) as supervisor:
        before = supervisor.pids()["alpha"]
        supervisor.kill("alpha")
        await supervisor.wait_ready("alpha", DEADLINE)
        assert supervisor.pids()["alpha"] != before
        assert listening(spec)
    assert "stack | alpha ended (SIGKILL), next start in 0.2 s" in output.getvalue()


async def test_the_pause_before_a_restart_doubles(output: io.StringIO) -> None:
    async with running(output, [one_off("unlucky", "import signal; signal.pause()")]) as supervisor:
        for _ in range(3):
            supervisor.kill("unlucky")
            await supervisor.wait_ready("unlucky", DEADLINE)
    pauses = [line.split()[-2] for line in output.getvalue().splitlines() if "unlucky ended" in line]
    assert pauses == ["0.2", "0.4", "0.8"]


async def test_programs_that_relied_on_the_dead_one_start_again_too(output: io.StringIO, notes: Path) -> None:
    broker, consumer, other = (
        server("broker", notes, restarts=("consumer",)),
        server("consumer", notes),
        server("other", notes),
    )
    async with running(output, [broker], [consumer, other]) as supervisor:
        before = supervisor.pids()
        supervisor.kill("broker")
        await supervisor.wait_ready("consumer", DEADLINE)
        after = supervisor.pids()
        assert listening(broker)
        assert noted(notes) == ["consumer"]  # it was asked, not killed
    assert [name for name in before if before[name] == after[name]] == ["other"]


async def test_the_dead_one_starts_when_the_programs_that_relied_on_it_have_ended(
    output: io.StringIO, notes: Path
) -> None:
    last_words = 'import time; time.sleep(0.5); print("consumer has ended", flush=True)'
    slow = SERVER.replace("    os._exit(0)", f"    {last_words}; os._exit(0)")
    broker, consumer = server("broker", notes, restarts=("consumer",)), server("consumer", notes, code=slow)
    async with running(output, [broker], [consumer]) as supervisor:
        supervisor.kill("broker")
        await supervisor.wait_ready("consumer", DEADLINE)
    said = [line.partition(" | ")[2] for line in output.getvalue().splitlines()]
    lives = [line for line in said if line.endswith(("is up", "has ended"))]
    up = ["broker is up", "consumer is up"]
    assert lives[:5] == [*up, "consumer has ended", *up]


async def test_a_process_that_ignores_sigterm_is_killed_with_its_group_after_the_grace_period(
    output: io.StringIO, notes: Path
) -> None:
    deaf = """
        import os, signal, socket, sys
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        listener = socket.create_server(("127.0.0.1", int(sys.argv[2])))
        if os.fork():
            print("up", flush=True)
        while True:
            listener.accept()[0].close()
    """
    spec = server("deaf", notes, code=deaf)
    async with running(output, [spec], grace=0.1) as supervisor:
        assert listening(spec)
    assert "stack | deaf did not end within 0.1 s and was killed" in output.getvalue()
    assert supervisor.pids() == {}
    assert not listening(spec)


async def test_the_processes_of_a_group_end_with_its_leader(output: io.StringIO, notes: Path) -> None:
    parent = """
        import os, signal, socket, sys
        listener = socket.create_server(("127.0.0.1", int(sys.argv[2])))
        if os.fork() == 0:
            while True:
                listener.accept()[0].close()
        listener.close()
        print("leader is up", flush=True)
        signal.pause()
    """
    spec = server("leader", notes, code=parent)
    async with running(output, [spec]) as supervisor:
        await eventually(lambda: "leader is up" in output.getvalue())
        os.kill(supervisor.pids()["leader"], signal.SIGKILL)  # the leader only
        await eventually(lambda: output.getvalue().count("leader is up") == 2)
        assert "Address already in use" not in output.getvalue()


async def test_a_paused_process_is_silent_and_resumes(output: io.StringIO, notes: Path) -> None:
    spec = server("alpha", notes)
    async with running(output, [spec]) as supervisor:
        pid = supervisor.pids()["alpha"]
        supervisor.pause("alpha")
        with connect(spec) as client:
            client.settimeout(0.2)
            with pytest.raises(TimeoutError):
                client.recv(1)
            supervisor.resume("alpha")
            client.settimeout(DEADLINE)
            assert client.recv(1) == b""  # it accepted, and closed
        assert supervisor.pids()["alpha"] == pid
        supervisor.pause("alpha")  # and a paused one can be stopped
    assert noted(notes) == ["alpha"]


async def test_a_program_is_ready_while_it_answers(output: io.StringIO) -> None:
    answers = True

    async def probe() -> bool:
        return answers

    spec = ProcessSpec("moody", python("import signal; signal.pause()"), probe, patience=DEADLINE)
    async with running(output, [spec]) as supervisor:
        await supervisor.wait_ready("moody", DEADLINE)
        answers = False
        with pytest.raises(NotReadyError, match=r"^moody was not ready after 0\.1 s$"):
            await supervisor.wait_ready("moody", 0.1)
        answers = True
        await supervisor.wait_ready("moody", DEADLINE)


async def test_names_what_there_is_even_while_it_is_down(output: io.StringIO, notes: Path) -> None:
    async with running(output, [server("first", notes)], [server("second", notes)]) as supervisor:
        supervisor.kill("first")
        await eventually(lambda: "first" not in supervisor.pids())
        assert supervisor.names == ["first", "second"]


async def test_lines_are_whole_however_long_and_however_badly_encoded(output: io.StringIO) -> None:
    code = r"""
        import os, signal
        os.write(1, b"x" * 300_000 + b"\n")
        os.write(1, b"not \xff UTF-8\r\nno end")
        signal.pause()
    """
    async with running(output, [one_off("loud", code)]) as supervisor:
        await eventually(lambda: "UTF-8" in output.getvalue())
        supervisor.kill("loud")
        await eventually(lambda: "loud ended" in output.getvalue())
    first_run, _, _ = output.getvalue().partition("stack | loud ended")
    lines = [line for line in first_run.splitlines() if not line.startswith("stack | ")]
    assert all(line.startswith("loud  | ") for line in lines)
    *pieces, bad, last = (line.removeprefix("loud  | ") for line in lines)
    assert "".join(pieces) == "x" * 300_000
    assert len(pieces) > 1  # nothing was waited for that may never end
    assert (bad, last) == ("not \N{REPLACEMENT CHARACTER} UTF-8", "no end")


async def test_gives_up_on_a_program_that_keeps_ending_at_the_start(output: io.StringIO) -> None:
    spec = ProcessSpec("broken", python("raise SystemExit('no such setting')"), _never, patience=DEADLINE)
    with pytest.raises(NotReadyError, match=r"^broken ended 3 times at the start \(exit code 1\)$"):
        async with running(output, [spec]):
            pass
    assert output.getvalue().count("broken | no such setting") == 3


async def test_says_what_can_not_be_started(output: io.StringIO) -> None:
    spec = ProcessSpec("absent", ("/no/such/program",), _never, patience=DEADLINE)
    with pytest.raises(NotReadyError, match="No such file or directory: '/no/such/program'"):
        async with running(output, [spec]):
            pass


async def test_gives_up_on_a_program_that_does_not_get_ready(output: io.StringIO, notes: Path) -> None:
    fine = server("fine", notes)
    stuck = ProcessSpec("stuck", python("import signal; signal.pause()"), _never, patience=0.2)
    with pytest.raises(NotReadyError, match=r"^stuck was not ready after 0\.2 s$"):
        async with running(output, [fine], [stuck]):
            pass
    assert not listening(fine)


async def test_nothing_survives_a_supervisor_that_is_killed(notes: Path) -> None:
    helper = server("helper", notes)
    leader = python("import subprocess, sys; subprocess.run(sys.argv[1:])", *helper.argv)
    supervising = """
        import asyncio, sys
        from deploy.embedded.net import TcpProbe
        from deploy.embedded.supervisor import ProcessSpec, Supervisor

        async def main(port, *argv):
            spec = ProcessSpec("leader", argv, TcpProbe("127.0.0.1", int(port)))
            async with Supervisor([[spec]], sys.stderr):
                print("up", flush=True)
                await asyncio.Event().wait()

        asyncio.run(main(*sys.argv[1:]))
    """
    assert isinstance(helper.ready, TcpProbe)
    supervisor = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", textwrap.dedent(supervising), str(helper.ready.port), *leader),
        cwd=ROOT,
        stdout=subprocess.PIPE,
    )
    assert supervisor.stdout is not None
    assert await supervisor.stdout.readline() == b"up\n"
    assert listening(helper)
    supervisor.kill()
    await supervisor.wait()
    await eventually(lambda: not listening(helper))
    assert noted(notes) == []  # killed, not terminated


async def test_a_program_that_runs_and_is_dead_is_killed_and_started_again(
    output: io.StringIO, notes: Path
) -> None:
    dead = set[int]()
    spec = server("alpha", notes)

    async def alive() -> bool:
        return supervisor.pids().get("alpha") not in dead

    watched = dataclasses.replace(spec, alive=alive, silence=0.4)
    async with running(output, [watched]) as supervisor:
        first = supervisor.pids()["alpha"]
        dead.add(first)
        await eventually(lambda: supervisor.pids().get("alpha", first) != first)
        await supervisor.wait_ready("alpha", DEADLINE)
        second = supervisor.pids()["alpha"]

        dead.add(second)
        supervisor.pause("alpha")  # as a test does, on purpose
        await asyncio.sleep(1)
        assert supervisor.pids()["alpha"] == second
        supervisor.resume("alpha")
        await eventually(lambda: supervisor.pids().get("alpha", second) != second)
    assert "alpha runs and has not answered for 0.4 s: killed" in output.getvalue()


async def test_the_output_of_a_program_is_limited_where_its_specification_says_so(
    output: io.StringIO,
) -> None:
    loud = one_off("loud", 'import signal; print("line\\n" * 1000, flush=True); signal.pause()')
    last = one_off("last", 'import signal; print("here", flush=True); signal.pause()')
    async with running(output, [dataclasses.replace(loud, most_lines=10), last]):
        await eventually(lambda: "here" in output.getvalue() and output.getvalue().count("| line") >= 10)
    assert output.getvalue().count("| line") == 10
