"""Which variables a process gets, and those that it starts."""

import os

import pytest

from services.chassis.environment import SERVICE, SYSTEM, WORKER, chosen, names_in, only

GIVEN = {
    "PATH": "/bin",
    "LC_ALL": "C",
    "OPENAI_API_KEY": "k",
    "openai_base_url": "http://a",
    "https_proxy": "http://p",
    "OTEL_SERVICE_NAME": "x",
}


@pytest.mark.parametrize(
    ("patterns", "names"),
    [
        (SYSTEM, {"PATH", "LC_ALL"}),
        (WORKER, {"PATH", "LC_ALL", "https_proxy"}),
        ((*SERVICE, "OPENAI_BASE_URL"), set(GIVEN) - {"OPENAI_API_KEY"}),
    ],
)
def test_a_process_gets_what_it_reads(patterns: tuple[str, ...], names: set[str]) -> None:
    assert set(chosen(GIVEN, patterns)) == names


def test_children_inherit_only_what_matches_and_afterwards_all_is_there_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SOME_KEY", "secret")
    monkeypatch.setenv("PRICES_DIR", "/srv")
    before = dict(os.environ)
    with only((*SYSTEM, "PRICES_DIR")):
        inherited = dict(os.environ)
    assert "SOME_KEY" not in inherited
    assert "PRICES_DIR" in inherited
    assert dict(os.environ) == before


def test_a_list_of_names_may_have_blanks() -> None:
    assert names_in(" A, B,,C ") == ("A", "B", "C")
