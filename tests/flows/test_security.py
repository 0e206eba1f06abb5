"""Kafka with TLS and users: everything works over it, and a wrong setting is named."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import httpx
import pytest

from deploy.embedded.stack import EMBEDDED, Stack
from deploy.services import ROOT
from tests.flows.api import Api
from tests.flows.secured_kafka import GUEST, PASSWORD, SecuredKafka, secured_kafka
from tests.servers import needs_apache_kafka

pytestmark = [pytest.mark.anyio, needs_apache_kafka]


@pytest.fixture(scope="module")
async def kafka(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[SecuredKafka]:
    async with secured_kafka(tmp_path_factory.mktemp("secured")) as running:
        yield running


async def run(module: str, *words: str, env: Mapping[str, str]) -> tuple[int, list[str]]:
    """Run a program to its end; return its exit code and the lines that it wrote."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", module, *words),
        cwd=ROOT,
        env={**os.environ, "LOG_FORMAT": "console", **env},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    async with asyncio.timeout(30):
        said, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, said.decode().splitlines()


async def test_all_of_backchat_runs_over_tls_as_a_user(kafka: SecuredKafka, tmp_path: Path) -> None:
    secured = kafka.env("SASL_SSL", "SCRAM-SHA-512")
    env = {**EMBEDDED, **secured, "BACKTEST_WORKERS": "1", "KAFKA_SESSION_TIMEOUT_MS": "6000"}
    log = tmp_path / "stack.log"
    async with (
        Stack(tmp_path, env=env, log=log) as stack,
        httpx.AsyncClient(base_url=stack.url, timeout=30) as client,
    ):
        api = Api(client)
        assert await api.session()
        page = await api.completed()
        async with client.stream("GET", f"/api/v1/backtests/{page['id']}/events") as events:
            assert "completed" in "".join([line async for line in events.aiter_lines()])
    assert PASSWORD not in log.read_text()


@pytest.mark.parametrize(
    ("protocol", "mechanism"),
    [
        ("PLAINTEXT", ""),
        ("SSL", ""),
        ("SASL_PLAINTEXT", "PLAIN"),
        ("SASL_PLAINTEXT", "SCRAM-SHA-256"),
        ("SASL_PLAINTEXT", "SCRAM-SHA-512"),
        ("SASL_SSL", "PLAIN"),
        ("SASL_SSL", "SCRAM-SHA-512"),
    ],
)
async def test_dead_letters_are_listed_over_each_protocol(
    kafka: SecuredKafka, protocol: str, mechanism: str
) -> None:
    assert await run("deploy.dlq", "list", env=kafka.env(protocol, mechanism)) == (0, ["no dead letters"])


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"KAFKA_SASL_PASSWORD": "wrong"}, "KAFKA_SASL_USERNAME or KAFKA_SASL_PASSWORD is wrong"),
        ({"KAFKA_SASL_USERNAME": "nobody"}, "KAFKA_SASL_USERNAME or KAFKA_SASL_PASSWORD is wrong"),
        (
            {"KAFKA_SASL_MECHANISM": "SCRAM-SHA-256"},
            "KAFKA_SASL_MECHANISM: the broker does not take SCRAM-SHA-256",
        ),
        (
            {"KAFKA_CA_FILE": "{folder}/other-ca.pem"},
            "KAFKA_CA_FILE: the broker's certificate is not trusted",
        ),
        ({"KAFKA_CA_FILE": ""}, "KAFKA_CA_FILE: the broker's certificate is not trusted"),
        ({"KAFKA_BOOTSTRAP_SERVERS": "localhost:{port}"}, "KAFKA_BOOTSTRAP_SERVERS: Hostname mismatch"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, dict) else None,
)
async def test_one_line_says_which_setting_keeps_a_client_out(
    kafka: SecuredKafka, other: dict[str, str], said: str
) -> None:
    given = {"folder": str(kafka.folder), "port": str(kafka.ports["SASL_SSL"])}
    changed = {name: value.format(**given) for name, value in other.items()}
    code, lines = await run("deploy.dlq", "list", env=kafka.env("SASL_SSL", "SCRAM-SHA-512") | changed)
    assert (code, len(lines)) == (69, 1), lines
    assert said in lines[0]


async def test_a_user_without_rights_is_told(kafka: SecuredKafka) -> None:
    env = kafka.env("SASL_SSL", "SCRAM-SHA-512") | {"KAFKA_SASL_USERNAME": GUEST}
    code, lines = await run("services.session", env=env)
    assert code == 69
    assert len(lines) == 1, lines
    assert "KAFKA_SASL_USERNAME: the broker lets this user write to no topic" in lines[0]


@pytest.mark.parametrize("service", ["session", "gateway"])
@pytest.mark.parametrize("setting", ["KAFKA_SASL_PASSWORD", "KAFKA_CA_FILE"])
async def test_a_service_says_it_too(kafka: SecuredKafka, service: str, setting: str) -> None:
    wrong = str(kafka.folder / "other-ca.pem")  # as a password too
    code, lines = await run(
        f"services.{service}", env=kafka.env("SASL_SSL", "SCRAM-SHA-512") | {setting: wrong}
    )
    assert (code, len(lines)) == (69, 1), lines
    assert setting in lines[0]


@pytest.mark.parametrize(
    ("protocol", "listener", "said"),
    [
        ("SASL_PLAINTEXT", "PLAINTEXT", "KAFKA_SECURITY_PROTOCOL: the broker's listener"),
        ("SSL", "PLAINTEXT", "KAFKA_SECURITY_PROTOCOL: the broker's listener"),
        ("PLAINTEXT", "SASL_PLAINTEXT", "KAFKA_SECURITY_PROTOCOL: the broker's listener"),
        ("PLAINTEXT", "SASL_SSL", "KAFKA_SECURITY_PROTOCOL: the broker's listener"),
        ("SASL_PLAINTEXT", "SASL_SSL", "KAFKA_SECURITY_PROTOCOL: the broker's listener"),
        ("SSL", "SASL_SSL", "KAFKA_SECURITY_PROTOCOL: the broker's listener"),
        ("SASL_SSL", "SSL", "KAFKA_CLIENT_CERT_FILE: the broker refuses the client"),
    ],
)
async def test_one_line_says_that_the_listener_has_another_protocol(
    kafka: SecuredKafka, protocol: str, listener: str, said: str
) -> None:
    code, lines = await run("deploy.dlq", "list", env=kafka.env(protocol, "SCRAM-SHA-512", listener))
    assert (code, len(lines)) == (69, 1), lines
    assert said in lines[0]


async def test_a_client_without_a_certificate_is_told(kafka: SecuredKafka) -> None:
    none = {"KAFKA_CLIENT_CERT_FILE": "", "KAFKA_CLIENT_KEY_FILE": ""}
    code, lines = await run("deploy.dlq", "list", env=kafka.env("SSL") | none)
    assert (code, len(lines)) == (69, 1), lines
    assert "KAFKA_CLIENT_CERT_FILE: the broker refuses the client" in lines[0]
