"""The OpenAPI 3.1 description at `/schema`. The intake is a bare ASGI handler, so its operation is written here."""

import re
from collections.abc import Iterable, Mapping
from copy import deepcopy
from typing import Any

import msgspec
from litestar import Litestar, Request
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme, Tag
from litestar.routes import HTTPRoute
from typing_extensions import override

from collector.errors import FieldError
from collector.openapi_webhooks import webhooks
from collector.schema import MalfunctionAnswers, SatisfactionAnswers, Submission

VERSION = "0.1.0"

_REFUSALS = {
    400: "`malformed-json`: not JSON, or a key twice",
    403: "`origin-not-allowed`: the procedure does not list this site",
    404: "`unknown-key`",
    405: "`method-not-allowed`",
    408: "`too-slow`: the body did not come within 20 seconds; nothing was stored, send again",
    409: "`review-closed`: the 60 minutes are over",
    410: "`placement-closed`",
    413: "`too-large`: more than 64 KiB",
    422: "`invalid-answers`: `errors` names each field by its JSON path",
    429: "`too-many`: come back after `Retry-After` seconds; this one was not charged",
    503: "`storage-unavailable`, `overcrowded`: nothing was stored, send again after `Retry-After` seconds",
}


class Problem(msgspec.Struct, omit_defaults=True):
    """RFC 9457. `title` and `detail` are French, `type` and `code` are stable."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: list[FieldError] = []


_EXAMPLE = {
    "id": "6f9619ff-8b86-4d01-b42d-00c04fc964ff",
    "key": "0123456789abcdef0123",
    "lang": "fr",
    "answers": {
        "satisfaction": "good",
        "comprehension": 4,
        "contact_tried": ["phone"],
        "contact_reached": {"phone": True},
    },
}
_IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "description": "The `ETag` of what was read.",
    "schema": {"type": "string"},
}


class Completed(JsonRenderPlugin):
    """The generated description, plus `POST /api/v1/reviews`, and what handlers read of a request by themselves."""

    @override
    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
        components, paths = openapi_schema.get("components", {}), deepcopy(openapi_schema["paths"])
        kinds = []
        for path, method, told in _told(request.app):
            if told["seen"]:
                paths[path][method].setdefault("parameters", []).append(_IF_MATCH)
            if told["sends"]:
                kinds.append(told["sends"])
                paths[path][method]["requestBody"] = _json(_ref(told["sends"].__name__), told["example"])
        _, sent = schema_components(kinds)
        whole = {
            **openapi_schema,
            "paths": {**paths, "/api/v1/reviews": {"post": _OPERATION}},
            "webhooks": webhooks(),
            "components": {**components, "schemas": {**components.get("schemas", {}), **_SCHEMAS, **sent}},
        }
        return msgspec.json.encode(whole)


def _told(app: Litestar) -> list[tuple[str, str, dict[str, Any]]]:
    """Path, method and what `collector.api.described` says of each handler that says it."""
    return [
        (re.sub(r":\w+}", "}", route.path), method.lower(), handler.opt)
        for route in app.routes
        if isinstance(route, HTTPRoute)
        for handler in route.route_handlers
        if "sends" in handler.opt
        for method in handler.http_methods
    ]


def schema_components(kinds: Iterable[type]) -> tuple[tuple[dict[str, Any], ...], dict[str, Any]]:
    return msgspec.json.schema_components(kinds, ref_template="#/components/schemas/{name}")


def _described() -> tuple[dict[str, Any], dict[str, Any]]:
    """The intake's operation and the schemas it refers to."""
    _, schemas = schema_components([Submission, SatisfactionAnswers, MalfunctionAnswers, Problem])
    schemas["Submission"]["properties"]["answers"] = {
        "anyOf": [_ref("SatisfactionAnswers"), _ref("MalfunctionAnswers")],
        "description": "Of the form that the key's placement shows.",
    }
    receipt = {
        "type": "object",
        "required": ["status"],
        "properties": {"status": {"enum": ["created", "enriched"]}},
    }
    operation = {
        "operationId": "PostReview",
        "tags": ["reviews"],
        "summary": "Send or complete a review",
        "description": "The same `id` again within 60 minutes replaces the answers: sending twice is always safe.",
        "requestBody": _json(_ref("Submission"), _EXAMPLE),
        "responses": {
            "201": {"description": "Created: on disk", "content": {"application/json": {"schema": receipt}}},
            "200": {"description": "Completed", "content": {"application/json": {"schema": receipt}}},
            **{
                str(status): {
                    "description": text,
                    "content": {"application/problem+json": {"schema": _ref("Problem")}},
                }
                for status, text in _REFUSALS.items()
            },
        },
    }
    return operation, schemas


def _json(schema: dict[str, Any], example: Mapping[str, Any] | None = None) -> dict[str, Any]:
    shown = {"example": example} if example else {}
    return {"required": True, "content": {"application/json": {"schema": schema, **shown}}}


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


_OPERATION, _SCHEMAS = _described()

CONFIG = OpenAPIConfig(
    title="Avis",
    version=VERSION,
    description="The collector of the « Je donne mon avis » widget. Errors are RFC 9457 problems with a French title.",
    path="/schema",
    render_plugins=[Completed(path=["/", "/openapi.json"])],
    tags=[Tag(name="reviews"), Tag(name="figures"), Tag(name="with-a-key"), Tag(name="webhooks")],
    components=Components(security_schemes={"key": SecurityScheme(type="http", scheme="bearer")}),
    use_handler_docstrings=True,
)
