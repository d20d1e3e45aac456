"""One measured figure, and the way to print it."""

import sys

import msgspec


class Figure(msgspec.Struct, frozen=True):
    """`goal` is written as people read it (">= 0.75"); `holds` is None where there is none."""

    name: str
    value: float
    unit: str
    goal: str | None = None
    holds: bool | None = None


def at_least(name: str, value: float, unit: str, goal: float) -> Figure:
    return Figure(name, round(value, 4), unit, f">= {goal:g}", value >= goal)


def at_most(name: str, value: float, unit: str, goal: float) -> Figure:
    return Figure(name, round(value, 4), unit, f"<= {goal:g}", value <= goal)


def show(figure: Figure) -> None:
    sys.stdout.write(msgspec.json.encode(figure).decode() + "\n")
    sys.stdout.flush()
