"""Letters of alerts and digests: written once, as text and as HTML that say the same.

Figures and addresses of our pages, never a comment: a letter leaves the house, lies in mailboxes for years, and whoever
masks a name here cannot mask it there. No picture, nothing that tells us whether somebody read it.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from msgspec import Struct

from admin.alerts.stops import stop_link
from admin.rendering import rendered
from admin.words import high_end, label, long_date, number, plural
from collector.differences import ENOUGH, difference
from collector.indicators import Indicator, indicators, shown
from collector.mail import Letter
from collector.rhythms import Days
from collector.schema import Procedure, User
from collector.settings import Settings
from collector.storage.letters import Alert
from collector.storage.subscriptions import Subscription

Line = tuple[str, str | None]
"""A sentence, and where it leads."""

MOST = 10
"""Events that one letter tells one by one."""
READ = 200
"""Events that are looked at to tell them."""


class Figure(Struct, frozen=True):
    name: str
    value: str
    note: str = ""


class Part(Struct, frozen=True):
    title: str
    lines: Sequence[Line] = ()
    figures: Sequence[Figure] = ()
    caption: str = ""


class Written(Struct, frozen=True, kw_only=True):
    subject: str
    title: str
    greeting: str
    parts: Sequence[Part]
    page: str
    page_name: str
    why: str
    change: str
    stop: str


class Addressed(Struct, frozen=True):
    """Whom a letter is for, and of which procedure."""

    settings: Settings
    user: User
    procedure: Procedure
    subscription: Subscription

    @property
    def base(self) -> str:
        return f"{self.settings.base_url}/admin/demarches/{self.procedure.slug}"

    @property
    def stop(self) -> str:
        return stop_link(self.settings, self.subscription.id)


class Period(Struct, frozen=True):
    """What a digest is made of: the counts of its days and of as many before, what happened, the unread problems."""

    days: Days
    counts: Mapping[str, int]
    before: Mapping[str, int]
    alerts: Sequence[Alert]
    happened: int
    unread: int


def alerts_letter(to: Addressed, alerts: Sequence[Alert], whole: int, name: str) -> Letter:
    lines = lines_of(to, alerts, whole)
    first = lines[0][0].rstrip(".")
    subject = (
        f"{to.procedure.title} : {first[:1].lower()}{first[1:]}"
        if whole == 1
        else (f"{to.procedure.title} : {number(whole)} alertes")
    )
    return _letter(to, subject, to.procedure.title, [Part("", lines)], name)


_TITLES = {"daily": "Les avis d'hier", "weekly": "Les avis de la semaine", "monthly": "Les avis du mois"}


def digest_letter(to: Addressed, kind: str, period: Period, name: str) -> Letter:
    days = period.days
    when = long_date(days.first) if days.number == 1 else f"du {long_date(days.first)} au {long_date(days.last)}"
    parts = [Part("", figures=figures_of(period), caption=when[:1].upper() + when[1:])]
    if hurts := hurting(to, period):
        parts.append(Part("Ce qui fait mal", hurts))
    if period.alerts:
        parts.append(Part("Ce qui est arrivé", lines_of(to, period.alerts, period.happened)))
    title = f"{_TITLES[kind]} : {to.procedure.title}"
    return _letter(to, title, title, parts, name)


def figures_of(period: Period) -> list[Figure]:
    """How many, and each indicator that has answers; a change only where there is one."""
    before = period.before["reviews"]
    found = [Figure("Avis", number(period.counts["reviews"]), f"{number(before)} sur la période d'avant")]
    for old, new in zip(indicators(period.before), indicators(period.counts), strict=True):
        if new.shown is not None:
            found.append(Figure(label("indicators", new.name), _value(new), _note(old, new)))
    return found


def _value(one: Indicator) -> str:
    return f"{one.shown}" if one.scale == 1 else f"{one.shown} sur {one.scale}"


def _note(old: Indicator, new: Indicator) -> str:
    said = [plural(new.count, "réponse", "réponses")]
    said.append(f"intervalle : de {shown(new.low, new.scale)} à {high_end(new.high, new.scale)}")
    change = difference(old, new)
    if change and change.stands:
        said.append(f"{'en hausse' if change.value > 0 else 'en baisse'} : {old.shown} avant")
    return " ; ".join(said)


def hurting(to: Addressed, period: Period) -> list[Line]:
    """Where to look first: who was not satisfied, indicators that are low by enough answers, what is open."""
    found: list[Line] = []
    if bad := period.counts["satisfaction_bad"]:
        days = {"from": period.days.first.isoformat(), "to": period.days.last.isoformat()}
        url = f"{to.base}/avis?{urlencode({'satisfaction': 'bad', **days})}"
        found.append((f"{plural(bad, 'avis', 'avis')} « Pas bien ».", url))
    low = [one for one in indicators(period.counts) if one.level == "red" and one.count >= ENOUGH]
    found += [(f"{label('indicators', one.name)} : niveau insuffisant ({_value(one)}).", to.base) for one in low]
    if waiting := period.unread:
        text = plural(
            waiting, "problème signalé que personne n'a regardé", "problèmes signalés que personne n'a regardés"
        )
        found.append((f"{text}.", f"{to.base}/signalements"))
    return found


def lines_of(to: Addressed, alerts: Sequence[Alert], whole: int) -> list[Line]:
    """The first events one by one, comments with the same words together."""
    found: list[Line] = [_SENTENCES[one.kind](to, one.details) for one in alerts if one.kind != "words"]
    words = Counter(str(one.details["words"]) for one in alerts if one.kind == "words")
    found += [_said(to, said, times) for said, times in words.items()]
    told = sum(words.values()) + len(found) - len(words)
    rest = whole - told + len(found[MOST:])
    return found[:MOST] + ([(f"Et {number(rest)} autres : tout est dans l'administration.", to.base)] if rest else [])


def _problem(to: Addressed, said: Mapping[str, Any]) -> Line:
    what = label("kinds", said["problem_kind"]).lower()
    return f"Nouveau problème signalé ({what}).", f"{to.base}/signalements/{said['problem']}"


def _spike(to: Addressed, said: Mapping[str, Any]) -> Line:
    usual = f"{said['usual']}".replace(".", ",")
    text = f"Problèmes techniques en nombre : {said['reports']} signalements depuis hier, {usual} d'habitude."
    return text, f"{to.base}/signalements?kind=technical"


def _silence(to: Addressed, said: Mapping[str, Any]) -> Line:
    since, received = long_date(date.fromisoformat(said["since"])), plural(said["received"], "avis", "avis")
    text = f"Emplacement muet : « {said['placement']} », {received} depuis le {since}, {said['usual']} d'habitude."
    return text, f"{to.base}/emplacements/{said['key']}"


def _fall(to: Addressed, said: Mapping[str, Any]) -> Line:
    name = label("indicators", said["indicator"])
    counts = f"{number(said['count_before'])} puis {number(said['count_after'])} réponses"
    return f"{name} en baisse : {said['before']} puis {said['after']} en trois mois ({counts}).", to.base


def _low(to: Addressed, said: Mapping[str, Any]) -> Line:
    text = (
        f"Satisfaction sous votre seuil de {said['threshold']} : {said['value']} sur 30 jours "
        f"(entre {said['low']} et {said['high']}, {number(said['count'])} réponses)."
    )
    return text, f"{to.base}?period=30d"


def _said(to: Addressed, words: str, times: int) -> Line:
    said = plural(times, "commentaire contient", "commentaires contiennent")
    return f"{said} « {words} ».", f"{to.base}/avis?{urlencode({'q': words})}"


_SENTENCES = {"problem": _problem, "spike": _spike, "silence": _silence, "fall": _fall, "satisfaction": _low}


def _letter(to: Addressed, subject: str, title: str, parts: Sequence[Part], name: str) -> Letter:
    written = Written(
        # A title of the owner's may have a line of its own.
        subject=" ".join(subject.split())[:150],
        title=title,
        greeting=f"Bonjour {to.user.name},",
        parts=parts,
        page=to.base,
        page_name="Ouvrir la démarche",
        why="Vous recevez cette lettre parce que vous l'avez demandée dans l'administration d'Avis.",
        change=f"{to.base}/alertes",
        stop=to.stop,
    )
    html = rendered("letter", letter=written)
    return Letter(to.user.email, written.subject, _text(written), html, name=name, stop=to.stop)


def _text(one: Written) -> str:
    blocks = [one.title, one.greeting]
    for part in one.parts:
        lines = [part.title.upper()] if part.title else []
        lines += [part.caption] if part.caption else []
        lines += [f"- {each.name} : {each.value}{f' ({each.note})' if each.note else ''}" for each in part.figures]
        lines += [f"- {text}{f'{chr(10)}  {url}' if url else ''}" for text, url in part.lines]
        blocks.append("\n".join(lines))
    blocks.append(f"{one.page_name} : {one.page}")
    blocks.append(f"--\n{one.why}\nChanger : {one.change}\nNe plus rien recevoir sur cette démarche : {one.stop}")
    return "\n\n".join(blocks) + "\n"
