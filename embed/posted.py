"""What a browser posted from the form, and the answers it amounts to.

The page is the only memory: every post carries all answers as text, so the next page can be made from it alone.
"""

import re
from collections.abc import Iterable, Mapping
from uuid import UUID, uuid4

from collector.forms import Field
from collector.schema import DESKS, STANDARD

Values = Mapping[str, tuple[str, ...]]
"""What was posted, by the name of the control."""

LONGEST_PATH = 2000
TRAP = "url"
"""A control that pages without JavaScript hide from people."""

# Nobody sees them, so nobody can correct them: they are taken out. Tab and line feed are text.
_INVISIBLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def clean(text: str) -> str:
    """A browser posts a text's line ends as CRLF; they count, and are kept, as one."""
    return _INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def gather(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    values: dict[str, tuple[str, ...]] = {}
    for name, text in pairs:
        values[name] = (*values.get(name, ()), clean(text))
    return values


def first(values: Values, name: str) -> str:
    return next(iter(values.get(name, ())), "")


def identity(values: Values) -> UUID:
    """The review's `id` as the page carries it, or a new one where it carries none that can be read."""
    try:
        return UUID(first(values, "id"))
    except ValueError:
        return uuid4()


def version_seen(values: Values) -> int:
    """Which version of the form the page shows. The national questionnaire's page does not say it."""
    text = first(values, "form_version")
    return int(text) if re.fullmatch(r"[0-9]{1,4}", text) else STANDARD


def controls(field: Field) -> tuple[str, ...]:
    """The names of a field's controls: one for each desk where a question is asked of each."""
    if field.type in {"reached", "scales"}:
        return tuple(f"{field.name}.{code}" for code in field.codes)
    return (field.name,)


def is_trapped(values: Values) -> bool:
    """Whether the field that nobody sees was filled in. Programs that fill in every form they meet do."""
    return bool(first(values, TRAP).strip())


def tried(values: Values) -> list[str]:
    """The desks of the administration that the citizen says to have tried."""
    return [desk for desk in DESKS if desk in values.get("contact_tried", ())]


def reached(values: Values) -> list[str]:
    return [desk for desk in tried(values) if first(values, f"contact_reached.{desk}") == "true"]


def is_asked(field: Field, values: Values) -> bool:
    """Whether an earlier answer makes this question make sense."""
    match field.name:
        case "contact_tried_other":
            return "other" in values.get("contact_tried", ())
        case "contact_reached":
            return bool(tried(values))
        case "contact_satisfaction":
            return bool(reached(values))
    return True


def answers(fields: Iterable[Field], values: Values) -> dict[str, object]:
    """The answers as the API takes them. What was answered to a question no longer asked stays in the page only."""
    found: dict[str, object] = {}
    for field in fields:
        if not is_asked(field, values):
            continue
        value = _answer(field, values)
        if value not in ("", [], {}, None):
            found[field.name] = value
    return found


def _answer(field: Field, values: Values) -> object:
    text = first(values, field.name)
    match field.type:
        case "choices":
            return list(values.get(field.name, ()))
        case "scale":
            return _mark(text)
        case "reached":
            given = {desk: first(values, f"{field.name}.{desk}") for desk in tried(values)}
            return {desk: {"true": True, "false": False}.get(text, text) for desk, text in given.items() if text}
        case "scales":
            given = {desk: first(values, f"{field.name}.{desk}") for desk in reached(values)}
            return {desk: _mark(text) for desk, text in given.items() if text}
        case "choice":
            return text
    return text if text.strip() else ""


def _mark(text: str) -> object:
    """A mark as a number; anything else as it came, for the form's check to refuse."""
    return int(text) if re.fullmatch(r"[0-9]", text) else text


def host_path(text: str | None) -> str | None:
    """The path of the host's page as somebody says it is: never a query, never another site."""
    path = re.split(r"[?#]", clean(text or ""), maxsplit=1)[0]
    return path if path.startswith("/") and not path.startswith("//") and len(path) <= LONGEST_PATH else None
