"""How long something is kept: an age as operators write it, and the first day that it keeps."""

import re
from calendar import monthrange
from datetime import date, timedelta

from msgspec import Struct

_UNITS = {
    "d": "days", "day": "days", "days": "days", "j": "days", "jour": "days", "jours": "days",
    "w": "weeks", "week": "weeks", "weeks": "weeks", "semaine": "weeks", "semaines": "weeks",
    "month": "months", "months": "months", "mois": "months",
    "y": "years", "year": "years", "years": "years", "an": "years", "ans": "years",
}  # fmt: skip
_LONGEST = {"days": 36_525, "weeks": 5_217, "months": 1_200, "years": 100}


class Age(Struct, frozen=True):
    """A number of calendar months and days. `24 months` is not `730d`: it ends on the same day of a month."""

    months: int = 0
    days: int = 0

    def first_kept(self, today: date) -> date:
        """What was given on this day or later is still kept; everything before is too old."""
        month = today.year * 12 + today.month - 1 - self.months
        if month < 12:
            return date.min
        year, month = month // 12, month % 12 + 1
        # A day that the earlier month does not have is its last one: 31 March less a month is 28 or 29 February.
        day = min(today.day, monthrange(year, month)[1])
        return date(year, month, day) - timedelta(days=self.days)


def parse_age(text: str) -> Age:
    """`24 months`, `2 years`, `104 weeks`, `730d`, and the same in French. Raises ValueError."""
    match = re.fullmatch(r"([0-9]{1,6})\s*([a-z]+)", text.strip().lower())
    unit = _UNITS.get(match[2]) if match else None
    if not match or unit is None or not 0 < int(match[1]) <= _LONGEST[unit]:
        raise ValueError(f"« {text} » n'est pas une durée de conservation")
    number = int(match[1])
    if unit in {"months", "years"}:
        return Age(months=number * (12 if unit == "years" else 1))
    return Age(days=number * (7 if unit == "weeks" else 1))
