"""The AsyncAPI document: channels, messages, headers, producers and consumers.

Source: https://www.asyncapi.com/docs/reference/specification/v3.0.0
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from backchat_contracts.base import Contract
from backchat_contracts.catalogue import (
    BY_EVENT,
    REPLIES,
    REPLIES_TOPIC,
    REPLY_ONLY,
    REPLY_PARTITIONS,
    TOPICS,
    TYPE_OF,
    Topic,
)
from backchat_contracts.schemas import describe, draft_07_schemas, first_sentence

Json = dict[str, Any]

BINDING: Final = "0.5.0"
TRAIT: Final = "cloudEvent"

DESCRIPTION: Final = (
    "Backchat's services talk through Kafka. A request (`*.requested`, `*.queried`) may be published, and "
    "a fact may be read, by any program. Every record is a CloudEvent 1.0 in Kafka's binary mode: the "
    "attributes are `ce_` headers, the value is plain JSON, the key is the id of the aggregate. Structured "
    "mode is understood too. Ignore unknown headers, and unknown fields of facts; an unknown field of a "
    "request is refused. A record that can't be read is kept in `<topic>.dlq`."
)

HEADERS: Final[Json] = {
    "type": "object",
    "required": ["ce_specversion", "ce_id", "ce_type", "ce_source"],
    "properties": {
        "ce_specversion": {"type": "string", "const": "1.0"},
        "ce_id": {
            "type": "string",
            "minLength": 1,
            "description": "The record's own id. A record that is sent again keeps it.",
        },
        "ce_type": {"type": "string", "description": "The name of the message type: for events the topic."},
        "ce_source": {
            "type": "string",
            "format": "uri-reference",
            "minLength": 1,
            "description": "The publisher; Backchat's own services are `/backchat/<service>`.",
        },
        "ce_time": {"type": "string", "format": "date-time", "description": "When it was published."},
        "ce_subject": {"type": "string", "description": "The id of the aggregate: the same as the key."},
        "ce_sequence": {
            "type": "string",
            "pattern": "^[0-9]+$",
            "description": "The number of this event within the aggregate, from 1 on. Drop an event "
            "whose number is not higher than the last one's.",
        },
        "content-type": {"type": "string", "pattern": "^application/json"},
        "traceparent": {
            "type": "string",
            "pattern": "^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}",
            "description": "W3C Trace Context; passed on to all records that this one causes.",
        },
        "correlation_id": {
            "type": "string",
            "minLength": 1,
            "description": "Passed on to all records that this one causes, and to the reply. By "
            "default the `ce_id`.",
        },
        "part": {
            "type": "string",
            "pattern": "^[0-9]+/[0-9]+$",
            "description": "On a reply that is larger than a record: the number of this part, from 1 on, "
            "and how many there are. The values joined in their order are the reply.",
        },
        "republished": {
            "type": "string",
            "const": "true",
            "description": "On a fact of the past that is published again for a read model to be rebuilt: it "
            "has its `ce_sequence`, and a `ce_id` of its own.",
        },
        "reply_to": {
            "type": "string",
            "description": "On a request: the topic for the reply. Without it only the public facts are "
            "published.",
        },
        "reply_partition": {
            "type": "string",
            "pattern": "^[0-9]+$",
            "description": "The partition of `reply_to` for the reply.",
        },
    },
    "dependencies": {"reply_to": ["reply_partition"]},
}


def document(version: str, examples: Mapping[str, Sequence[Json]]) -> Json:
    """Build the document.

    Args:
        version: of the contracts.
        examples: by message type, each with `name`, `headers` and `value`.

    """
    schemas = draft_07_schemas(TYPE_OF, ref_template="#/components/schemas/{model}")
    return {
        "asyncapi": "3.0.0",
        "id": "urn:backchat",
        "info": {
            "title": "Backchat",
            "version": version,
            "description": DESCRIPTION,
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "channels": {topic.name: _channel(topic) for topic in TOPICS} | {REPLIES_TOPIC: _replies_channel()},
        "operations": dict(_operations()),
        "components": {
            "messages": {
                cls.__name__: _message(cls, schemas, examples.get(TYPE_OF[cls], ())) for cls in TYPE_OF
            },
            "messageTraits": {TRAIT: _trait()},
            "schemas": schemas,
        },
    }


def _channel(topic: Topic) -> Json:
    return {
        "address": topic.name,
        "description": describe(topic.event),
        "messages": _messages([topic.event]),
        "bindings": {
            "kafka": {
                "topic": topic.name,
                "partitions": topic.partitions,
                "topicConfiguration": {
                    "cleanup.policy": ["delete"],
                    "retention.ms": int(topic.retention.total_seconds() * 1000),
                },
                "bindingVersion": BINDING,
            }
        },
    }


def _replies_channel() -> Json:
    replies = dict.fromkeys(cls for classes in REPLIES.values() for cls in classes) | dict.fromkeys(
        REPLY_ONLY.values()
    )
    return {
        "address": REPLIES_TOPIC,
        "description": "Replies to requests, in the partition that the request named in `reply_partition` "
        "and with its `correlation_id`; without key, subject and sequence. A reader of a partition "
        "skips the replies to other requests.",
        "messages": _messages(replies),
        "bindings": {
            "kafka": {"topic": REPLIES_TOPIC, "partitions": REPLY_PARTITIONS, "bindingVersion": BINDING}
        },
    }


def _operations() -> Iterable[tuple[str, Json]]:
    for topic in TOPICS:
        for action, services in (("send", topic.producers), ("receive", topic.consumers)):
            for service in services:
                name = f"{service}{action.capitalize()}{topic.event.__name__}"
                yield name, _operation(topic, action, service)


def _operation(topic: Topic, action: str, service: str) -> Json:
    verb = "publishes" if action == "send" else "consumes"
    operation: Json = {
        "action": action,
        "channel": _ref("channels", topic.name),
        "summary": f"{service} {verb} {topic.name}",
        "tags": [{"name": service}],
    }
    if topic.event in REPLIES:
        replies = (*REPLIES[topic.event], REPLY_ONLY["refused"])
        operation["reply"] = {
            "channel": _ref("channels", REPLIES_TOPIC),
            "messages": [_ref("channels", REPLIES_TOPIC, "messages", cls.__name__) for cls in replies],
        }
    return operation


def _message(cls: type[Contract], schemas: Mapping[str, Json], examples: Sequence[Json]) -> Json:
    message: Json = {
        "name": TYPE_OF[cls],
        "title": cls.__name__,
        "summary": first_sentence(cls),
        "headers": {"type": "object", "properties": {"ce_type": {"const": TYPE_OF[cls]}}},
        "payload": _ref("components", "schemas", cls.__name__),
        "traits": [_ref("components", "messageTraits", TRAIT)],
    }
    if topic := BY_EVENT.get(cls):
        field = schemas[cls.__name__]["properties"][topic.key]
        key = {**field, "description": f"The `{topic.key}`."}
        message["bindings"] = {"kafka": {"key": key, "bindingVersion": BINDING}}
    if examples:
        message["examples"] = [
            {"name": example["name"], "headers": example["headers"], "payload": example["value"]}
            for example in examples
        ]
    return message


def _trait() -> Json:
    return {
        "contentType": "application/json",
        "headers": HEADERS,
        "correlationId": {
            "location": "$message.header#/correlation_id",
            "description": "The same in a request, in its replies and in all records that it causes.",
        },
    }


def _messages(classes: Iterable[type[Contract]]) -> Json:
    return {cls.__name__: _ref("components", "messages", cls.__name__) for cls in classes}


def _ref(*path: str) -> Json:
    return {"$ref": "#/" + "/".join(path)}
