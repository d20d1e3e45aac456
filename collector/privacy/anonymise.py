"""Turn what a browser said into what we keep. Nothing else in the project makes a `Review` out of a submission."""

import secrets
from datetime import datetime, timedelta
from hashlib import blake2b
from urllib.parse import urlsplit
from uuid import UUID

from collector.privacy import mask
from collector.privacy.contacts import seal
from collector.schema import (
    OWN_NAMES,
    STANDARD,
    Answers,
    Contact,
    MalfunctionAnswers,
    Review,
    SatisfactionAnswers,
    Target,
    day_of,
    minute_of,
)

CONTACT_KEPT = timedelta(days=60)
LONGEST_PAGE = 300


def anonymise(
    id: UUID,
    target: Target,
    lang: str,
    page: str | None,
    answers: Answers,
    now: datetime,
    *,
    context: str | None = None,
    form_version: int = STANDARD,
) -> Review:
    """Free text and the page's path are masked, the time is cut to the minute, the browser's `id` becomes a digest.

    `target` has the own questions that the answers were checked against. A context that the owner did not allow is left
    out: it may say something of a person, and the opinion is still good.
    """
    placement = target.placement
    return Review(
        capability=blake2b(id.bytes, digest_size=16, person=b"avis-review").hexdigest(),
        public_id=secrets.token_hex(16),
        procedure_id=target.procedure.id,
        placement_id=placement.id,
        form=placement.form,
        form_version=form_version,
        lang=lang,
        minute=minute_of(now),
        day=day_of(now),
        page=_path(page),
        context=context if context in target.procedure.contexts else None,
        **_kept(answers),  # type: ignore[arg-type]  # the two branches of _kept give the fields of Review
        **_own(target, answers),  # type: ignore[arg-type]  # as above
    )


def contact(answers: Answers, keys: tuple[str, ...], now: datetime) -> Contact | None:
    """The e-mail that came with a malfunction, sealed; kept apart from the review."""
    if not isinstance(answers, MalfunctionAnswers) or not answers.contact_email:
        return None
    return Contact(seal(answers.contact_email, keys), day_of(now + CONTACT_KEPT))


def _kept(answers: Answers) -> dict[str, object]:
    if isinstance(answers, SatisfactionAnswers):
        return {
            "satisfaction": answers.satisfaction,
            "comprehension": answers.comprehension,
            "contact_tried": tuple(answers.contact_tried or ()),
            "contact_tried_other": _masked(answers.contact_tried_other),
            "contact_reached": answers.contact_reached or {},
            "contact_satisfaction": answers.contact_satisfaction or {},
            "verbatim": _masked(answers.verbatim),
        }
    return {
        "kind": answers.kind,
        "device": answers.device,
        "browser": answers.browser,
        "verbatim": _masked(answers.verbatim),
    }


def _own(target: Target, answers: Answers) -> dict[str, object]:
    if not target.adjustments.questions or not isinstance(answers, SatisfactionAnswers):
        return {}
    said = {
        name: (asked.kind, answer)
        for name, asked in zip(OWN_NAMES, target.adjustments.questions, strict=False)
        if (answer := getattr(answers, name)) not in (None, "", [])
    }
    texts = {name: _masked(str(answer)) for name, (kind, answer) in said.items() if kind == "text"}
    return {
        "own_answers": {name: answer for name, (kind, answer) in said.items() if kind != "text"},
        "own_texts": {name: text for name, text in texts.items() if text},
    }


def _masked(text: str | None) -> str | None:
    return (mask(text).text.strip() or None) if text else None


def _path(page: str | None) -> str | None:
    """The path alone: what follows `?` or `#` is where tokens and identities travel."""
    if not page:
        return None
    try:
        path = urlsplit(page).path
    except ValueError:
        return None
    return mask(path[:LONGEST_PAGE]).text if path.startswith("/") else None
