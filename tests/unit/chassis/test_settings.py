"""Settings are read from the environment, frozen, and show no secrets."""

import sys
from pathlib import Path

import pytest
from pydantic import ValidationError

from services.chassis.process.service import load
from services.chassis.settings import KafkaSettings, MongoSettings, ServiceSettings
from services.language_model.settings import LlmSettings

SECRET = "sk-do-not-print"  # noqa: S105 - a made-up one


@pytest.fixture(autouse=True)
def elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A folder without a `.env`, an environment without settings, a command line without options."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["service"])
    for name in (*ServiceSettings.model_fields, *LlmSettings.model_fields):
        monkeypatch.delenv(name.upper(), raising=False)


def test_the_environment_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAFKA_BOOTSTRAP_SERVERS", "a:1,b:2")
    monkeypatch.setenv("KAFKA_IDEMPOTENCE", "false")

    settings = KafkaSettings()
    assert (settings.kafka_bootstrap_servers, settings.kafka_idempotence) == ("a:1,b:2", False)


def test_an_empty_variable_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "")

    assert not LlmSettings().llm_configured


def test_a_file_stands_in_for_the_environment_which_wins(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("KAFKA_PARTITIONS=3\nKAFKA_MAX_BATCH=7\nUNRELATED=1\n")
    monkeypatch.setenv("KAFKA_MAX_BATCH", "8")

    settings = KafkaSettings()
    assert (settings.kafka_partitions, settings.kafka_max_batch) == (3, 8)


def test_settings_are_frozen() -> None:
    settings = KafkaSettings()

    with pytest.raises(ValidationError):
        settings.kafka_max_batch = 1  # type: ignore[misc]


def test_secrets_are_in_no_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", SECRET)
    monkeypatch.setenv("MONGODB_URI", f"mongodb://me:{SECRET}@db/")
    monkeypatch.setenv("KAFKA_SECURITY_PROTOCOL", "SASL_SSL")
    monkeypatch.setenv("KAFKA_SASL_MECHANISM", "PLAIN")
    monkeypatch.setenv("KAFKA_SASL_USERNAME", "me")
    monkeypatch.setenv("KAFKA_SASL_PASSWORD", SECRET)

    llm, mongo, kafka = LlmSettings(), MongoSettings(), KafkaSettings()
    assert llm.openai_api_key is not None
    assert llm.openai_api_key.get_secret_value() == SECRET
    for each in (llm, mongo, kafka):
        assert SECRET not in f"{each!r} {each} {each.model_dump_json()}"


@pytest.mark.parametrize(
    ("variables", "configured"),
    [
        ({}, False),
        ({"OPENAI_API_KEY": SECRET}, True),
        ({"OPENAI_BASE_URL": "http://localhost:8080/v1"}, True),
        ({"OPENAI_MODEL": "gpt-5"}, False),
    ],
)
def test_a_key_or_an_address_makes_a_language_model(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], *, configured: bool
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    assert LlmSettings().llm_configured is configured


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("KAFKA_HANDLER_ATTEMPTS", "0"),
        ("DRAIN_SECONDS", "-1"),
        ("MONGODB_TIMEOUT_MS", "soon"),
        ("LOG_LEVEL", "LOUD"),
        ("HEALTH_PORT", "http"),
        ("KAFKA_BOOTSTRAP_SERVERS", "a:b"),
        ("KAFKA_BOOTSTRAP_SERVERS", "a:1,"),
        ("KAFKA_BOOTSTRAP_SERVERS", "kafka://a:1"),
        ("KAFKA_BOOTSTRAP_SERVERS", "a:70000"),
        ("KAFKA_SECURITY_PROTOCOL", "TLS"),
        ("KAFKA_SASL_MECHANISM", "GSSAPI"),
        ("KAFKA_CA_FILE", "nowhere.pem"),
    ],
)
def test_a_wrong_setting_ends_the_program_with_its_name(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(SystemExit) as exit_:
        load(ServiceSettings)
    assert exit_.value.code == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"{name}: ")


@pytest.mark.parametrize("protocol", ["SASL_PLAINTEXT", "SASL_SSL"])
def test_sasl_without_a_user_is_refused_with_a_line_for_each_missing_setting(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], protocol: str
) -> None:
    monkeypatch.setenv("KAFKA_SECURITY_PROTOCOL", protocol)

    with pytest.raises(SystemExit) as exit_:
        load(ServiceSettings)
    assert exit_.value.code == 2
    missing = [f"KAFKA_SASL_{name}" for name in ("MECHANISM", "USERNAME", "PASSWORD")]
    expected = [f"{name}: KAFKA_SECURITY_PROTOCOL={protocol} needs it" for name in missing]
    assert capsys.readouterr().err.splitlines() == expected


@pytest.mark.parametrize(
    "name", ["KAFKA_SASL_MECHANISM", "KAFKA_SASL_USERNAME", "KAFKA_SASL_PASSWORD", "KAFKA_CA_FILE"]
)
def test_what_the_protocol_does_not_use_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    monkeypatch.setenv(name, {"KAFKA_SASL_MECHANISM": "PLAIN", "KAFKA_CA_FILE": __file__}.get(name, "x"))

    with pytest.raises(SystemExit) as exit_:
        load(ServiceSettings)
    assert exit_.value.code == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"{name}: KAFKA_SECURITY_PROTOCOL=PLAINTEXT does not use it")


@pytest.mark.parametrize("servers", ["a", "a:1,b:2", "[::1]:9092", " a:1, b-c.d:2 "])
def test_servers_may_be_names_and_addresses(monkeypatch: pytest.MonkeyPatch, servers: str) -> None:
    monkeypatch.setenv("KAFKA_BOOTSTRAP_SERVERS", servers)

    assert KafkaSettings().kafka_bootstrap_servers == servers.replace(" ", "")


def test_what_is_wrong_with_a_secret_is_told_without_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LLM_DEADLINE_SECONDS", SECRET)

    with pytest.raises(SystemExit):
        load(LlmSettings)
    assert SECRET not in capsys.readouterr().err


@pytest.mark.parametrize("option", ["--help", "-h"])
def test_help_names_every_setting_and_no_secret(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], option: str
) -> None:
    monkeypatch.setattr(sys, "argv", ["service", option])
    monkeypatch.setenv("MONGODB_URI", f"mongodb://me:{SECRET}@db/")

    with pytest.raises(SystemExit) as exit_:
        load(ServiceSettings)
    assert exit_.value.code == 0
    text = capsys.readouterr().out
    assert all(name.upper() in text for name in ServiceSettings.model_fields)
    assert SECRET not in text


def test_other_options_are_an_error(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["service", "--port=1"])

    with pytest.raises(SystemExit) as exit_:
        load(ServiceSettings)
    assert exit_.value.code == 2
    assert "--port=1" in capsys.readouterr().err
