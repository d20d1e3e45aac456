"""The admin's words, and how it writes dates and figures, in the language spoken (`admin.language`)."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from functools import cache

from admin.language import Language, spoken, translated, vocabulary
from admin.periods import Months
from collector import indicators
from collector.schema import PARIS, Placement
from embed.language import languages

THIN = "\u202f"
_MONTHS: Mapping[Language, tuple[str, ...]] = {
    "fr": (
        "janvier", "février", "mars", "avril", "mai", "juin",
        "juillet", "août", "septembre", "octobre", "novembre", "décembre",
    ),
    "en": (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
}  # fmt: skip
_SHORT_MONTHS: Mapping[Language, tuple[str, ...]] = {
    "fr": ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}


def labels() -> Mapping[str, Mapping[str, str]]:
    """The words of each code, by table."""
    return _labels(spoken())


@cache
def _labels(language: Language) -> Mapping[str, Mapping[str, str]]:
    codes = languages()[language].codes
    said = vocabulary(language)
    ours = {table: {**words, **said.get(table, {})} for table, words in vocabulary("fr").items()}
    return {
        **ours,
        "satisfaction": codes.satisfaction,
        "means": {**codes.contact_tried, "other": ours["others"]["means"]},
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


def _french() -> bool:
    return spoken() == "fr"


def number(value: int) -> str:
    """12 345, with the thin space of French typography; 12,345 in English."""
    return f"{value:,}".replace(",", THIN) if _french() else f"{value:,}"


def figure(french: str | None) -> str | None:
    """A figure that was written in French: `7,9` is 7.9 in English, and `48 %` has no space."""
    return french if french is None or _french() else _IN_ENGLISH.sub("", french.replace(",", "."))


_IN_ENGLISH = re.compile(f"[ {THIN}](?=%)")


def plural(count: int, one: str, many: str) -> str:
    """`1 avis`, `12 345 avis`: in French, zero is singular."""
    return f"{number(count)} {one if count == 1 or (count == 0 and _french()) else many}"


def percent(part: int, whole: int) -> str:
    return f"{round(100 * part / whole)}{THIN if _french() else ''}%" if whole else "–"


def shown(value: float | None, scale: int) -> str | None:
    """A value of an indicator as people read it."""
    return figure(indicators.shown(value, scale))


def share(value: float) -> str:
    """A part of a whole as `3,4 %`: shares of few among many would all be 3 % without the decimal."""
    return f"{100 * value:.1f}{THIN}%".replace(".", ",") if _french() else f"{100 * value:.1f}%"


def delay_band(over: int, up_to: int | None) -> str:
    """`plus de 1 à 3 jours`; the ends are hundredths of a day."""
    if not over and up_to:
        return plural(up_to // 100, translated("jour au plus"), translated("jours au plus"))
    if up_to is None:
        return translated("plus de {n} jours", n=over // 100)
    return translated("plus de {over} à {up_to} jours", over=over // 100, up_to=up_to // 100)


def rank(place: int) -> str:
    """`1re`, `2e`; 1st, 2nd."""
    if _french():
        return "1re" if place == 1 else f"{place}e"
    end = "th" if 10 < place % 100 < 14 else {1: "st", 2: "nd", 3: "rd"}.get(place % 10, "th")
    return f"{place}{end}"


def high_end(value: float | None, scale: int) -> str | None:
    """The upper end of an interval; see `collector.indicators.shown_high`."""
    return figure(indicators.shown_high(value, scale))


def _decimal(value: float) -> str:
    return f"{value:.1f}".replace(".", ",") if _french() else f"{value:.1f}"


def long_date(moment: datetime | date | str) -> str:
    """22 novembre 2026, 22 November 2026."""
    day = _day(moment)
    return f"{'1er' if day.day == 1 and _french() else day.day} {_MONTHS[spoken()][day.month - 1]} {day.year}"


def short_date(moment: datetime | date | str) -> str:
    return _day(moment).strftime("%d/%m/%Y")


def date_time(moment: datetime) -> str:
    return moment.astimezone(PARIS).strftime("%d/%m/%Y à %H h %M" if _french() else "%d/%m/%Y, %H:%M")


def date_time_second(moment: datetime) -> str:
    return moment.astimezone(PARIS).strftime("%d/%m/%Y à %H:%M:%S" if _french() else "%d/%m/%Y, %H:%M:%S")


def told(details: Mapping[str, object]) -> str:
    """What a line of the journal adds: `nature : Nom ; longueur : 12`."""
    return " ; ".join(
        f"{label('details', name)}{THIN if _french() else ''}: {_said(name, value)}"
        for name, value in details.items()
        if value is not None
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
    "standing": "declared",
    "value": "declared",
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
    return moment.astimezone(PARIS).strftime("%H h %M" if _french() else "%H:%M")


def month_name(month: str) -> str:
    """`nov. 2026` of `2026-11`."""
    year, _, number = month.partition("-")
    return f"{_SHORT_MONTHS[spoken()][int(number) - 1]} {year}"


def lasting(time: timedelta) -> str:
    """`3 jours`, `5 heures`: in one unit, never 0."""
    hours = max(1, round(time.total_seconds() / 3600))
    if hours < 48:
        return plural(hours, translated("heure"), translated("heures"))
    return plural(round(hours / 24), translated("jour"), translated("jours"))


def months(period: Months) -> str:
    """`janv. – mars 2026`, or with both years where they differ."""
    first, last = month_name(period.first), month_name(period.last)
    return f"{first[:-5] if first[-4:] == last[-4:] else first} – {last}"


def apart(value: float, scale: int) -> str:
    """The size of a difference, never 0: `0,4`, or `5 points` of percent."""
    if scale == 1:
        points = max(1, round(abs(value) * 100))
        return f"{points} point{'s' if points > 1 else ''}"
    return _decimal(max(0.1, round(abs(value), 1)))


def signed(value: float, scale: int) -> str:
    """A difference with its sign: `+0,4`, `−5 points`; `0,0` where it is too small to be written."""
    number = f"{abs(value) * 100:.0f}" if scale == 1 else _decimal(abs(value))
    sign = "" if not number.strip("0,.") else "+" if value > 0 else "\N{MINUS SIGN}"
    return f"{sign}{number}" + (f"{THIN}pts" if scale == 1 else "")


def _day(moment: datetime | date | str) -> date:
    if isinstance(moment, str):
        return date.fromisoformat(moment)
    return moment.astimezone(PARIS).date() if isinstance(moment, datetime) else moment
