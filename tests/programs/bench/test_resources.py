"""Processor time, memory and start time of real processes."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.bench import broker, resources

pytestmark = pytest.mark.anyio


@pytest.mark.skipif(not resources.AVAILABLE, reason="needs Linux's /proc")
def test_a_process_is_measured_with_its_children() -> None:
    work = "import time\nwhile time.process_time() < 0.1: pass\nprint(1, flush=True)\ninput()"
    program = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {work!r}])"
    with subprocess.Popen([sys.executable, "-c", program], stdin=-1, stdout=-1) as child:
        assert child.stdout is not None
        child.stdout.readline()

        tree = resources.tree(child.pid)
        assert child.pid in tree
        assert len(tree) == 2
        assert tree < resources.tree(os.getpid())
        assert 0 < resources.cpu_seconds(tree) < 10
        proportional, resident = resources.memory_mb(tree)
        assert 1 < proportional < resident < 200
        assert resources.cpu_by_name({"both": child.pid})["both"] == pytest.approx(
            resources.cpu_seconds(tree), abs=0.05
        )
        child.communicate(b"\n")
    assert resources.cpu_seconds([child.pid]) == 0
    assert resources.memory_mb([child.pid]) == (0, 0)


async def test_downloading_the_broker_does_not_count_as_its_start(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    fetched, killed = False, list[str]()

    async def classpath() -> str:
        nonlocal fetched
        if not fetched:
            await asyncio.sleep(1.0)
        fetched = True
        return ""

    @asynccontextmanager
    async def cluster(_: Path, log: Path) -> AsyncIterator[Any]:
        assert log
        await classpath()
        supervisor = SimpleNamespace(pids=lambda: {"kafka-1": os.getpid()}, kill=killed.append)
        yield SimpleNamespace(bootstrap_servers="here:1", supervisor=supervisor)

    monkeypatch.setattr(broker.jars, "classpath", classpath)
    monkeypatch.setattr(broker, "KafkaCluster", cluster)
    async with broker.started("apache", tmp_path, tmp_path / "log") as started:
        assert started.start_seconds < 0.9
        assert started.kafka == "apache"
        assert started.env["KAFKA_BOOTSTRAP_SERVERS"] == "here:1"
        assert started.kill
        started.kill()
    assert killed == ["kafka-1"]
