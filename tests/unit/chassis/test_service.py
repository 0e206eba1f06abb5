"""The line and the exit code of a service that can't start."""

import pytest

from services.chassis.errors import ChassisError, OtherFormatError, StoreUnavailableError
from services.chassis.process.service import exit_code_of_errors, read_settings
from services.chassis.settings import ServiceSettings


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (StoreUnavailableError("MongoDB: no server"), 69),
        (OtherFormatError("format 3, known up to 2"), 78),
    ],
)
def test_a_service_that_cannot_start_says_why_in_a_line_and_by_its_exit_code(
    capsys: pytest.CaptureFixture[str], error: ChassisError, code: int
) -> None:
    with pytest.raises(SystemExit) as exit_, exit_code_of_errors():
        raise error
    assert exit_.value.code == code
    (line,) = capsys.readouterr().out.splitlines()
    assert "cannot start" in line
    assert str(error) in line


def test_an_invalid_uri_of_the_database_ends_it_before_it_connects(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MONGODB_URI", "mongodb://me:s3cr3t@x@h/")
    with pytest.raises(SystemExit) as exit_:
        read_settings(ServiceSettings)
    assert exit_.value.code == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("MONGODB_URI: user and password are needed, percent-encoded")
    assert "s3cr3t" not in line


def test_other_errors_are_not_hidden() -> None:
    with pytest.raises(KeyError), exit_code_of_errors():
        raise KeyError("bug")
