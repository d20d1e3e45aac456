"""Signed export links: what they give is inside the signature, so nobody can widen one, and neither can we by mistake.

The database remembers each link only to list, revoke and journal it.
"""

import secrets
from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import islice
from typing import get_args

import msgspec

from collector.errors import BadRequest, InvalidLink, LinkElsewhere, LinkExpired, LinkRevoked, NotFound
from collector.exports.places import is_within, network_of
from collector.exports.steps import steps
from collector.schema import By, Content, Format, Interval, Link, Procedure, day_of, parse_day
from collector.settings import Settings
from collector.signing import Signer
from collector.storage import Storage

CONTENTS: tuple[Content, ...] = get_args(Content)
FORMATS: tuple[Format, ...] = get_args(Format)
INTERVALS: tuple[Interval, ...] = get_args(Interval)
BYS: tuple[By, ...] = get_args(By)
WHOLE: tuple[Interval, By] = ("whole", "procedure")
EVERY_PROCEDURE = ("*",)
LONGEST_RECIPIENT = 120
NOT_YOURS = "Ce lien donne aussi d'autres démarches : un administrateur peut le révoquer."
MOST_STEPS = 3_660
"""Ten years of days."""


class Grant(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """What a link gives, exactly as signed. Days are YYYY-MM-DD in Paris, `expires` is seconds since 1970."""

    id: str
    procedures: tuple[str, ...]
    content: Content
    format: Format
    from_day: str | None
    to_day: str | None
    expires: int
    # Links that were signed before these say nothing of them: what is added stands at the end and has a default.
    interval: Interval = "whole"
    by: By = "procedure"
    networks: tuple[str, ...] = ()
    once: bool = False


async def create_link(
    storage: Storage,
    settings: Settings,
    *,
    procedures: Sequence[str],
    content: Content,
    format: Format,
    from_day: str | None = None,
    to_day: str | None = None,
    interval: Interval = "whole",
    by: By = "procedure",
    recipient: str = "",
    created_by: str,
    expires_at: datetime,
    now: datetime,
    actor: str | None = None,
    networks: Sequence[str] = (),
    once: bool = False,
) -> tuple[Link, str]:
    """Remember a new link and sign its URL. Raises BadRequest or NotFound, which say what to change.

    `actor` is who did it, for the journal, where that is another name than lists show (`created_by`).
    """
    await _check(storage, procedures, from_day, to_day)
    _check_cut(content, interval, by, from_day, to_day or day_of(now))
    if expires_at <= now:
        raise BadRequest("La date d'expiration est passée. Choisissez une date à venir.")
    link = Link(
        id=secrets.token_hex(8),
        procedures=tuple(procedures),
        content=content,
        format=format,
        from_day=from_day,
        to_day=to_day,
        recipient=recipient,
        created_at=now,
        created_by=created_by,
        expires_at=expires_at.replace(microsecond=0),
        revoked_at=None,
        interval=interval,
        by=by,
        networks=_networks(networks),
        once=once,
    )
    await storage.links.add(link, by=actor or created_by)
    return link, url_of(link, settings)


def gives(link: Link, procedure: Procedure) -> bool:
    """Whether the link lets its holder read this procedure: its owner may know, whoever made it."""
    return procedure.slug in link.procedures or link.procedures == EVERY_PROCEDURE


async def may_revoke(link: Link, storage: Storage, may_change: Callable[[Procedure], bool]) -> bool:
    """Only who may change every procedure that the link gives."""
    given = {one.slug: one for one in await storage.catalogue.procedures()}
    return all(slug in given and may_change(given[slug]) for slug in link.procedures)


def url_of(link: Link, settings: Settings) -> str:
    grant = Grant(
        link.id,
        link.procedures,
        link.content,
        link.format,
        link.from_day,
        link.to_day,
        int(link.expires_at.timestamp()),
        link.interval,
        link.by,
        link.networks,
        link.once,
    )
    return f"{settings.base_url}/exports/{_signer(settings).sign(msgspec.to_builtins(grant))}"


async def open_link(token: str, storage: Storage, settings: Settings, now: datetime, address: str) -> Grant:
    """What a token gives to somebody at this address. Raises InvalidLink or what is put in the link's journal too."""
    try:
        grant = msgspec.convert(_signer(settings).read(token), Grant)
    except msgspec.ValidationError:
        raise InvalidLink from None
    link = await storage.links.get(grant.id)
    if link is None:
        raise InvalidLink("Ce lien n'existe plus dans ce service. Demandez un nouveau lien à son auteur.")
    if link.revoked_at is not None:
        await storage.links.add_use(grant.id, "refused", 0, "revoked", now)
        raise LinkRevoked
    if now.timestamp() >= grant.expires:
        await storage.links.add_use(grant.id, "refused", 0, "expired", now)
        raise LinkExpired
    if grant.networks and not is_within(address, grant.networks):
        await storage.links.add_use(grant.id, "refused", 0, "elsewhere", now)
        raise LinkElsewhere
    return grant


def _networks(given: Sequence[str]) -> tuple[str, ...]:
    try:
        return tuple(dict.fromkeys(map(network_of, given)))
    except ValueError:
        raise BadRequest("Un réseau s'écrit en notation CIDR, par exemple 192.0.2.0/24 ou 2001:db8::/32.") from None


async def _check(
    storage: Storage,
    procedures: Sequence[str],
    from_day: str | None,
    to_day: str | None,
) -> None:
    if not procedures:
        raise BadRequest("Choisissez au moins une démarche.")
    for slug in procedures:
        if slug != "*" and await storage.catalogue.procedure(slug) is None:
            raise NotFound(f"La démarche « {slug} » n'existe pas.")
    try:
        days = [parse_day(day) for day in (from_day, to_day) if day]
    except ValueError:
        raise BadRequest("Les dates s'écrivent AAAA-MM-JJ.") from None
    if len(days) == 2 and days[0] > days[1]:
        raise BadRequest("La date de début est après la date de fin.")


def _check_cut(content: Content, interval: Interval, by: By, from_day: str | None, to_day: str) -> None:
    if content != "indicators" and (interval, by) != WHOLE:
        raise BadRequest("Le pas de temps et le découpage n'existent que pour les indicateurs.")
    last = parse_day(to_day)
    first = parse_day(from_day) if from_day else last
    if sum(1 for _ in islice(steps(first, last, interval), MOST_STEPS + 1)) > MOST_STEPS:
        raise BadRequest("La période est trop longue pour ce pas de temps : choisissez-en un plus long.")


def _signer(settings: Settings) -> Signer:
    return Signer(settings.secret_keys, "export-link")
