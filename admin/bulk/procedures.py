"""Procedures as rows of a table, and what a table of them would change. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date

from admin import words
from admin.bulk import criteria
from admin.bulk.cells import code_of, codes_of
from admin.bulk.files import Row
from admin.bulk.plans import Line, Plan, differences, refused
from admin.grants import LONGEST_NAME
from admin.naming import LONGEST_SLUG, SLUG_RESERVED, SLUG_RULE, is_slug, slug_of
from admin.posted import Posted, filled
from collector.criteria import UNSAID, Statement
from collector.fields import LONGEST_LABEL, LONGEST_TITLE
from collector.schema import AUDIENCES, CHANNELS, RESERVED_SLUGS, STATES, Organisation
from collector.storage.bulk import Known, Wanted

COLUMNS = {
    "slug": "Identifiant",
    "title": "Titre",
    "organisation": "Administration",
    "ministry": "Ministère",
    "audiences": "Publics",
    "origins": "Sites",
    "contexts": "Libellés",
    "state": "État",
    "channel": "Canal",
    "label": "Emplacement",
    **criteria.COLUMNS,
}
SEPARATOR = " | "
_NEW = {
    **dict.fromkeys(COLUMNS, ""),
    "state": "Ouverte",
    "channel": "Page web",
    "label": "Fin de démarche",
}
_KEPT_IF_BLANK = frozenset({"ministry", "state", "channel", "label", *criteria.COLUMNS})
"""A blank cell of these says nothing; of the lists it says "none"."""


def cells_of(known: Known) -> dict[str, str]:
    """A procedure as its row says it."""
    one, placement = known.procedure, known.placement
    return {
        "slug": one.slug,
        "title": one.title,
        "organisation": one.organisation,
        "ministry": one.ministry,
        "audiences": SEPARATOR.join(words.label("audiences", code) for code in one.audiences),
        "origins": SEPARATOR.join(one.origins),
        "contexts": SEPARATOR.join(one.contexts),
        "state": words.label("states", one.state),
        "channel": words.label("channels", placement.channel) if placement else "",
        "label": placement.label if placement else "",
        **criteria.cells_of(known.criteria),
    }


def plan(rows: Sequence[Row], known: Sequence[Known], organisations: Sequence[Organisation], today: date) -> Plan:
    by_slug = {one.procedure.slug: one for one in known}
    met: dict[str, int] = {}
    lines = []
    for row in rows:
        slug = row.cells.get("slug", "") or slug_of(row.cells.get("title", ""))
        if slug in met:
            form = filled()
            form.refuse(
                "slug", "« {slug} » est déjà à la ligne {n}. Gardez une seule de ces lignes.", slug=slug, n=met[slug]
            )
            lines.append(refused(row.number, slug, form))
            continue
        met[slug] = row.number
        lines.append(_line(row, slug, by_slug.get(slug), organisations, today))
    return Plan(lines)


def _line(row: Row, slug: str, known: Known | None, organisations: Sequence[Organisation], today: date) -> Line:
    given = {name: text for name, text in row.cells.items() if text or name not in _KEPT_IF_BLANK}
    before = cells_of(known) if known else {}
    asked = {**_NEW, **before, **given, "slug": slug}
    asked["channel"] = asked["channel"] or _NEW["channel"]
    if "ministry" not in given and asked["organisation"] != before.get("organisation"):
        asked["ministry"] = _ministry(asked["organisation"], organisations)
    # What came as it is needs no check: what was stored by older rules may stay.
    if {**before, **asked} == before:
        return Line(number=row.number, name=slug, deed="leave")
    form = _form(asked)
    wanted = _wanted(form, slug, _declared(form, before, known, today))
    if form.errors:
        return refused(row.number, slug or asked["title"], form)
    held = known.criteria if known else {}
    changes = differences(before, _after(wanted, held, has_placement=not known or bool(known.placement)))
    if known is None:
        return Line(number=row.number, name=slug, deed="create", changes=changes, wanted=wanted)
    return Line(number=row.number, name=slug, deed="change" if changes else "leave", changes=changes, wanted=wanted)


def _ministry(organisation: str, known: Sequence[Organisation]) -> str:
    found = {one.ministry for one in known if one.name == organisation}
    return found.pop() if len(found) == 1 else organisation


def _form(asked: Mapping[str, str]) -> Posted:
    """A row as if it had been typed into the pages' form: the same rules, the same words for what is wrong."""
    sites = asked["origins"].replace("|", " ").replace(",", " ").replace(";", " ")
    lists: dict[str, str | list[str]] = {
        "origins": "\n".join(sites.split()),
        "contexts": asked["contexts"].replace("|", "\n"),
        "audiences": _parts(asked["audiences"]),
    }
    return filled(**{**asked, **lists})


def _declared(form: Posted, before: Mapping[str, str], known: Known | None, today: date) -> dict[str, Statement]:
    """The criteria that are said otherwise than they are. Those that came as they are need no check."""
    held = known.criteria if known else {}
    changed = {name: [form[name]] for name in criteria.COLUMNS if form[name] != before.get(name, "")}
    cells = Posted(changed)
    said = criteria.statements_of(cells, today)
    form.errors.update(cells.errors)
    after = {name: criteria.after(held.get(name, UNSAID), one) for name, one in said.items()}
    return {name: one for name, one in after.items() if one != held.get(name, UNSAID)}


def _wanted(form: Posted, slug: str, declared: Mapping[str, Statement]) -> Wanted:
    if not is_slug(slug) or len(slug) > LONGEST_SLUG:
        form.refuse("slug", SLUG_RULE)
    if slug in RESERVED_SLUGS:
        form.refuse("slug", SLUG_RESERVED)
    return Wanted(
        slug=slug,
        title=form.text("title", longest=LONGEST_TITLE),
        organisation=form.text("organisation", longest=LONGEST_NAME),
        ministry=form.text("ministry", longest=LONGEST_NAME, required=False) or form["organisation"],
        audiences=codes_of(form, "audiences", AUDIENCES),
        origins=tuple(form.origins("origins")),
        contexts=tuple(form.contexts("contexts")),
        state=code_of(form, "state", "states", STATES),
        channel=code_of(form, "channel", "channels", CHANNELS),
        label=form.text("label", longest=LONGEST_LABEL, required=False),
        criteria=declared,
    )


def _after(wanted: Wanted, held: Mapping[str, Statement], *, has_placement: bool) -> dict[str, str]:
    cells = {
        "slug": wanted.slug,
        "title": wanted.title,
        "organisation": wanted.organisation,
        "ministry": wanted.ministry,
        "audiences": SEPARATOR.join(words.label("audiences", code) for code in wanted.audiences),
        "origins": SEPARATOR.join(wanted.origins),
        "contexts": SEPARATOR.join(wanted.contexts),
        "state": words.label("states", wanted.state),
        **criteria.cells_of({**held, **wanted.criteria}),
    }
    placed = {"channel": words.label("channels", wanted.channel), "label": wanted.label}
    return {**cells, **placed} if has_placement else cells


def _parts(text: str) -> list[str]:
    for separator in ",;\n":
        text = text.replace(separator, "|")
    return [part.strip() for part in text.split("|") if part.strip()]
