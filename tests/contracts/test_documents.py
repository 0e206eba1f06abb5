"""What the documents name exists: pages, headings, files, make targets, problem types."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.gateway.problems import KINDS

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("contracts/*.md"), *ROOT.glob("docs/**/*.md")])
NAMES = [str(document.relative_to(ROOT)) for document in DOCUMENTS]

FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ +(.+)$", re.MULTILINE)
CODE = re.compile(r"`([^`\n]+)`")
PATH = re.compile(r"(?:\.ci|contracts|deploy|docs|services|tests)/[\w./-]*")
MAKE = re.compile(r"\bmake ([a-z]+(?:-[a-z]+)*)(?![a-z-])")
TARGETS = re.compile(r"^([a-z][a-z% -]*):(?!=)", re.MULTILINE)


def prose(document: Path) -> str:
    """Return a document without its blocks of code."""
    return FENCE.sub("", document.read_text(encoding="utf-8"))


def anchors(document: Path) -> set[str]:
    """Return the anchors of a document's headings, as GitHub makes them."""
    headings = (re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", each) for each in HEADING.findall(prose(document)))
    return {re.sub(r"[^\w -]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def broken(document: Path) -> Iterator[str]:
    for link in LINK.findall(prose(document)):
        if "://" in link:
            continue
        target, _, anchor = link.partition("#")
        page = (document.parent / target).resolve() if target else document
        if not page.exists() or (anchor and anchor not in anchors(page)):
            yield link


def commands(text: str) -> Iterator[str]:
    """Yield the commands of a document: inline code, and the lines after a prompt."""
    yield from CODE.findall(FENCE.sub("", text))
    yield from re.findall(r"^\$ (.*)$", text, re.MULTILINE)


@pytest.mark.parametrize("document", DOCUMENTS, ids=NAMES)
def test_every_link_leads_to_a_page_and_a_heading(document: Path) -> None:
    assert list(broken(document)) == []


def test_every_path_exists() -> None:
    # A page that adds something names files which its reader is going to write.
    finished = [document for document in DOCUMENTS if not document.name.startswith("add-")]
    named = {code for document in finished for code in CODE.findall(prose(document)) if PATH.fullmatch(code)}
    assert named
    assert {path for path in named if not (ROOT / path).exists()} == set()


@pytest.mark.parametrize("document", DOCUMENTS, ids=NAMES)
def test_every_make_target_exists(document: Path) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = [
        re.compile(each.replace("%", ".+")) for line in TARGETS.findall(makefile) for each in line.split()
    ]
    typed = commands(document.read_text(encoding="utf-8"))
    named = {name for command in typed for name in MAKE.findall(command)}
    assert {name for name in named if not any(target.fullmatch(name) for target in targets)} == set()


def test_every_page_is_reached_from_the_readme() -> None:
    reached, new = set[Path](), {ROOT / "README.md"}
    while new:
        reached |= new
        links = {
            (page.parent / link.partition("#")[0]).resolve()
            for page in new
            for link in LINK.findall(prose(page))
        }
        new = {page for page in links if page.suffix == ".md" and page.exists()} - reached
    assert set(DOCUMENTS) - reached == set()


def test_every_problem_type_is_on_the_page_with_its_status() -> None:
    page = (ROOT / "docs" / "reference" / "http-api.md").read_text(encoding="utf-8")
    table = page.partition("| status | types |")[2].partition("\n\n")[0]
    rows = re.findall(r"^\| (\d{3}) \| (.*) \|$", table, re.MULTILINE)
    listed = {code: int(status) for status, types in rows for code in CODE.findall(types)}
    assert listed == {code: int(kind.status) for code, kind in KINDS.items()}
