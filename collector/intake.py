"""The public write path, in its order: where it comes from, which form, who, what is kept, on disk.

`Intake` serves both doors: `POST /api/v1/reviews`, which is a bare ASGI handler because it is the one hot route, and
the form page's plain POSTs (`collector.citizen`). Raw text and the raw address do not outlive `accept`.
"""

import json
from collections import OrderedDict
from hashlib import blake2b
from typing import Any
from uuid import UUID

import msgspec
from litestar import asgi
from litestar.handlers import ASGIRouteHandler
from litestar.types import Receive, Scope, Send

from collector.errors import (
    AvisError,
    FieldError,
    ForeignOrigin,
    InvalidAnswers,
    MalformedJSON,
    MethodNotAllowed,
    PlacementClosed,
    StorageUnavailable,
    TooLarge,
    UnknownKey,
)
from collector.forms.answers import decode, explain
from collector.limits import Limits
from collector.privacy.anonymise import anonymise, contact
from collector.privacy.visitors import day_key, visitor
from collector.schema import Answers, Clock, Procedure, Review, Submission, Target, day_of
from collector.settings import Settings
from collector.storage import Storage
from collector.storage.batch import Outcome, Write
from collector.suspicion import USUAL_WHEN_NEW, Watch, text_name
from collector.web import (
    PROBLEM,
    client_address,
    headers_of,
    is_scripted,
    own_origin,
    problem,
    problem_headers,
    send_json,
)

LONGEST_BODY = 64 * 1024
MOST_REMEMBERED = 10_000


class Receipt(msgspec.Struct, frozen=True):
    """What a citizen's page is told: `created` is False when an earlier review was completed."""

    created: bool


class Intake:
    def __init__(self, settings: Settings, storage: Storage, limits: Limits, clock: Clock) -> None:
        self._settings = settings
        self._storage = storage
        self._limits = limits
        self._clock = clock
        self._targets: OrderedDict[str, tuple[Target, int]] = OrderedDict()
        self._key_of_day: tuple[str, bytes] = ("", b"")
        self._usuals: dict[int, tuple[int, int]] = {}

    async def target(self, key: str) -> Target:
        """What a public key leads to, as it stands now, or stood when the database went away. Raises UnknownKey."""
        try:
            return (await self._read(key))[0]
        except StorageUnavailable:
            # The form is shown all the same: the page sends what it was given until that can be stored.
            if key in self._targets:
                return self._targets[key][0]
            raise

    async def known_target(self, key: str) -> Target:
        """The same from memory where possible: `accept` notices when that is no longer true."""
        return self._targets[key][0] if key in self._targets else await self.target(key)

    async def accept(
        self,
        *,
        id: UUID,
        target: Target,
        lang: str,
        page: str | None,
        context: str | None,
        answers: Answers,
        address: str,
        origin: str | None = None,
        trapped: bool = False,
        scripted: bool = False,
    ) -> Receipt:
        """Store one submission; it is on disk when this returns. `origin` is the foreign site that it comes from.

        `trapped` and `scripted` are what the request looked like (`collector.suspicion`); they are not kept.

        Raises PlacementClosed, ForeignOrigin, TooMany, ReviewClosed, InvalidAnswers or StorageUnavailable; none of
        them is charged to a limit.
        """
        now = self._clock()
        person = visitor(address, await self._visitor_key(day_of(now)))
        for _ in range(3):
            target, directory = await self._standing(target)
            if origin is not None and origin not in target.procedure.origins:
                raise ForeignOrigin
            if getattr(answers, "contact_email", None) and not target.placement.contact:
                raise InvalidAnswers(errors=[_NO_CONTACT])
            weighed = await self._limits.weigh(target, person)
            review = anonymise(id, target, lang, page, answers, now, context=context)
            write = Write(
                review=review,
                directory=directory,
                charges=self._limits.in_database(weighed),
                refusal=weighed.refusal,
                contact=contact(answers, self._settings.secret_keys, now),
                watch=await self._watch(target, person, review, trapped, scripted),
            )
            outcome: Outcome | None = None
            try:
                outcome = await self._storage.writer.put(write)
            finally:
                if outcome != "created":
                    await self._limits.give_back(weighed)
            if isinstance(outcome, AvisError):
                raise outcome
            if outcome != "stale":
                return Receipt(created=outcome == "created")
            self._targets.pop(target.placement.key, None)
        raise StorageUnavailable(retry_after=1)

    async def _watch(self, target: Target, person: str, review: Review, trapped: bool, scripted: bool) -> Watch | None:
        if not self._settings.suspicion:
            return None
        slug = target.procedure.slug
        return Watch(
            procedure=slug,
            source=blake2b(f"{person}/{slug}".encode(), digest_size=12).hexdigest(),
            usual=await self._usual(target.procedure, review.minute // 60),
            text=text_name(review.verbatim, slug, self._key_of_day[1]),
            trapped=trapped,
            scripted=scripted,
        )

    async def _usual(self, procedure: Procedure, hour: int) -> int:
        """What is usual for a procedure, looked up once an hour."""
        known = self._usuals.get(procedure.id)
        if known and known[0] == hour:
            return known[1]
        try:
            usual = await self._storage.reviews.usual(procedure, self._clock())
        except StorageUnavailable:
            # Whether the review can be stored is for the write to say.
            return known[1] if known else USUAL_WHEN_NEW
        if len(self._usuals) >= MOST_REMEMBERED:
            self._usuals.clear()
        self._usuals[procedure.id] = (hour, usual)
        return usual

    async def _standing(self, target: Target) -> tuple[Target, int]:
        key = target.placement.key
        found = self._targets.get(key) or await self._read(key)
        if not found[0].is_open:
            found = await self._read(key)
        if not found[0].is_open:
            raise PlacementClosed
        return found

    async def _read(self, key: str) -> tuple[Target, int]:
        found = await self._storage.intake.target(key)
        if found is None:
            raise UnknownKey
        self._targets[key] = found
        self._targets.move_to_end(key)
        while len(self._targets) > MOST_REMEMBERED:
            self._targets.popitem(last=False)
        return found

    async def _visitor_key(self, day: str) -> bytes:
        if self._key_of_day[0] != day:
            salt = await self._storage.intake.salt(day)
            self._key_of_day = (day, day_key(self._settings.secret_keys[0], salt))
        return self._key_of_day[1]


def reviews_route(intake: Intake, settings: Settings) -> ASGIRouteHandler:
    """`POST /api/v1/reviews`."""

    @asgi("/api/v1/reviews", copy_scope=False, opt={"who": "anyone"})
    async def post_review(scope: Scope, receive: Receive, send: Send) -> None:
        headers: list[tuple[bytes, bytes]] = [(b"cache-control", b"no-store")]
        try:
            if scope["method"] == "OPTIONS":  # type: ignore[typeddict-item]  # HTTP only: no websocket is routed here
                return await send_json(send, 204, b"", _PREFLIGHT)
            receipt = await _receive_review(intake, settings, scope, receive, headers)
        except AvisError as error:
            # What a foreign page may read of an answer, it may read of a refusal: it has to say why, and when to retry.
            allowed = [(name, value) for name, value in headers if name != b"cache-control"]
            headers = [(name.lower().encode(), value.encode()) for name, value in problem_headers(error).items()]
            headers += allowed
            if isinstance(error, MethodNotAllowed):
                headers.append((b"allow", b"POST, OPTIONS"))
            return await send_json(send, error.status, msgspec.json.encode(problem(error)), headers, PROBLEM.encode())
        status = 201 if receipt.created else 200
        return await send_json(send, status, _CREATED if receipt.created else _ENRICHED, headers)

    return post_review


async def _receive_review(
    intake: Intake, settings: Settings, scope: Scope, receive: Receive, headers: list[tuple[bytes, bytes]]
) -> Receipt:
    if scope["method"] != "POST":  # type: ignore[typeddict-item]  # HTTP only
        raise MethodNotAllowed
    sent = headers_of(scope)
    submission = parse(await _body(sent, receive))
    target = await intake.known_target(submission.key)
    foreign = _foreign(sent, own_origin(scope, settings))
    if foreign is not None and foreign not in target.procedure.origins:
        # The owner may have added this site since we last looked.
        target = await intake.target(submission.key)
        if foreign not in target.procedure.origins:
            raise ForeignOrigin
    if b"origin" in sent:
        headers += [
            (b"access-control-allow-origin", sent[b"origin"]),
            (b"access-control-expose-headers", b"Retry-After"),
            (b"vary", b"Origin"),
        ]
    return await intake.accept(
        id=submission.id,
        target=target,
        lang=submission.lang,
        page=submission.page,
        context=submission.context,
        answers=_answers(target, submission.answers),
        address=client_address(scope, settings),
        origin=foreign,
        scripted=is_scripted(sent),
    )


def parse(body: bytes) -> Submission:
    """The envelope of a submission. Raises MalformedJSON (not JSON, or a key twice) or InvalidAnswers (bad field)."""
    try:
        submission = _ENVELOPE.decode(body)
        _refuse_duplicates(body)
    except msgspec.ValidationError as error:
        raise InvalidAnswers(errors=[explain(error)]) from None
    except (msgspec.DecodeError, ValueError, RecursionError):
        # ValueError: not UTF-8, or a number of more digits than Python reads.
        raise MalformedJSON from None
    return submission


def _answers(target: Target, raw: msgspec.Raw) -> Answers:
    try:
        return decode(target.placement.form, raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise MalformedJSON from None


def _foreign(sent: dict[bytes, bytes], own: frozenset[str]) -> str | None:
    """The site that a browser says the request comes from, unless it is ours."""
    origin = sent[b"origin"].decode("latin-1") if b"origin" in sent else None
    return None if origin in own else origin


def _refuse_duplicates(body: bytes) -> None:
    """Refuse a body that says two things at once: of two equal keys msgspec keeps the last.

    The standard parser sees every pair. It costs a few microseconds, on a body that msgspec has already bounded.
    """
    json.loads(body, object_pairs_hook=_unique)


def _unique(pairs: list[tuple[str, Any]]) -> None:
    if len({name for name, _ in pairs}) != len(pairs):
        raise MalformedJSON("La même clé figure deux fois dans un objet. Gardez-en une seule.")


async def _body(headers: dict[bytes, bytes], receive: Receive) -> bytes:
    if int(headers.get(b"content-length", b"0") or b"0") > LONGEST_BODY:
        raise TooLarge
    body = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise MalformedJSON
        body += message.get("body", b"")  # type: ignore[operator]  # an http.request message carries bytes
        if len(body) > LONGEST_BODY:
            raise TooLarge
        if not message.get("more_body"):
            return body


_NO_CONTACT = FieldError("$.answers.contact_email", "not-asked", "Ce formulaire ne demande pas d'adresse e-mail.")
_ENVELOPE = msgspec.json.Decoder(Submission)
_CREATED = b'{"status":"created"}'
_ENRICHED = b'{"status":"enriched"}'
# A preflight cannot know the key, so it promises nothing: the POST itself is checked against the procedure's origins.
_PREFLIGHT = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-allow-methods", b"POST"),
    (b"access-control-allow-headers", b"content-type"),
    (b"access-control-max-age", b"86400"),
]
