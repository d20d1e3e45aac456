"""What people write about: themes and recurring words of some months, against as many months before."""

from datetime import date
from typing import Literal, get_args

from litestar import Response, get
from litestar.di import NamedDependency
from msgspec import Struct

from admin.periods import Months
from admin.posted import Posted, asked, filled
from admin.rendering import page, spreadsheet
from admin.rights import AdminRequest
from admin.words import high_end, label
from collector.differences import ENOUGH
from collector.errors import BadRequest
from collector.exports.formats import guarded
from collector.fulltext import Query, spelled
from collector.indicators import Indicator, shown
from collector.recurring import SIDES, Recurring, Side, Themes, recurring
from collector.schema import Clock, Procedure, date_of
from collector.storage import Storage
from collector.storage.reviews import Filter
from collector.storage.said import LEAST

Span = Literal["1", "3", "12"]
SPANS: tuple[Span, ...] = get_args(Span)
DEFAULT: Span = "3"
EXAMPLES = 3
LOOKED = 12
"""Comments that are looked at for three that differ: a letter that many send is one example."""
AROUND = 90
"""Characters before and after the word, of an example."""
MUCH = 10_000


class Example(Struct, frozen=True):
    text: str
    lang: str


class Word(Struct, frozen=True):
    """A recurring word as an example writes it, and the days to look for it in."""

    written: str
    found: Recurring
    examples: list[Example]
    search: dict[str, str]


class _View(Struct, frozen=True):
    months: Months
    before: Months
    themes: Themes


@get("/demarches/{slug:str}/themes", opt={"who": "reader"})
async def show_themes(
    request: AdminRequest,
    procedure: NamedDependency[Procedure],
    storage: NamedDependency[Storage],
    clock: NamedDependency[Clock],
) -> Response[str]:
    form = asked(request)
    if not form["mois"]:
        form = filled(mois=DEFAULT)
    view = await _view(form, procedure, storage, clock)
    return page(
        request,
        "themes",
        status=422 if form.errors else 200,
        procedure=procedure,
        tab="themes",
        form=form,
        view=view,
        spans=SPANS,
        span=form["mois"] if form["mois"] in SPANS else DEFAULT,
        words={side: await _words(storage, procedure, view, side) for side in SIDES},
        days=_days(view.months),
        sides=SIDES,
        enough=ENOUGH,
        least=LEAST,
        is_behind=await storage.search.behind() > MUCH,
    )


@get("/demarches/{slug:str}/themes.csv", opt={"who": "reader"})
async def themes_file(
    request: AdminRequest,
    procedure: NamedDependency[Procedure],
    storage: NamedDependency[Storage],
    clock: NamedDependency[Clock],
) -> Response[bytes]:
    """The tables of the page as one file."""
    form = asked(request)
    view = await _view(form, procedure, storage, clock)
    if form.errors:
        raise BadRequest("Cette adresse ne dit pas quel fichier. Revenez aux thèmes et téléchargez-le de nouveau.")
    head = ("Tableau", "Thème ou mot", "Commentaires", "Part", "Part en face", "Satisfaction", "de", "à", "Changement")
    lines = [head]
    for one in view.themes.talked:
        s = one.satisfaction
        ends = (shown(s.low, 10) or "", high_end(s.high, 10) or "")
        told = "" if one.change is None else "en hausse" if one.change.value > 0 else "en baisse"
        parts = (_share(one.part), _share(one.before))
        lines.append(("Thèmes", one.theme.name, str(one.sums.reviews), *parts, s.shown or "", *ends, told))
    for side in SIDES:
        for word in await _words(storage, procedure, view, side):
            parts = (_share(word.found.part), _share(word.found.other))
            title = label("recurring", side)
            lines.append((title, guarded(word.written), str(word.found.reviews), *parts, "", "", "", ""))
    return spreadsheet(f"{procedure.slug}-themes-{view.months.first}-{view.months.last}", lines)


async def _view(form: Posted, procedure: Procedure, storage: Storage, clock: Clock) -> _View:
    """The months that end with this one, and as many before."""
    number = int(form.maybe("mois", SPANS) or DEFAULT)
    today = date_of(clock())
    this = today.year * 12 + today.month - 1
    months, before = Months(this - number + 1, this), Months(this - 2 * number + 1, this - number)
    now, then = _names(months), _names(before)
    told = await storage.said.of(procedure, [*then, *now])
    return _View(months, before, recurring(told, now, then))


async def _words(storage: Storage, procedure: Procedure, view: _View, side: Side) -> list[Word]:
    found = [await _word(storage, procedure, view, side, one) for one in view.themes.words[side]]
    return [word for word in found if word]


async def _word(storage: Storage, procedure: Procedure, view: _View, side: Side, one: Recurring) -> Word | None:
    """None where no comment says it any more: it was taken back since it was counted."""
    days = _days(view.before if side == "less" else view.months)
    satisfaction = side if side in ("bad", "good") else None
    wanted = Filter(from_day=days["from"], to_day=days["to"], satisfaction=satisfaction)
    met = await storage.search.find(procedure, Query(stems=(one.stem,)), wanted, number=LOOKED)
    texts = list(dict.fromkeys((listed.review.verbatim or "", listed.review.lang) for listed in met.reviews))
    written = [word for text, _ in texts if (word := spelled(text, one.stem))]
    if not written:
        return None
    # As most of them write it; of several the first, which is the latest.
    most = max(written, key=written.count)
    examples = [Example(_around(text, spelled(text, one.stem) or ""), lang) for text, lang in texts[:EXAMPLES]]
    return Word(most, one, examples, {"q": most, **days, **({"satisfaction": satisfaction} if satisfaction else {})})


def _around(text: str, word: str) -> str:
    at = max(0, text.lower().find(word))
    start, end = max(0, at - AROUND), min(len(text), at + len(word) + AROUND)
    # Not within a word.
    start = text.rfind(" ", 0, start) + 1 if start else 0
    end = end if end == len(text) else (text.find(" ", end) if " " in text[end:] else len(text))
    return f"{'… ' if start else ''}{' '.join(text[start:end].split())}{' …' if end < len(text) else ''}"


def _names(months: Months) -> list[str]:
    return [Months(one, one).first for one in range(months.start, months.end + 1)]


def _days(months: Months) -> dict[str, str]:
    """From the first day of the first month to the last of the last."""
    after = date((months.end + 1) // 12, (months.end + 1) % 12 + 1, 1)
    return {"from": f"{months.first}-01", "to": date.fromordinal(after.toordinal() - 1).isoformat()}


def _share(part: Indicator) -> str:
    """Without its blank a spreadsheet takes `48%` for a number."""
    return "".join((part.shown or "").split())
