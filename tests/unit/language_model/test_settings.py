"""Chains of providers in the environment: what is read, and what is refused with a reason."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from services.chassis.process.service import load
from services.chassis.redaction import REDACTED, Redaction
from services.language_model.chain import cost_of
from services.language_model.pieces import Usage
from services.language_model.settings import LlmSettings, Provider

KEY = "sk-do-not-print-0123456789"
ONE: dict[str, Any] = {"name": "one", "model": "m"}


@pytest.fixture(autouse=True)
def elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A folder without a `.env`, an environment without settings, a command line without options."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["service"])
    for name in LlmSettings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def read(monkeypatch: pytest.MonkeyPatch, providers: object, **variables: str) -> LlmSettings:
    text = providers if isinstance(providers, str) else json.dumps(providers)
    for name, value in {"LLM_PROVIDERS": text, **variables}.items():
        monkeypatch.setenv(name, value)
    return LlmSettings()


def test_a_chain_is_read_in_its_order_with_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    second = {"name": "two", "model": "n", "base_url": "https://b/v1", "api_key": KEY, "idle_seconds": 3}
    settings = read(monkeypatch, [ONE, second])

    one, two = settings.chain
    assert (one.name, one.base_url, one.api_key) == ("one", None, None)
    assert (one.connect_seconds, one.first_token_seconds, one.idle_seconds) == (5, 15, 15)
    assert two.api_key is not None
    assert (two.api_key.get_secret_value(), two.idle_seconds) == (KEY, 3)
    assert settings.llm_configured


def test_a_chain_goes_before_the_settings_of_a_single_model(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = read(monkeypatch, [ONE], OPENAI_API_KEY="sk-other", OPENAI_MODEL="other")
    assert [provider.name for provider in settings.chain] == ["one"]


def test_a_key_alone_is_a_chain_of_one_with_openais_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    (only,) = LlmSettings().chain
    assert (only.name, only.model, only.base_url) == ("openai", "gpt-4o", None)


def test_without_any_there_is_no_chain() -> None:
    assert LlmSettings().chain == ()


@pytest.mark.parametrize(
    ("providers", "said"),
    [
        ("[{", "it is no valid JSON"),
        ("[" * 100_000, "it is no valid JSON"),
        ({}, "a JSON list of at least one provider"),
        ([], "a JSON list of at least one provider"),
        (["gpt"], "provider 1: "),
        ([{"name": "one"}], "provider 1 (one) needs 'model'"),
        ([ONE, {"model": "m"}], "provider 2 needs 'name'"),
        ([ONE | {"api_kye": KEY}], "provider 1 (one) has no field 'api_kye', did you mean 'api_key'?"),
        ([ONE | {KEY[:8]: 1}], "provider 1 (one) has no field"),
        ([ONE | {"idle_seconds": 0}], "provider 1 (one): idle_seconds: "),
        ([ONE | {"idle_seconds": "15"}], "provider 1 (one): idle_seconds: "),
        ([ONE | {"max_tokens": 1.5}], "provider 1 (one): max_tokens: "),
        ([ONE | {"input_price": -1}], "provider 1 (one): input_price: "),
        ([ONE | {"api_key": [KEY]}], "provider 1 (one): api_key: "),
        ([ONE | {"base_url": f"{KEY}.example"}], "provider 1 (one): base_url: "),
        ([ONE | {"name": ""}], "provider 1 (): name: "),
        ([ONE, ONE], "the name 'one' is given twice"),
    ],
)
def test_what_is_wrong_ends_the_program_with_one_line_and_no_secret(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], providers: object, said: str
) -> None:
    monkeypatch.setenv("LLM_PROVIDERS", providers if isinstance(providers, str) else json.dumps(providers))

    with pytest.raises(SystemExit) as exit_:
        load(LlmSettings)
    assert exit_.value.code == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("LLM_PROVIDERS: ")
    assert said in line
    assert KEY not in line


def test_the_keys_of_a_chain_are_in_no_text(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = read(monkeypatch, [ONE | {"api_key": KEY, "base_url": "https://u:passw0rd@b/v1"}])

    assert KEY not in f"{settings!r} {settings} {settings.model_dump_json()}"
    text = Redaction.of(settings)(f"Incorrect key {KEY}, Bearer {KEY[:14]}, passw0rd")
    assert text == f"Incorrect key {REDACTED}, Bearer {REDACTED}, {REDACTED}"


@pytest.mark.parametrize(
    ("usage", "prices", "cost"),
    [
        (Usage(1_000_000, 500_000), (2.5, 10.0), 7.5),
        (Usage(0, 0), (2.5, 10.0), 0.0),
        (Usage(1000, 1000), (0.0, 0.0), 0.0),
        (Usage(None, 1000), (2.5, 10.0), None),
        (Usage(1000, None), (2.5, 10.0), None),
        (Usage(1000, 1000), (None, 10.0), None),
        (Usage(1000, 1000), (2.5, None), None),
    ],
)
def test_an_answer_costs_what_its_tokens_do(
    usage: Usage, prices: tuple[float | None, float | None], cost: float | None
) -> None:
    provider = Provider(name="one", model="m", input_price=prices[0], output_price=prices[1])
    assert cost_of(usage, provider) == cost
