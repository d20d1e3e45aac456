"""What was looked at and how it is: a stable code for programs, a sentence and a remedy for whoever is woken up."""

from collections.abc import Iterable
from typing import Literal

from msgspec import Struct

Severity = Literal["ok", "warning", "error"]
WORSE: tuple[Severity, ...] = ("ok", "warning", "error")
"""In this order; the place of the worst one is the command's exit code."""


class Finding(Struct, frozen=True):
    code: str
    severity: Severity
    what: str
    remedy: str = ""


def ok(code: str, what: str) -> Finding:
    return Finding(code, "ok", what)


def warning(code: str, what: str, remedy: str) -> Finding:
    return Finding(code, "warning", what, remedy)


def error(code: str, what: str, remedy: str) -> Finding:
    return Finding(code, "error", what, remedy)


def worst(findings: Iterable[Finding]) -> int:
    """0 when all is well, 1 when something should be seen to, 2 when something is broken or soon will be."""
    return max((WORSE.index(each.severity) for each in findings), default=0)
