"""How the description at `/schema` speaks of routes that want a key."""

from collections.abc import Mapping

from litestar.openapi.datastructures import ResponseSpec

from collector.openapi import Problem
from collector.web import PROBLEM

SECURITY = [{"key": list[str]()}]
"""The scheme of that name is in `collector.openapi`."""

_LET_IN = {
    401: "`key-required`, `key-invalid`, `key-expired`, `key-revoked`",
    429: "`too-many`: wrong keys, too often; come back after `Retry-After` seconds",
    503: "`storage-unavailable`: ask again after `Retry-After` seconds",
}
_ASKED = {400: "`bad-request`: a parameter is out of its bounds", 404: "`not-found`, or not this key's to read"}


def refusals(*, of_a_procedure: bool) -> Mapping[int, ResponseSpec]:
    said = {**_LET_IN, **_ASKED} if of_a_procedure else _LET_IN
    return {
        status: ResponseSpec(Problem, description=text, media_type=PROBLEM, generate_examples=False)
        for status, text in said.items()
    }
