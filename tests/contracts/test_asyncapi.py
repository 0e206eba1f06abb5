"""The AsyncAPI document is valid, and says what the catalogue says."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from backchat_contracts import REPLIES_TOPIC, TOPICS, BacktestRequested, StrategyConfig, Topic
from backchat_contracts.catalogue import REPLIES, REPLY_ONLY, REPLY_PARTITIONS, TYPE_OF
from services.chassis.messaging.envelope import Origin, ReplyAddress, encode, encode_reply
from tests.contracts.conftest import Example

PARSER = "@asyncapi/parser@3.6.3"
CACHE = Path(__file__).parents[2] / "build" / "asyncapi-parser" / PARSER.rpartition("@")[2]
FETCH_SECONDS = 60
PARSE = """
const { Parser } = require("@asyncapi/parser");
const text = require("node:fs").readFileSync(process.argv[1], "utf8");
new Parser().parse(text).then(({ document, diagnostics }) => {
  const problems = diagnostics.filter(({ severity }) => severity <= 1);  // errors and warnings
  console.log(JSON.stringify({
    problems: problems.map(({ code, path, message }) => `${code}: ${path.join(".")}: ${message}`),
    operations: document ? document.operations().length : 0,
  }));
});
"""

each_topic = pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)


@pytest.fixture(scope="module")
def parser() -> Path:
    """Fetch the official parser, once; the folder that has it in its `node_modules`."""
    for program in ("node", "npm"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed")
    if not CACHE.exists():
        fetching = CACHE.with_name(f"{CACHE.name}.part")
        shutil.rmtree(fetching, ignore_errors=True)
        fetching.mkdir(parents=True)
        options = ["--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts", "--fetch-retries=1"]
        try:
            subprocess.run(
                ["npm", "install", *options, "--prefix", str(fetching), PARSER],
                cwd=fetching,
                capture_output=True,
                text=True,
                check=True,
                timeout=FETCH_SECONDS,
            )
        except subprocess.TimeoutExpired:
            pytest.skip(f"{PARSER} was not fetched within {FETCH_SECONDS} s")
        except subprocess.CalledProcessError as error:
            reasons = [line for line in error.stderr.splitlines() if line.startswith("npm error")]
            pytest.skip(f"{PARSER} can't be fetched: {'; '.join(reasons[:3])}")
        fetching.rename(CACHE)
    return CACHE


def parse(parser: Path, document: Path) -> dict[str, Any]:
    done = subprocess.run(
        ["node", "-e", PARSE, str(document)], cwd=parser, capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


@pytest.mark.long
@pytest.mark.timeout(FETCH_SECONDS + 60)
def test_the_official_parser_finds_nothing_wrong(
    parser: Path, contracts: Path, asyncapi: dict[str, Any]
) -> None:
    found = parse(parser, contracts / "asyncapi.json")
    assert found == {"problems": [], "operations": len(asyncapi["operations"])}


@pytest.mark.long
@pytest.mark.timeout(FETCH_SECONDS + 60)
def test_the_official_parser_would_find_something(
    parser: Path, asyncapi: dict[str, Any], tmp_path: Path
) -> None:
    damaged = deepcopy(asyncapi)
    damaged["components"]["schemas"]["Performance"]["properties"]["cagr"]["type"] = "fraction"
    document = tmp_path / "asyncapi.json"
    document.write_text(json.dumps(damaged), encoding="utf-8")
    assert any(
        "Performance.properties.cagr.type" in problem for problem in parse(parser, document)["problems"]
    )


def test_channels_are_the_topics_and_the_replies(asyncapi: dict[str, Any]) -> None:
    assert asyncapi["asyncapi"] == "3.0.0"
    assert list(asyncapi["channels"]) == [*(topic.name for topic in TOPICS), REPLIES_TOPIC]


@each_topic
def test_a_channel_has_the_topic_s_settings(asyncapi: dict[str, Any], topic: Topic) -> None:
    channel = asyncapi["channels"][topic.name]
    kafka = channel["bindings"]["kafka"]
    assert channel["address"] == kafka["topic"] == topic.name
    assert kafka["partitions"] == topic.partitions
    assert kafka["topicConfiguration"]["retention.ms"] == topic.retention.total_seconds() * 1000
    assert list(channel["messages"]) == [topic.event.__name__]


def test_all_answers_travel_on_the_replies_channel(asyncapi: dict[str, Any]) -> None:
    channel = asyncapi["channels"][REPLIES_TOPIC]
    answers = {cls for classes in REPLIES.values() for cls in classes} | set(REPLY_ONLY.values())
    assert set(channel["messages"]) == {cls.__name__ for cls in answers}
    assert channel["bindings"]["kafka"]["partitions"] == REPLY_PARTITIONS


@each_topic
def test_producers_send_and_consumers_receive(asyncapi: dict[str, Any], topic: Topic) -> None:
    operations = {
        (operation["action"], operation["tags"][0]["name"])
        for operation in asyncapi["operations"].values()
        if operation["channel"]["$ref"] == f"#/channels/{topic.name}"
    }
    sent = {("send", service) for service in topic.producers}
    assert operations == sent | {("receive", service) for service in topic.consumers}


@each_topic
def test_a_request_names_its_answers(asyncapi: dict[str, Any], topic: Topic) -> None:
    expected = (
        {cls.__name__ for cls in REPLIES[topic.event]} | {"Refused"} if topic.event in REPLIES else None
    )
    for operation in asyncapi["operations"].values():
        if operation["channel"]["$ref"] == f"#/channels/{topic.name}":
            reply = operation.get("reply")
            answers = reply and {message["$ref"].rpartition("/")[2] for message in reply["messages"]}
            assert answers == expected


@pytest.mark.parametrize("cls", TYPE_OF, ids=lambda cls: cls.__name__)
def test_a_message_shows_its_type_its_key_and_its_examples(
    asyncapi: dict[str, Any], examples: list[Example], cls: type
) -> None:
    message = asyncapi["components"]["messages"][cls.__name__]
    own = [example for example in examples if example.kind == TYPE_OF[cls]]
    assert message["name"] == TYPE_OF[cls]
    assert message["headers"]["properties"]["ce_type"]["const"] == TYPE_OF[cls]
    assert [shown["payload"] for shown in message["examples"]] == [example.value for example in own]
    payload = Draft7Validator({**asyncapi, **message["payload"]})
    for example in own:
        payload.validate(example.value)
    for topic in TOPICS:
        if topic.event is cls:
            key = Draft7Validator(message["bindings"]["kafka"]["key"])
            assert all(key.is_valid(example.key) for example in own)


def test_every_reference_leads_somewhere(asyncapi: dict[str, Any]) -> None:
    for reference in references(asyncapi):
        target: Any = asyncapi
        for step in reference.removeprefix("#/").split("/"):
            target = target[step]


def references(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for item in node:
            yield from references(item)


def test_what_is_required_is_what_a_cloud_event_requires(header_schema: dict[str, Any]) -> None:
    assert set(header_schema["required"]) == {"ce_id", "ce_type", "ce_source", "ce_specversion"}


def test_a_reply_address_is_topic_and_partition(header_schema: dict[str, Any]) -> None:
    headers = {"ce_specversion": "1.0", "ce_id": "1", "ce_type": "refused", "ce_source": "/test"}
    validator = Draft7Validator(header_schema)
    assert validator.is_valid(headers)
    assert not validator.is_valid({**headers, "reply_to": REPLIES_TOPIC})
    assert validator.is_valid({**headers, "reply_to": REPLIES_TOPIC, "reply_partition": "3"})


def test_what_our_services_send_has_the_headers_described(header_schema: dict[str, Any]) -> None:
    request = BacktestRequested(
        backtest_id="bt-1", strategy_config=StrategyConfig(name="SMA", symbols=("AAPL",))
    )
    address = ReplyAddress(REPLIES_TOPIC, 3, "c-1")
    origin = Origin("c-1", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
    encoded = encode(
        request, source="gateway", origin=origin, sequence=7, reply_address=address, republished=True
    )
    refused = encode_reply(
        REPLY_ONLY["refused"](code="no", detail=50 * "No."), source="backtest", to=address, largest=100
    )
    for record in (encoded, *refused):
        Draft7Validator(header_schema).validate(dict(record.headers))
    assert {*encoded.headers, *refused[0].headers} == set(header_schema["properties"])
