"""Certificates and keys that are of no use are refused at the start, in one line that names the setting."""

import sys
from pathlib import Path

import pytest

from services.chassis.process.service import load
from services.chassis.settings import KafkaSettings
from tests.certificates import openssl, write_certificates


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("certificates")
    write_certificates(folder)
    openssl(folder, "x509 -in ca.pem -outform DER -out ca.der")
    openssl(folder, "rsa -in client.key -aes256 -passout pass:secret -out encrypted.key")
    return folder


def loaded(monkeypatch: pytest.MonkeyPatch, folder: Path, **files: str) -> KafkaSettings:
    monkeypatch.chdir(folder)  # where there is no `.env`
    monkeypatch.setattr(sys, "argv", ["service"])
    for name in KafkaSettings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("KAFKA_SECURITY_PROTOCOL", "SSL")
    for name, file in files.items():
        monkeypatch.setenv(f"KAFKA_{name}_FILE", file)
    return load(KafkaSettings)


@pytest.mark.parametrize(
    "files",
    [
        {"CA": "ca.pem"},
        {"CLIENT_CERT": "client.pem", "CLIENT_KEY": "client.key"},
        {"CLIENT_CERT": "server-both.pem"},
    ],
)
def test_files_that_fit_are_taken(
    monkeypatch: pytest.MonkeyPatch, folder: Path, files: dict[str, str]
) -> None:
    loaded(monkeypatch, folder, **files)


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"CA": "nowhere.pem"}, "KAFKA_CA_FILE: Path does not point to a file"),
        ({"CA": "."}, "KAFKA_CA_FILE: Path does not point to a file"),
        ({"CA": "ca.key"}, "KAFKA_CA_FILE: there is no certificate in PEM format in ca.key"),
        ({"CA": "ca.der"}, "KAFKA_CA_FILE: there is no certificate in PEM format in ca.der"),
        (
            {"CLIENT_CERT": "client.key"},
            "KAFKA_CLIENT_CERT_FILE: there is no certificate in PEM format in client.key",
        ),
        ({"CLIENT_KEY": "client.key"}, "KAFKA_CLIENT_KEY_FILE: KAFKA_CLIENT_CERT_FILE is missing"),
        (
            {"CLIENT_CERT": "client.pem"},
            "KAFKA_CLIENT_KEY_FILE: the certificate's key is not in client.pem, or is encrypted",
        ),
        (
            {"CLIENT_CERT": "client.pem", "CLIENT_KEY": "ca.key"},
            "KAFKA_CLIENT_KEY_FILE: the certificate's key is not in ca.key, or is encrypted",
        ),
        (
            {"CLIENT_CERT": "client.pem", "CLIENT_KEY": "encrypted.key"},
            "KAFKA_CLIENT_KEY_FILE: the certificate's key is not in encrypted.key, or is encrypted",
        ),
    ],
)
def test_one_line_says_which_file_is_of_no_use(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    folder: Path,
    files: dict[str, str],
    said: str,
) -> None:
    with pytest.raises(SystemExit) as exit_:
        loaded(monkeypatch, folder, **files)
    assert exit_.value.code == 2
    assert capsys.readouterr().err.splitlines() == [said]
