"""Each how-to page that adds something works: its blocks, applied to a copy of the tree, do what it says."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.services import ROOT
from tests.programs.how_to.pages import PAGES, Change, WrongPageError, changes, copy_tree, follow

STRATEGY = """
from services.backtest.market_data import open_market_data
from services.backtest.simulation import simulate_config
from services.backtest.views import view_strategy_types
from tests.builders import config

assert "breakout" in [each.type for each in view_strategy_types().data]
asked = config(type="breakout", parameters={"window": 10})
assert simulate_config(asked, open_market_data("sample")).result.fills.bar.size
"""
METRIC = """
from services.backtest.market_data import open_market_data
from services.backtest.simulation import simulate_config
from services.gateway.routes.metrics import CATALOGUE
from tests.builders import config
from tests.unit.compare.runs import answered, returns_of, strategy

assert "worst_day" in [each.name for each in CATALOGUE.data]
result = simulate_config(config(), open_market_data("sample")).performance
assert -1 < result.worst_day < 0
deviations = {"Calm": 0.004, "Wild": 0.03}
two = [strategy(name, returns_of(name, 0.0, deviation)) for name, deviation in deviations.items()]
for question in ("Which has the mildest worst session?", "Which has the best worst daily return?"):
    answer = answered(question, *two)
    (ranking,) = answer.findings.ranking
    assert (ranking.metric, answer.summary.best_strategy_id) == ("worst_day", "calm"), answer
    assert "mildest worst session is 'Calm'" in answer.summary.text, answer
"""
PROVIDER = """
import os

os.environ["MARKET_DATA"] = "random_walk"

from services.backtest.market_data import open_market_data
from services.backtest.settings import BacktestSettings
from services.backtest.simulation import simulate_config
from tests.builders import config

asked = config(symbols=["WALK1", "WALK3"], start_date="2020-01-01", end_date="2023-12-29")
result = simulate_config(asked, open_market_data(BacktestSettings().market_data)).result
assert result.symbols == ("WALK1", "WALK3")
assert len(result.days) > 1_000
"""
EVENT = """
import json
from pathlib import Path

from backchat_contracts import BY_NAME

document = json.loads(Path("contracts/asyncapi.json").read_text())
assert BY_NAME["chat.measured"].event.__name__ == "ChatMeasured"
assert Path("contracts/schemas/chat.measured.json").exists()
assert document["channels"]["chat.measured"]["description"] == "How long the tools of an answer took."
assert document["operations"]["sessionSendChatMeasured"]
assert document["components"]["messages"]["ChatMeasured"]["examples"][0]["name"] == "first-question"
"""
SERVICE = """
import asyncio
from itertools import islice
from pathlib import Path

import httpx
from aiokafka import AIOKafkaProducer

from deploy.embedded.stack import EMBEDDED, Stack
from services.chassis.messaging.envelope import Origin, encode
from tests.builders import backtest_completed
from tests.chaos.plan import plan_faults
from tests.fakes import eventually

assert "activity" in {spec.name for spec in Stack(Path("data"))._stages()[-1]}
assert "activity" in {fault.target for fault in islice(plan_faults(1, [], [], 5.0), 200)}
event = backtest_completed("Hold")
record = encode(event, source="backtest", origin=Origin())


async def counted(client, number):
    return (await client.get("/api/v1/activity/hold")).json() == {"strategy_id": "hold", "completed": number}


async def main():
    services = ("activity", "gateway")
    async with (
        Stack(Path("data"), env=EMBEDDED, services=services, log=Path("log")) as stack,
        httpx.AsyncClient(base_url=stack.url, timeout=30) as client,
        AIOKafkaProducer(bootstrap_servers=stack.kafka) as producer,
    ):
        await eventually(lambda: counted(client, 0), 30)
        headers = [(name, text.encode()) for name, text in record.headers.items()]
        for _ in range(2):
            await producer.send_and_wait(record.topic, record.value, record.key.encode(), headers=headers)
        await eventually(lambda: counted(client, 1), 30)


asyncio.run(main())
"""
USES = {
    "add-a-strategy": STRATEGY,
    "add-a-metric": METRIC,
    "add-a-data-provider": PROVIDER,
    "add-an-event": EVENT,
    "add-a-service": SERVICE,
}
"""By page, a program that uses what was added."""
TESTS = (
    "contracts/test_catalogue.py",
    "contracts/test_examples.py",
    "contracts/test_metrics.py",
    "contracts/test_routes.py",
    "contracts/test_schemas.py",
    "unit/activity",
    "unit/backtest/test_breakout.py",
    "unit/backtest/test_market_data.py",
    "unit/metrics/test_metrics.py",
    "unit/backtest/test_random_walk.py",
    "unit/backtest/test_strategies.py",
    "unit/backtest/test_strategy_types.py",
    "unit/chaos/test_plan.py",
    "unit/compare/test_metrics.py",
    "unit/deploy",
    "unit/gateway/test_openapi.py",
    "unit/gateway/test_pages.py",
    "unit/session/test_chat.py",
    "unit/session/test_redelivery.py",
)
"""Those that the pages add or change, and those that notice where something is missing."""
NEW_EXAMPLES = "not test_examples.py or measured or activity or every_type"

MYPY_CACHE = ".mypy_cache"
"""With that of the last `make types`, checking the copy takes two seconds instead of fifteen."""


def python(tree: Path, *arguments: str) -> None:
    """Run Python in a copy of the tree, where the packages are those of the copy."""
    given = {name: value for name, value in os.environ.items() if "MAKE" not in name}
    env = {**given, "PYTHONPATH": f"{tree}{os.pathsep}{tree / 'contracts'}"}
    done = subprocess.run(
        [sys.executable, *arguments], cwd=tree, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def finish(tree: Path) -> None:
    """Do what the pages say after the last change."""
    python(tree, "-m", "backchat_contracts.generate")
    python(tree, "-m", "ruff", "format", "--no-cache")


LONG = {"add-a-service"}  # its program runs the service with broker, database and gateway


@pytest.mark.long
@pytest.mark.parametrize(
    "page", [pytest.param(page, marks=[pytest.mark.long] * (page in LONG)) for page in PAGES]
)
def test_what_a_page_adds_can_be_used(page: str, tmp_path: Path) -> None:
    tree = copy_tree(tmp_path)
    follow(page, tree)
    finish(tree)
    python(tree, "-c", USES[page])


@pytest.mark.long
@pytest.mark.timeout(600)
def test_the_checks_pass_when_all_pages_were_followed(tmp_path: Path) -> None:
    tree = copy_tree(tmp_path)
    for page in PAGES:
        follow(page, tree)
    finish(tree)
    if (ROOT / MYPY_CACHE).exists():
        shutil.copytree(ROOT / MYPY_CACHE, tree / MYPY_CACHE)
    module = "acme-*:INP001"  # a package of one module has no __init__.py
    python(tree, "-m", "ruff", "check", "--no-cache", "--extend-per-file-ignores", module)
    python(
        tree, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()", "--no-cache"
    )
    python(tree, "-m", "mypy", "-p", "services", "-p", "backchat_contracts")
    python(tree, "-m", "pytest", "-q", "-x", *(f"tests/{path}" for path in TESTS), "-k", NEW_EXAMPLES)


def test_a_change_that_does_not_fit_is_refused(tmp_path: Path) -> None:
    (tmp_path / "there.py").write_text("a = 1\na = 1\nb = 2\n")
    for path, how, line in [
        ("there.py", None, None),
        ("gone.py", "after", "a = 1"),
        ("there.py", "after", "a = 1"),
        ("there.py", "before", "c…"),
    ]:
        with pytest.raises(WrongPageError):
            Change(path, how, line, "c = 3\n").make(tmp_path)
    with pytest.raises(WrongPageError, match="1 blocks of code, 0 of them with a file"):
        changes("Write this:\n\n```python\nc = 3\n```\n")


@pytest.mark.parametrize(
    ("how", "text"),
    [("before", "c = 3\n  b = 2\n"), ("after", "  b = 2\nc = 3\n"), ("instead of", "c = 3\n")],
)
def test_a_change_is_made_where_the_page_says(tmp_path: Path, how: str, text: str) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "b.py").write_text("  b = 2\n")
    (change,) = changes(f"In `a/b.py`, {how} `b =…`:\n\n```python\nc = 3\n```\n")
    change.make(tmp_path)
    assert (tmp_path / "a" / "b.py").read_text() == text
