"""A row of figures as points of a drawing: a template draws it, and a table beside it says it. Pure."""

from collections.abc import Sequence
from datetime import date

from msgspec import Struct

from collector.indicators import THRESHOLDS, Indicator
from collector.observatory.words import month

WIDTH, HEIGHT = 720, 250
_LEFT, _RIGHT, _TOP, _BOTTOM = 34, 14, 12, 30


class Month(Struct, frozen=True):
    """`figure` is None where nothing may be said of it."""

    day: date
    reviews: int
    figure: Indicator | None

    @property
    def name(self) -> str:
        return month(self.day)


class Dot(Struct, frozen=True):
    """A month's place: across, and from the top; its interval from `high` to `low`, None without a value."""

    name: str
    x: float
    y: float | None
    low: float | None
    high: float | None


class Chart(Struct, frozen=True):
    dots: Sequence[Dot]
    lines: Sequence[tuple[float, str]]
    """Height and name of each line across: the ends of the scale and the thresholds."""
    width: int = WIDTH
    height: int = HEIGHT


def chart(months: Sequence[Month], name: str = "satisfaction") -> Chart:
    """Of an indicator from 0 to 10."""
    step = (WIDTH - _LEFT - _RIGHT) / len(months)
    dots = [_dot(one, round(_LEFT + (place + 0.5) * step, 1)) for place, one in enumerate(months)]
    return Chart(dots, [(_height(value), f"{value:.0f}") for value in (0, *sorted(THRESHOLDS[name]), 10)])


def _dot(one: Month, x: float) -> Dot:
    short = one.name[:3] if one.name[:4] not in {"juin", "juil"} else one.name[:4]
    if one.figure is None or one.figure.value is None or one.figure.low is None or one.figure.high is None:
        return Dot(short, x, None, None, None)
    return Dot(short, x, _height(one.figure.value), _height(one.figure.low), _height(one.figure.high))


def _height(value: float) -> float:
    return round(_TOP + (HEIGHT - _TOP - _BOTTOM) * (10 - value) / 10, 1)
