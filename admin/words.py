"""The admin's words and how it writes dates and figures. French for now; each sentence passes through `translated`."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from functools import cache
from importlib.resources import files
from math import ceil

import msgspec

from admin.periods import Months
from collector.schema import PARIS, Placement
from embed.language import DEFAULT, languages

THIN = "\u202f"
_MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
_SHORT_MONTHS = ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.")


def translated(text: str, /, **values: object) -> str:
    """A sentence of a page, which is its own key. A second language is a file that maps it to another."""
    return text.format(**values) if values else text


@cache
def labels() -> Mapping[str, Mapping[str, str]]:
    """The words of each code, by table."""
    text = (files("admin") / "languages" / f"{DEFAULT}.toml").read_bytes()
    ours = msgspec.toml.decode(text, type=dict[str, dict[str, str]])
    codes = languages()[DEFAULT].codes
    return {
        **ours,
        "satisfaction": codes.satisfaction,
        "means": {**codes.contact_tried, "other": "Autres moyens"},
        "desks": codes.desks,
        "given_answers": {**codes.satisfaction, **ours["kinds"]},
        "help": codes.contact_satisfaction,
        "devices": codes.device,
        "browsers": codes.browser,
        "clarity": {
            mark: f"{mark} · {codes.comprehension[mark]}" if mark in codes.comprehension else mark for mark in "12345"
        },
    }


def label(table: str, code: str) -> str:
    """The word of a code; the code itself where a newer part of the service knows one that we do not."""
    return labels()[table].get(code, code)


def worded(table: str, codes: Iterable[str]) -> list[tuple[str, str]]:
    """Codes with their words: the options of a choice."""
    return [(code, label(table, code)) for code in codes]


def name_of(placement: Placement) -> str:
    """What a placement is called; made without a name (from the command line), it is called after where it stands."""
    return placement.label or f"{label('channels', placement.channel)}, {label('forms', placement.form).lower()}"


def number(value: int) -> str:
    """12 345, with the thin space of French typography."""
    return f"{value:,}".replace(",", THIN)


def plural(count: int, one: str, many: str) -> str:
    """`1 avis`, `12 345 avis`: in French, zero is singular."""
    return f"{number(count)} {one if count < 2 else many}"


def percent(part: int, whole: int) -> str:
    return f"{round(100 * part / whole)}{THIN}%" if whole else "–"


def share(value: float) -> str:
    """A part of a whole as `3,4 %`: shares of few among many would all be 3 % without the decimal."""
    return f"{100 * value:.1f}{THIN}%".replace(".", ",")


def delay_band(over: int, up_to: int | None) -> str:
    """`plus de 1 à 3 jours`; the ends are hundredths of a day."""
    if not over and up_to:
        return plural(up_to // 100, "jour au plus", "jours au plus")
    return f"plus de {over // 100} à {up_to // 100} jours" if up_to else f"plus de {over // 100} jours"


def high_end(value: float | None, scale: int) -> str | None:
    """The upper end of an interval: cut upwards, as the value and the lower end are cut downwards."""
    if value is None:
        return None
    if scale == 1:
        return f"{ceil(value * 100 - 1e-9)} %"
    return f"{ceil(value * 10 - 1e-9) / 10:.1f}".replace(".", ",")


def long_date(moment: datetime | date | str) -> str:
    """22 novembre 2026."""
    day = _day(moment)
    return f"{'1er' if day.day == 1 else day.day} {_MONTHS[day.month - 1]} {day.year}"


def short_date(moment: datetime | date | str) -> str:
    return _day(moment).strftime("%d/%m/%Y")


def date_time(moment: datetime) -> str:
    return moment.astimezone(PARIS).strftime("%d/%m/%Y à %H h %M")


def date_time_second(moment: datetime) -> str:
    return moment.astimezone(PARIS).strftime("%d/%m/%Y à %H:%M:%S")


def told(details: Mapping[str, object]) -> str:
    """What a line of the journal adds: `nature : Nom ; longueur : 12`."""
    return " ; ".join(
        f"{label('details', name)}{THIN}: {_said(name, value)}" for name, value in details.items() if value is not None
    )


_CODES = {
    "state": "states",
    "channel": "channels",
    "form": "forms",
    "content": "contents",
    "role": "roles",
    "field": "fields",
    "kind": "masks",
    "verdict": "verdicts",
    "published": "yes",
    "shared": "yes",
    "why": "whys",
    "answer": "given_answers",
    "status": "statuses",
}
"""The table of the words of what a line of the journal adds."""


def _said(name: str, value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "–"
    return label(_CODES[name], str(value)) if name in _CODES else str(value)


def hour(moment: datetime) -> str:
    return moment.astimezone(PARIS).strftime("%H h %M")


def month_name(month: str) -> str:
    """`nov. 2026` of `2026-11`."""
    year, _, number = month.partition("-")
    return f"{_SHORT_MONTHS[int(number) - 1]} {year}"


def lasting(time: timedelta) -> str:
    """`3 jours`, `5 heures`: in one unit, never 0."""
    hours = max(1, round(time.total_seconds() / 3600))
    return plural(hours, "heure", "heures") if hours < 48 else plural(round(hours / 24), "jour", "jours")


def months(period: Months) -> str:
    """`janv. – mars 2026`, or with both years where they differ."""
    first, last = month_name(period.first), month_name(period.last)
    return f"{first[:-5] if first[-4:] == last[-4:] else first} – {last}"


def apart(value: float, scale: int) -> str:
    """The size of a difference, never 0: `0,4`, or `5 points` of percent."""
    if scale == 1:
        points = max(1, round(abs(value) * 100))
        return f"{points} point{'s' if points > 1 else ''}"
    return f"{max(0.1, round(abs(value), 1)):.1f}".replace(".", ",")


def signed(value: float, scale: int) -> str:
    """A difference with its sign: `+0,4`, `−5 points`; `0,0` where it is too small to be written."""
    number = f"{abs(value) * 100:.0f}" if scale == 1 else f"{abs(value):.1f}".replace(".", ",")
    sign = "" if not number.strip("0,") else "+" if value > 0 else "\N{MINUS SIGN}"
    return f"{sign}{number}" + (f"{THIN}pts" if scale == 1 else "")


def _day(moment: datetime | date | str) -> date:
    if isinstance(moment, str):
        return date.fromisoformat(moment)
    return moment.astimezone(PARIS).date() if isinstance(moment, datetime) else moment
