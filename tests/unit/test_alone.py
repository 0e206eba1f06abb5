"""A unit test that starts a program or a server fails."""

import asyncio
import socket
import subprocess

import pytest

Refused = pytest.fail.Exception
pytestmark = pytest.mark.anyio


def test_a_unit_test_starts_no_program() -> None:
    with pytest.raises(Refused, match="move it to tests/programs"):
        subprocess.run(["true"], check=False)


async def test_nor_through_the_event_loop() -> None:
    with pytest.raises(Refused):
        await asyncio.create_subprocess_exec("true")


def test_a_unit_test_starts_no_server() -> None:
    with socket.socket() as server, pytest.raises(Refused):
        server.listen()
