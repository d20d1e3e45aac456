"""`avis journal` and `avis masked-report`: what was done, and what people had to mask by hand."""

from datetime import datetime, time, timedelta

import click
import msgspec

from collector.commands import Day, answer, answers, json_option, with_storage
from collector.errors import AvisError
from collector.schema import PARIS, day_of, parse_day
from collector.storage import Storage
from collector.storage.journal import ACTS, COMMAND, LATEST, PAGE, Line, Search, Verdict


class BrokenJournal(AvisError):
    code, title = "journal-broken", "Le journal n'est plus celui qui a été écrit"


@click.command()
@click.option("--verify", is_flag=True, help="Contrôler toute la chaîne : rien n'a été modifié, retiré ni ajouté.")
@click.option("--seal", is_flag=True, help="Sceller de nouveau, après la perte d'une clé secrète. Le journal le dit.")
@click.option("--act", type=click.Choice(ACTS), help="Une seule sorte d'action.")
@click.option("--actor", help="Adresse électronique d'un compte, ou « command ».")
@click.option("--from", "from_day", type=Day(), help="Premier jour, AAAA-MM-JJ.")
@click.option("--to", "to_day", type=Day(), help="Dernier jour, AAAA-MM-JJ.")
@click.option("--number", type=click.IntRange(1, 1_000_000), default=50, show_default=True, help="Lignes au plus.")
@json_option
def journal(
    verify: bool,
    seal: bool,
    act: str | None,
    actor: str | None,
    from_day: str | None,
    to_day: str | None,
    number: int,
    as_json: bool,
) -> None:
    """Lire le journal, les lignes les plus récentes d'abord, ou le contrôler."""
    if seal:
        with_storage(lambda storage: storage.journal.reseal(by=COMMAND))
    if verify or seal:
        _verify(as_json)
        return
    wanted = _search(act=act, actor=actor, from_day=from_day, to_day=to_day)

    async def work(storage: Storage) -> list[Line]:
        return await storage.journal.before(wanted, number=number)

    answers(((line, _text(line)) for line in with_storage(work)), as_json, "Aucune ligne.")


def _verify(as_json: bool) -> None:
    async def work(storage: Storage) -> Verdict:
        return await storage.journal.verify()

    verdict = with_storage(work)
    if verdict.broken is not None and not as_json:
        raise BrokenJournal(
            f"La ligne {verdict.broken} manque ou a été modifiée ; {verdict.lines} la précèdent, intactes."
        )
    if not verdict.sealed and not as_json:
        raise BrokenJournal(
            "Les lignes se suivent, mais la dernière n'est scellée par aucune de vos clés. Soit quelqu'un a réécrit le "
            "journal dans la base, soit AVIS_SECRET_KEYS a changé sans garder l'ancienne clé : remettez-la en second, "
            "puis recommencez. Si elle est perdue : « avis journal --seal »."
        )
    answer(
        verdict,
        f"{verdict.lines} ligne(s), toutes intactes. Dernière empreinte, à noter ailleurs : {verdict.head or '–'}",
        as_json,
    )
    if verdict.broken is not None or not verdict.sealed:
        raise SystemExit(1)


def _midnight(day: str) -> datetime:
    return datetime.combine(parse_day(day), time(), PARIS)


def _text(line: Line) -> str:
    details = msgspec.json.encode(line.details).decode() if line.details else ""
    told = f"{line.number:>6}  {line.at:%Y-%m-%d %H:%M:%SZ}  {line.actor:<32} {line.act:<18} {line.subject}  {details}"
    return f"{told}  (session {line.session})" if line.session else told


class Found(msgspec.Struct, frozen=True):
    """What somebody had to mask by hand: nothing of what it said, nor in which review."""

    procedure: str
    day: str
    field: str
    kind: str
    length: int


@click.command("masked-report")
@click.option("--from", "from_day", type=Day(), help="Premier jour, AAAA-MM-JJ.")
@click.option("--to", "to_day", type=Day(), help="Dernier jour, AAAA-MM-JJ.")
@json_option
def masked_report(from_day: str | None, to_day: str | None, as_json: bool) -> None:
    """Lister ce que les règles ont laissé passer et qu'on a masqué à la main : nature et longueur, sans les mots."""

    async def work(storage: Storage) -> list[Line]:
        wanted = _search(act="review.mask", from_day=from_day, to_day=to_day)
        lines: list[Line] = []
        while page := await storage.journal.before(wanted, before=lines[-1].number if lines else LATEST, number=PAGE):
            lines += page
        return lines[::-1]

    found = [Found(line.subject.partition("/")[0], day_of(line.at), **line.details) for line in with_storage(work)]
    answers(
        ((one, f"{one.day}  {one.kind:<10} {one.length:>4}  {one.field:<20} {one.procedure}") for one in found),
        as_json,
        "Rien n'a été masqué à la main.",
    )


def _search(
    *, act: str | None = None, actor: str | None = None, from_day: str | None = None, to_day: str | None = None
) -> Search:
    return Search(
        act=act,
        actor=actor,
        since=_midnight(from_day) if from_day else None,
        until=_midnight(to_day) + timedelta(days=1) if to_day else None,
    )
