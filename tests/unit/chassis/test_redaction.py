"""What counts as a secret, in which forms it is found, and what is left as it is."""

import base64
import json
from urllib.parse import quote

import pytest
from pydantic import SecretStr

from services.chassis.redaction import REDACTED, Redaction
from services.chassis.settings import KafkaSettings, MongoSettings
from services.language_model.settings import LlmSettings

KEY = "sk-proj-Zx81mQ27vL4tRw0pYb"
PASSWORD = "p@ss/w:rd 비밀\"'\\"  # noqa: S105 - a made-up one


@pytest.mark.parametrize(
    "written",
    [
        PASSWORD,
        quote(PASSWORD),
        quote(PASSWORD, safe=""),
        quote(quote(PASSWORD, safe=""), safe=""),
        quote(PASSWORD, safe="").replace("%20", "+"),
        json.dumps(PASSWORD)[1:-1],
        json.dumps(PASSWORD, ensure_ascii=False)[1:-1],
        json.dumps(repr(PASSWORD))[1:-1],
        base64.b64encode(f"me:{PASSWORD}".encode()).decode(),
    ],
)
def test_a_password_in_an_address_is_found_however_it_is_written(written: str) -> None:
    uri = f"mongodb://me:{quote(PASSWORD, safe='')}@a:1,b:2/?tls=true"
    redact = Redaction.of(MongoSettings(mongodb_uri=SecretStr(uri)))
    text = redact(f"the server at a:1 said: {written}!")
    assert text.startswith("the server at a:1 said: ")
    assert text.strip("!'").endswith(REDACTED)
    assert len(text) < 50


@pytest.mark.parametrize(
    ("uri", "secret"),
    [
        ("mongodb://me:p@ss-w@rd@db/", "p@ss-w@rd"),
        ("mongodb+srv://me:passw0rd@db/?authSource=admin", "passw0rd"),
        ("mongodb://me@db/?tlsCertificateKeyFilePassword=hunter2&tls=true", "hunter2"),
        ("mongodb://db/?authMechanismProperties=SERVICE:x,AWS_SESSION_TOKEN:a1b2c3d4", "a1b2c3d4"),
    ],
)
def test_secrets_in_an_address_are_found_and_the_address_is_not(uri: str, secret: str) -> None:
    redact = Redaction.of(MongoSettings(mongodb_uri=SecretStr(uri)))
    assert secret not in redact(f"cannot use {uri}")
    assert redact("mongodb://db/ admin authSource") == "mongodb://db/ admin authSource"


def test_addresses_that_are_no_secret_settings_may_contain_secrets_too() -> None:
    kafka = KafkaSettings.model_construct(kafka_bootstrap_servers="u:first-1@a:9092,u:second-2@b:9092")
    llm = LlmSettings(openai_base_url="https://tok3n-abc@host/v1?api-key=k1k2k3k4")
    assert Redaction.of(kafka)("first-1 second-2 a:9092") == f"{REDACTED} {REDACTED} a:9092"
    assert Redaction.of(llm)("tok3n-abc k1k2k3k4 host") == f"{REDACTED} {REDACTED} host"


@pytest.mark.parametrize("cut", [KEY[:-1], KEY[:10], KEY[1:], KEY[-10:], f"{KEY[:12]}…{KEY[-11:]}"])
def test_of_a_long_secret_the_beginning_and_the_end_are_found_too(cut: str) -> None:
    text = Redaction([KEY])(f"key {cut}, and more")
    assert text.replace(f"{REDACTED}…", "") == f"key {REDACTED}, and more"


def test_a_secret_that_begins_like_the_mark_ends_the_search() -> None:
    secret = REDACTED + "-and-more"
    assert Redaction([secret])(f"{secret} {REDACTED}") == f"{REDACTED} {REDACTED}"


@pytest.mark.parametrize("short", ["", "x", "none", "12345"])
def test_short_secrets_are_left(short: str) -> None:
    redact = Redaction.of(LlmSettings(openai_api_key=SecretStr(short)))
    assert redact("none of the 12345 boxes") == "none of the 12345 boxes"


def test_variables_are_secret_by_their_names_or_by_the_password_in_them() -> None:
    environment = {
        "ACME_API_KEY": "abcdef-123",
        "SSL_KEY": __file__,
        "AWS_SECRET_ACCESS_KEY": "/Jalr7XUtnFEMI/K7MDENG",
        "HTTPS_PROXY": "http://me:pr0xy-pass@proxy:3128",
        "PRICES_DIR": "/srv/prices",
    }
    redact = Redaction.of(LlmSettings(), environment)
    text = redact(f"abcdef-123 {__file__} pr0xy-pass /srv/prices /Jalr7XUtnFEMI/K7MDENG")
    assert text == f"{REDACTED} {__file__} {REDACTED} /srv/prices {REDACTED}"
