"""The line and the exit code of a service that can't start."""

import pytest

from services.chassis.errors import ChassisError, NewerFormatError, StoreUnavailableError
from services.chassis.process.service import exit_code_of_errors


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (StoreUnavailableError("MongoDB: no server"), 69),
        (NewerFormatError("format 3, known up to 2"), 78),
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


def test_other_errors_are_not_hidden() -> None:
    with pytest.raises(KeyError), exit_code_of_errors():
        raise KeyError("bug")
