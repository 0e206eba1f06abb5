"""A database with users and TLS: a service works with it, and a line says which setting keeps it out."""

import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import quote_plus

import pytest
from pydantic import SecretStr
from pymongo import MongoClient

from deploy.embedded.console import output
from deploy.embedded.errors import NotReadyError
from deploy.embedded.net import TcpProbe, free_ports
from deploy.embedded.stack import EMBEDDED, LOOPBACK, Stack
from deploy.embedded.supervisor import ProcessSpec, Supervisor
from services.chassis.errors import StoreUnavailableError
from services.chassis.process.service import UNAVAILABLE_EXIT_CODE
from services.chassis.settings import MongoSettings
from services.chassis.storage.schema import open_database
from tests.certificates import write_certificates

pytestmark = [pytest.mark.anyio, pytest.mark.long]

USER, PASSWORD = "back chat", "p@s:s/w%rd?"
WRONG = "s3cr3t"
REFUSED = "MONGODB_URI: user, password, authSource or rights are wrong: "


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


@asynccontextmanager
async def database_server(folder: Path, port: int, *flags: str) -> AsyncIterator[None]:
    options = ("--standalone", "--port", str(port), "--storage-path", "data", "--cache-size", "64M")
    program = ProcessSpec(
        name="mongodb",
        argv=(sys.executable, "-m", "secantus", *options, *flags),
        env=os.environ,
        cwd=folder,
        ready=TcpProbe(LOOPBACK, port),
    )
    with output(folder / "mongodb.log") as stream:
        async with Supervisor([[program]], stream):
            yield


@pytest.fixture(scope="module")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[Path, int]]:
    """A database server with one user, reached over TLS only; its folder and its port."""
    folder = tmp_path_factory.mktemp("secured")
    write_certificates(folder)
    (port,) = free_ports(1)
    async with database_server(folder, port):
        with MongoClient[dict[str, object]](f"mongodb://{LOOPBACK}:{port}") as client:
            client.admin.command("createUser", USER, pwd=PASSWORD, roles=[{"role": "root", "db": "admin"}])
    tls = ("--tls-cert-file", str(folder / "server.pem"), "--tls-key-file", str(folder / "server.key"))
    async with database_server(folder, port, "--auth", *tls):
        yield folder, port


def uri(server: tuple[Path, int], user: str = USER, password: str = PASSWORD, ca: str = "ca.pem") -> str:
    folder, port = server
    named = f"{quote_plus(user)}:{quote_plus(password)}@" if user else ""
    query = f"tls=true&tlsCAFile={quote_plus(str(folder / ca))}&authSource=admin&retryWrites=false"
    return f"mongodb://{named}{LOOPBACK}:{port}/?{query}"


async def test_a_service_works_over_tls_as_a_user(server: tuple[Path, int], tmp_path: Path) -> None:
    env = {**EMBEDDED, "MONGODB_URI": uri(server)}
    log = tmp_path / "log"
    async with Stack(tmp_path, env=env, services=("session",), log=log):
        pass
    assert quote_plus(PASSWORD) not in log.read_text()


async def test_a_service_that_is_not_let_in_says_so_in_a_line(
    server: tuple[Path, int], tmp_path: Path
) -> None:
    log = tmp_path / "log"
    env = {**EMBEDDED, "MONGODB_URI": uri(server, password=WRONG)}
    with pytest.raises(NotReadyError, match=f"exit code {UNAVAILABLE_EXIT_CODE}"):
        async with Stack(tmp_path, env=env, services=("session",), log=log):
            pass
    said = [line for line in log.read_text().splitlines() if line.startswith("session")]
    assert len(said) == 3  # one for each start
    assert all(REFUSED in line for line in said)
    assert WRONG not in log.read_text()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (
            {"password": WRONG},
            f"{REFUSED}authentication failed",
        ),
        (
            {"user": "nobody"},
            f"{REFUSED}authentication failed",
        ),
        ({"user": ""}, f"{REFUSED}command find requires"),
        ({"ca": "other-ca.pem"}, "certificate verify failed"),
    ],
    ids=str,
)
async def test_the_error_says_what_is_wrong_without_the_password(
    server: tuple[Path, int], changed: dict[str, str], said: str
) -> None:
    settings = MongoSettings(mongodb_uri=SecretStr(uri(server, **changed)), mongodb_timeout_ms=500)
    with pytest.raises(StoreUnavailableError) as refused:
        async with open_database(settings, "session"):
            pass
    assert said in str(refused.value)
    assert changed.get("password", quote_plus(PASSWORD)) not in str(refused.value)
