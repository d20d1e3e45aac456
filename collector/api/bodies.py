"""What a program sends: JSON of a shape that we name. Each bad field is told by its JSON path."""

from collections.abc import Callable
from typing import Any, TypeVar

import msgspec
from litestar import Request
from litestar.exceptions import ClientException
from msgspec import UNSET, UnsetType

from collector.errors import FieldError, InvalidFields, TooMuchSent
from collector.fields import MOST_CONTEXTS, Unfit, context, line, site
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


class Fields:
    """The values of a body: each method returns a usable one and remembers what is wrong, until `done` says it all.

    A value that was not sent is `before`, as it stands.
    """

    def __init__(self) -> None:
        self._errors: list[FieldError] = []

    def refuse(self, path: str, code: str, message: str) -> None:
        self._errors.append(FieldError(f"$.{path}", code, message))

    def done(self) -> None:
        """Raises InvalidFields."""
        if self._errors:
            raise InvalidFields(errors=self._errors)

    def line(self, name: str, given: str | UnsetType, before: str, *, longest: int, required: bool = True) -> str:
        return before if given is UNSET else self._fit(name, given, line, longest=longest, required=required)

    def sites(self, name: str, given: list[str] | UnsetType, before: tuple[str, ...]) -> tuple[str, ...]:
        if given is UNSET:
            return before
        return tuple(dict.fromkeys(self._fit(f"{name}[{at}]", each, site) for at, each in enumerate(given)))

    def contexts(self, name: str, given: list[str] | UnsetType, before: tuple[str, ...]) -> tuple[str, ...]:
        if given is UNSET:
            return before
        if len(given) > MOST_CONTEXTS:
            self.refuse(name, "too-many", f"{MOST_CONTEXTS} libellés au plus.")
        return tuple(dict.fromkeys(self._fit(f"{name}[{at}]", each, context) for at, each in enumerate(given)))

    def _fit(self, path: str, given: str, read: Callable[..., str], **rule: Any) -> str:
        try:
            return read(given, **rule)
        except Unfit as error:
            self.refuse(path, error.code, error.message.format(**error.values))
            return ""
