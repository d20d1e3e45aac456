"""The public write path, in its order: where it comes from, which form, who, what is kept, on disk.

`Intake` serves both doors: `POST /api/v1/reviews` (`collector.receive`) and the form page's plain POSTs
(`collector.citizen`). Raw text and the raw address do not outlive `accept`.
"""

from collections import OrderedDict
from contextlib import suppress
from datetime import datetime
from uuid import UUID

import msgspec

from collector.errors import (
    AvisError,
    FieldError,
    ForeignOrigin,
    InvalidAnswers,
    PlacementClosed,
    StorageUnavailable,
    TrialOver,
    UnknownKey,
)
from collector.forms.own import check, own_answers
from collector.limits import Limits
from collector.privacy.anonymise import anonymise, contact
from collector.privacy.visitors import day_key, visitor
from collector.schema import STANDARD, Adjustments, Answers, Clock, OwnQuestion, Procedure, Review, Target, day_of
from collector.settings import Settings
from collector.storage import Storage
from collector.storage.batch import Outcome, OverLimit, Write
from collector.suspicion import USUAL_WHEN_NEW, Watch, text_name
from collector.trials import MARK, trial_of

LONGEST_BODY = 64 * 1024
MOST_REMEMBERED = 10_000


class Receipt(msgspec.Struct, frozen=True):
    """What a citizen's page is told: `created` is False when an earlier review was completed."""

    created: bool
    tried: Review | None = None
    """What would have been stored, had this not been a trial."""
    asked: tuple[OwnQuestion, ...] = ()
    """The own questions that the trial answered."""


class Intake:
    def __init__(self, settings: Settings, storage: Storage, limits: Limits, clock: Clock) -> None:
        self._settings = settings
        self._storage = storage
        self._limits = limits
        self._clock = clock
        self._targets: OrderedDict[str, tuple[Target, int]] = OrderedDict()
        self._key_of_day: tuple[str, bytes] = ("", b"")
        self._usuals: dict[int, tuple[int, int]] = {}
        self._versions: dict[tuple[int, int], Adjustments] = {}

    async def target(self, key: str) -> Target:
        """What a public key leads to, as it stands now, or stood when the database went away.

        Raises UnknownKey, or TrialOver.
        """
        if key.startswith(MARK):
            return await self._trial(key)
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

    async def as_seen(self, target: Target, version: int) -> Target:
        """The target with the form's version that a citizen's page shows. One that never was is as good as today's."""
        if version == target.version or not STANDARD <= version <= target.latest:
            return target
        place = (target.procedure.id, version)
        if place not in self._versions:
            # What was published stays as it is, so this is never out of date.
            if len(self._versions) >= MOST_REMEMBERED:
                self._versions.clear()
            found = await self._storage.forms.published(target.procedure, version)
            self._versions[place] = found or Adjustments()
        return msgspec.structs.replace(target, version=version, adjustments=self._versions[place])

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
        version = getattr(answers, "form_version", None) or STANDARD
        if target.trial:
            if _is_foreign(target, origin):
                raise self.foreign(target)
            _check(target, answers)
            seen = await self._seen(target, version, answers)
            tried = anonymise(id, seen, lang, page, answers, now, context=context, form_version=version)
            return Receipt(created=True, tried=tried, asked=seen.adjustments.questions)
        person = visitor(address, await self._visitor_key(day_of(now)))
        for _ in range(3):
            target, directory = await self._standing(target)
            if _is_foreign(target, origin):
                raise self.foreign(target)
            _check(target, answers)
            weighed = await self._limits.weigh(target, person)
            if version > target.latest:
                # Another process may have published it since we last looked.
                target, directory = await self._read(target.placement.key)
            seen = await self._seen(target, version, answers)
            review = anonymise(id, seen, lang, page, answers, now, context=context, form_version=version)
            suspicion = self._settings.suspicion
            watch = await self._watch(target, person, review, trapped, scripted, now) if suspicion else None
            write = Write(
                review=review,
                directory=directory,
                charges=self._limits.in_database(weighed),
                refusal=weighed.refusal,
                contact=contact(answers, self._settings.secret_keys, now),
                watch=watch,
            )
            outcome: Outcome | None = None
            try:
                outcome = await self._storage.writer.put(write)
            finally:
                if outcome != "created":
                    await self._limits.give_back(weighed)
            if isinstance(outcome, AvisError):
                if isinstance(outcome, OverLimit):
                    self._storage.turned_away.count(target.procedure, outcome.limit)
                raise outcome
            if outcome != "stale":
                return Receipt(created=outcome == "created")
            self._targets.pop(target.placement.key, None)
        raise StorageUnavailable(retry_after=1)

    def foreign(self, target: Target) -> ForeignOrigin:
        """What a site is told that may not send here: counted, unless it tries something out."""
        if not target.trial:
            self._storage.turned_away.count(target.procedure, "origin")
        return ForeignOrigin()

    async def _seen(self, target: Target, version: int, answers: Answers) -> Target:
        """The form that the citizen saw, where that matters.

        Raises InvalidAnswers if there never was one, or if it does not ask what was answered.
        """
        if version > target.latest:
            raise InvalidAnswers(errors=[_NO_VERSION])
        said = own_answers(answers)
        if said:
            target = await self.as_seen(target, version)
            check(target.adjustments.questions, said)
        return target

    async def _trial(self, key: str) -> Target:
        trial = trial_of(key, self._clock(), self._settings.secret_keys)
        if trial is None:
            raise TrialOver
        target = await self.target(await self._storage.catalogue.key_of(trial.placement))
        adjustments = target.adjustments
        if trial.version:
            found = await self._storage.forms.any(target.procedure, trial.version)
            if found is None:
                raise TrialOver
            adjustments = found
        return msgspec.structs.replace(
            target,
            # Whatever is sent from it comes back under the same key.
            placement=msgspec.structs.replace(target.placement, key=key),
            version=trial.version or target.version,
            adjustments=adjustments,
            latest=max(trial.version, target.latest),
            trial=True,
        )

    async def _watch(
        self, target: Target, person: str, review: Review, trapped: bool, scripted: bool, now: datetime
    ) -> Watch:
        slug = target.procedure.slug
        return Watch(
            procedure=slug,
            source=f"{person}/{slug}",
            usual=await self._usual(target.procedure, review.minute // 60),
            at=now.timestamp(),
            text=text_name(review.verbatim, slug, self._key_of_day[1]),
            trapped=trapped,
            scripted=scripted,
            key=self._key_of_day[1],
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
            with suppress(StorageUnavailable):
                await self._storage.closed.count(found[0].placement, "sent")
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


def _is_foreign(target: Target, origin: str | None) -> bool:
    return origin is not None and origin not in target.procedure.origins


def _check(target: Target, answers: Answers) -> None:
    if getattr(answers, "contact_email", None) and not target.placement.contact:
        raise InvalidAnswers(errors=[_NO_CONTACT])


_NO_CONTACT = FieldError("$.answers.contact_email", "not-asked", "Ce formulaire ne demande pas d'adresse e-mail.")
_NO_VERSION = FieldError(
    "$.answers.form_version", "unknown-version", "Cette version du formulaire n'a jamais été publiée."
)
