"""How do integrators read the log? One AsyncAPI 3 document, made from the facts and from what services react to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shared.contracts import SERVICES, topic_of
from shared.contracts.base import FACTS
from shared.contracts.schema import schema_of
from shared.runtime.service import Service

HEADERS = {
    "ce_id": "id of the fact: the same fact has the same id, however often it arrives",
    "ce_type": "service.says.vN",
    "ce_source": "the service that said it",
    "ce_time": "business time, RFC 3339",
    "ce_subject": "the person or the supplier it is about; also the record's key",
    "ce_sequence": "its place: the n-th fact of this source about this subject, contiguous from 1",
    "ce_council": "nine-character ONS code",
    "ce_correlationid": "the request that began it",
    "ce_causationid": "the message it follows from",
}


def asyncapi(services: Mapping[str, Service]) -> dict[str, Any]:
    """The whole document. Every operation names its channel's messages by reference."""
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Caremarket facts",
            "version": "1.0.0",
            "description": "CloudEvents 1.0 on Kafka, binary mode. Topics are kept for ever; keys are subjects.",
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "channels": {name: _channel(name) for name in SERVICES},
        "operations": _operations(services),
        "components": {"messages": {name: _message(name) for name in sorted(FACTS)}},
    }


def _channel(service: str) -> dict[str, Any]:
    said = {_key(name): {"$ref": f"#/components/messages/{name}"} for name in _said_by(service)}
    return {"address": topic_of(service), "description": f"All that {service} says.", "messages": said}


def _operations(services: Mapping[str, Service]) -> dict[str, Any]:
    says = {f"{name}_says": _operation("send", name, _said_by(name)) for name in SERVICES}
    hears = {
        f"{name}_hears_{source}": _operation("receive", source, heard)
        for name, service in services.items()
        for source in service.hears
        if (heard := [fact for fact in sorted(service.reactions) if FACTS[fact].service == source])
    }
    return says | hears


def _operation(action: str, channel: str, facts: list[str]) -> dict[str, Any]:
    messages = [{"$ref": f"#/channels/{channel}/messages/{_key(name)}"} for name in facts]
    return {"action": action, "channel": {"$ref": f"#/channels/{channel}"}, "messages": messages}


def _message(name: str) -> dict[str, Any]:
    fact = FACTS[name]
    headers = {key: {"type": "string", "description": text} for key, text in HEADERS.items()}
    return {
        "name": name,
        "title": fact.__name__,
        "summary": (fact.__doc__ or "").strip().splitlines()[0],
        "headers": {"type": "object", "properties": headers, "required": list(HEADERS)},
        "payload": {
            "schemaFormat": "application/schema+json;version=draft-07",
            "schema": _inlined(schema_of(fact)),
        },
    }


def _inlined(schema: dict[str, Any]) -> dict[str, Any]:
    """References into `$defs` replaced by what they name: AsyncAPI resolves references from its own root."""
    defs = schema.get("$defs", {})
    body = {key: value for key, value in schema.items() if key not in ("$defs", "$schema", "$id")}
    inlined: dict[str, Any] = _inline(body, defs)
    return inlined


def _inline(part: Any, defs: dict[str, Any]) -> Any:
    if isinstance(part, list):
        return [_inline(one, defs) for one in part]
    if not isinstance(part, dict):
        return part
    if "$ref" in part:
        return _inline(defs[part["$ref"].rpartition("/")[2]], defs)
    return {key: _inline(value, defs) for key, value in part.items()}


def _said_by(service: str) -> list[str]:
    return [name for name in sorted(FACTS) if FACTS[name].service == service]


def _key(name: str) -> str:
    """`budget.finalised.v1` as a key without dots."""
    return name.replace(".", "_")
