"""What a program sends: JSON of a shape that we name. Each bad field is told by its JSON path."""

from collections.abc import Sequence
from typing import Any, TypeVar

import msgspec
from litestar import Request
from litestar.exceptions import ClientException

from collector.errors import FieldError, InvalidFields, TooMuchSent
from collector.forms.answers import explain
from collector.forms.envelope import decoded

LARGEST = 256 * 1024
"""A thousand rows of operations are half of it."""

Sent = TypeVar("Sent")


async def sent(request: Request[Any, Any, Any], kind: type[Sent]) -> Sent:
    """Raises TooMuchSent, MalformedJSON or InvalidFields."""
    try:
        body = await request.body()
    except ClientException as error:
        raise TooMuchSent from error
    try:
        return decoded(body, msgspec.json.Decoder(kind))
    except msgspec.ValidationError as error:
        raise InvalidFields(errors=[explain(error)]) from None


def refuse(errors: Sequence[FieldError]) -> None:
    """Raises InvalidFields when there is any."""
    if errors:
        raise InvalidFields(errors=errors)
