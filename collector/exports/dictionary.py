"""`GET /exports/{token}/dictionary`: what the columns of a link's file are, for programs.

A Data Package (Frictionless, version 1) with its Table Schema, and a JSON Schema of one row of NDJSON, JSON or pages.
"""

from typing import Any

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from collector.exports.columns import VERSION, Column, Type, columns_of
from collector.exports.files import DELIMITERS, ending
from collector.exports.formats import MEDIA_TYPES
from collector.exports.links import Grant, open_link
from collector.exports.pages import HEADERS
from collector.schema import Clock, Content
from collector.settings import Settings
from collector.storage import Storage
from collector.web import client_address

_TABLE: dict[Type, dict[str, str]] = {
    "text": {"type": "string"},
    "integer": {"type": "integer"},
    "number": {"type": "number"},
    "boolean": {"type": "boolean"},
    "day": {"type": "date"},
    "moment": {"type": "datetime", "format": "%Y-%m-%dT%H:%MZ"},
    "list": {"type": "string"},
}
_JSON: dict[Type, dict[str, Any]] = {
    "text": {"type": "string"},
    "integer": {"type": "integer"},
    "number": {"type": "number"},
    "boolean": {"type": "boolean"},
    "day": {"type": "string", "format": "date"},
    "moment": {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}Z$"},
    "list": {"type": "array"},
}
_TITLES: dict[Content, str] = {
    "reviews": "Avis",
    "malfunctions": "Dysfonctionnements signalés",
    "indicators": "Indicateurs",
}
_ALWAYS = frozenset({"id", "procedure", "problem", "from_day", "to_day", "indicator"})
"""What no row lacks; the rest may be unknown."""


@get("/exports/{token:str}/dictionary", opt={"who": "link-holder"})
async def export_dictionary(
    request: Request[Any, Any, Any],
    token: FromPath[str],
    settings: NamedDependency[Settings],
    storage: NamedDependency[Storage],
    clock: NamedDependency[Clock],
) -> Response[dict[str, Any]]:
    """The columns of what this link gives, with their types, words and codes."""
    now = clock()
    grant = await open_link(token, storage, settings, now, client_address(request.scope, settings))
    await storage.links.add_use(grant.id, "dictionary", 0, "sent", now)
    return Response(package_of(grant), media_type="application/json", headers=HEADERS)


def package_of(grant: Grant) -> dict[str, Any]:
    columns = columns_of(grant.content, grant.interval, grant.by)
    dialect = {"dialect": {"delimiter": DELIMITERS[grant.format]}} if grant.format in DELIMITERS else {}
    return {
        "profile": "data-package",
        "name": f"avis-{grant.content}",
        "title": _TITLES[grant.content],
        "version": VERSION,
        "resources": [
            {
                "profile": "tabular-data-resource",
                "name": grant.content,
                "path": f"avis-{grant.content}.{ending(grant.format)}",
                "format": ending(grant.format),
                "mediatype": MEDIA_TYPES[grant.format],
                "encoding": "utf-8",
                **dialect,
                "schema": {
                    "fields": [_field(each) for each in columns],
                    "missingValues": [""],
                    **({"primaryKey": ["id"]} if grant.content == "reviews" else {}),
                },
            }
        ],
        "json_schema": {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "type": "object",
            "properties": {each.name: _property(each) for each in columns},
            "required": [each.name for each in columns],
            "additionalProperties": False,
        },
    }


def _field(column: Column) -> dict[str, Any]:
    bounds = {"minimum": column.least, "maximum": column.most, "enum": _codes(column)}
    constraints = {name: bound for name, bound in bounds.items() if bound is not None}
    return {
        "name": column.name,
        **_TABLE[column.type],
        "title": column.fr,
        "description": column.en + (f". Joined by a bar: {', '.join(column.codes)}" if column.type == "list" else ""),
        **({"constraints": constraints} if constraints else {}),
    }


def _property(column: Column) -> dict[str, Any]:
    """Of JSON, where a list is a list."""
    said: dict[str, Any] = {**_JSON[column.type], "title": column.fr, "description": column.en}
    if column.type == "list":
        return {**said, "items": {"enum": list(column.codes)}, "uniqueItems": True}
    bounds = {"minimum": column.least, "maximum": column.most}
    said |= {name: bound for name, bound in bounds.items() if bound is not None}
    codes = _codes(column)
    if column.name in _ALWAYS:
        return {**said, **({"enum": codes} if codes else {})}
    return {**said, "type": [said["type"], "null"], **({"enum": [*codes, None]} if codes else {})}


def _codes(column: Column) -> list[str] | None:
    return list(column.codes) if column.codes and column.type != "list" else None
