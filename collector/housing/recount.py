"""Are the figures those of the reviews? Every review is counted anew and compared with what `day_count` says.

What was forgotten stays counted (collector/retention.py): before `kept_from` a count may be higher than its recount,
never lower, and so it may be in days before the first review. Everywhere else both are equal. The months of
`month_count` are the sums of their days, always. Answers to own questions (`own_count`) are recounted with their day.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from msgspec import Struct

from collector.forms.own import counts_of_own
from collector.indicators import COUNTS, count_of
from collector.settings import Settings
from collector.storage.rows import review_of

_SAID = (
    "satisfaction",
    "comprehension",
    "contact_tried",
    "contact_reached",
    "contact_satisfaction",
    "kind",
    "aside",
    "own_answers",
    "own_texts",
)
_NAMES = frozenset(COUNTS)
_REMEMBERED = 50_000
Row = Mapping[str, Any]
Group = tuple[int, str, int, int, str]
Month = tuple[int, str, int]


class Recounted(Struct, frozen=True):
    """`groups` of reviews (a procedure's day at a placement, by form and language) or days, and how many differ."""

    reviews: int
    groups: int
    differing: int


class Recount:
    """Fed with the rows of `review` and of the tables of counts, in any order. `kept_from` is a day, YYYY-MM-DD.

    Months are compared when any were shown: whoever looks at some days only shows none.
    """

    def __init__(self, kept_from: str) -> None:
        self._kept_from = kept_from
        self._reviews = 0
        self._counted: dict[Group, dict[str, int]] = {}
        self._kept: dict[Group, dict[str, int]] = {}
        self._months: dict[Month, dict[str, int]] = {}
        # People say the same few things: each is worked out once.
        self._known: dict[tuple[Any, ...], Mapping[str, int]] = {}

    @property
    def watched(self) -> Mapping[str, Callable[[Row], None]]:
        return {
            "review": self.review,
            "day_count": self.day_count,
            "own_count": self.own_count,
            "month_count": self.month_count,
        }

    def review(self, row: Row) -> None:
        self._reviews += 1
        group = self._counted.setdefault(_group(row), {})
        for name, number in self._counts(row).items():
            group[name] = group.get(name, 0) + number

    def day_count(self, row: Row) -> None:
        self._kept.setdefault(_group(row), {}).update((name, row[name]) for name in COUNTS if row[name])

    def own_count(self, row: Row) -> None:
        if row["reviews"]:
            self._kept.setdefault(_group(row), {})[f"{row['question']}:{row['answer']}"] = row["reviews"]

    def month_count(self, row: Row) -> None:
        month = (row["procedure_id"], row["month"], row["placement_id"])
        self._months[month] = {name: row[name] for name in COUNTS if row[name]}

    def result(self) -> Recounted:
        groups = self._counted.keys() | self._kept.keys()
        first = min((day for _, day, *_ in self._counted), default="9999-12-31")
        since = max(first, self._kept_from)
        wrong = [group for group in groups if not self._agrees(group, exactly=group[1] >= since)]
        months = self._wrong_months()
        return Recounted(self._reviews, len(groups) + len(self._months), len(wrong) + months)

    def _wrong_months(self) -> int:
        if not self._months:
            return 0
        sums: dict[Month, dict[str, int]] = {}
        for (procedure, day, placement, _, _), counts in self._kept.items():
            month = sums.setdefault((procedure, day[:7], placement), {})
            for name in counts.keys() & _NAMES:
                month[name] = month.get(name, 0) + counts[name]
        return sum(sums.get(month, {}) != self._months.get(month, {}) for month in sums.keys() | self._months.keys())

    def _counts(self, row: Row) -> Mapping[str, int]:
        said = (*(row[name] for name in _SAID), bool(row["verbatim"]))
        if said not in self._known:
            if len(self._known) > _REMEMBERED:
                self._known.clear()
            review = review_of(row)
            self._known[said] = count_of(review) | counts_of_own(review)
        return self._known[said]

    def _agrees(self, group: Group, *, exactly: bool) -> bool:
        kept, counted = self._kept.get(group, {}), self._counted.get(group, {})
        return kept == counted if exactly else all(kept.get(name, 0) >= number for name, number in counted.items())


def kept_from(settings: Settings, today: date) -> str:
    """The first day of which nothing is forgotten yet."""
    ages = [age for age in (settings.keep_verbatims, settings.keep_reviews) if age]
    return max((age.first_kept(today).isoformat() for age in ages), default="")


def _group(row: Row) -> Group:
    return (row["procedure_id"], row["day"], row["placement_id"], row["form_version"], row["lang"])
