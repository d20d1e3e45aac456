"""Every value that crosses a boundary: what a browser may say, what we keep, what the admin and the jobs are told.

`Submission` is untrusted and `Review` is what we keep; only `collector.privacy.anonymise` turns one into the other,
so the type checker shows that nothing is stored unmasked.
"""

import re
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from msgspec import Meta, Raw, Struct

PARIS = ZoneInfo("Europe/Paris")

Satisfaction = Literal["bad", "medium", "good"]
Means = Literal["counter", "phone", "email", "chat", "relative", "association", "website", "other", "none"]
Desk = Literal["counter", "phone", "email", "chat"]
Kind = Literal["technical", "situation", "suggestion"]
Device = Literal["phone", "tablet", "computer", "other"]
Browser = Literal["chrome", "firefox", "safari", "edge", "other"]
FormName = Literal["satisfaction", "malfunction"]
Audience = Literal["individuals", "businesses", "local_authorities", "agents"]
Channel = Literal["web", "email", "qr", "counter", "phone", "kiosk"]
OptionalStep = Literal["comprehension", "contact"]
"""A step of the satisfaction form that an owner may leave out."""
ProcedureState = Literal["draft", "open", "closed", "archived"]
Content = Literal["reviews", "malfunctions", "indicators"]
Interval = Literal["whole", "day", "week", "month", "quarter"]
By = Literal["procedure", "placement", "channel", "audience", "organisation", "ministry"]
"""What indicators are cut by: a step of time, and whom they are of."""
Format = Literal["csv", "csv-semicolon", "ndjson", "json", "xlsx", "ods", "parquet"]
Role = Literal["administrator", "manager", "reader"]
GivenRole = Literal["manager", "reader"]
"""What can be given over an organisation or a procedure; an administrator needs no such right."""
Reason = Literal["trap", "text", "haste", "program", "crowd", "stranger", "volume"]
"""Why a review waits for a person: see `collector.suspicion`."""
Aside = Literal["suspect", "confirmed"]
LimitKind = Literal["visitor-procedure", "visitor", "counter", "procedure", "key"]
Refusal = LimitKind | Literal["origin"]
"""Why a submission was refused: a limit, or the site that it came from."""
Mark = Annotated[int, Meta(ge=1, le=5)]
OwnName = Literal["question_1", "question_2", "question_3"]
"""An owner's own question, by its place in a version of the form."""
OwnKind = Literal["single", "multiple", "scale", "text"]
OwnAnswer = Mark | str | list[str]
"""A mark of a scale; a code or a short text; codes."""

MEANS: tuple[Means, ...] = ("counter", "phone", "email", "chat", "relative", "association", "website", "other", "none")
DESKS: tuple[Desk, ...] = ("counter", "phone", "email", "chat")
OPTIONAL_STEPS: tuple[OptionalStep, ...] = ("comprehension", "contact")
OWN_NAMES: tuple[OwnName, ...] = ("question_1", "question_2", "question_3")
OWN_KINDS: tuple[OwnKind, ...] = ("single", "multiple", "scale", "text")
STANDARD = 1
"""The version of a form that nobody has adjusted: the national questionnaire."""
AUDIENCES: tuple[Audience, ...] = ("individuals", "businesses", "local_authorities", "agents")
ROLES: tuple[Role, ...] = ("administrator", "manager", "reader")
STATES: tuple[ProcedureState, ...] = ("draft", "open", "closed", "archived")
CHANNELS: tuple[Channel, ...] = ("web", "email", "qr", "counter", "phone", "kiosk")

RESERVED_SLUGS = frozenset({"accessibilite", "editions", "methodologie", "ministeres", "style"})
"""What the observatory's own pages are called, beside those of procedures."""

Clock = Callable[[], datetime]
"""What time it is (UTC, aware): injected, so that tests own it."""


def utc_now() -> datetime:
    """The clock of everything that is not a test."""
    return datetime.now(UTC)


CONTEXT = re.compile(r"[^\W_](?:[^\W_]|[ '’.,:;()/-]){0,59}")
"""A label that a page may send along. It travels in an address as it is, so nothing that means something there."""

CONTEXT_RULE = "60 caractères au plus, des lettres, des chiffres, des espaces et ' . , : ; ( ) / -"

EDITABLE = timedelta(minutes=60)
"""How long the holder of a submission's `id` may complete the review."""


# What a browser may say ---------------------------------------------------------------------------


class Submission(Struct, forbid_unknown_fields=True):
    """The body of `POST /api/v1/reviews`. `answers` is decoded once the placement says which form it is."""

    id: UUID
    key: Annotated[str, Meta(max_length=64)]
    answers: Raw
    # Python's `$` also matches before a last line feed; JavaScript, which reads these patterns too, has no `\Z`.
    lang: Annotated[str, Meta(pattern=r"^[a-z]{2,3}(-[A-Za-z]{2,8})?$(?!\n)", max_length=12)] = "fr"
    page: Annotated[str, Meta(pattern=r"^[^\x00-\x1f\x7f]*$(?!\n)", max_length=2048)] | None = None
    context: Annotated[str, Meta(max_length=80)] | None = None


class SatisfactionAnswers(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """The satisfaction form. Absent and `null` both mean "not answered".

    `form_version` is which version the citizen saw. Every version takes every answer of the national questionnaire;
    `question_1` to `question_3` are answers to the own questions of that version, of the kind that it asks.
    """

    satisfaction: Satisfaction
    comprehension: Mark | None = None
    contact_tried: list[Means] | None = None
    contact_tried_other: str | None = None
    contact_reached: dict[Desk, bool] | None = None
    contact_satisfaction: dict[Desk, Mark] | None = None
    verbatim: str | None = None
    question_1: OwnAnswer | None = None
    question_2: OwnAnswer | None = None
    question_3: OwnAnswer | None = None
    form_version: Annotated[int, Meta(ge=STANDARD, le=9999)] | None = None


class MalfunctionAnswers(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """The malfunction form. `device` and `browser` are coarse classes that the citizen saw before sending."""

    kind: Kind
    verbatim: str
    device: Device | None = None
    browser: Browser | None = None
    contact_email: str | None = None


Answers = SatisfactionAnswers | MalfunctionAnswers


# What we keep -------------------------------------------------------------------------------------


class Review(Struct, frozen=True, kw_only=True):
    """One anonymised opinion, as stored. Free text is masked; `minute` counts minutes since 1970 in UTC.

    `capability` is a digest of the browser's `id`: with it a later step finds its review, and from it nobody can
    write. `public_id` is drawn at random and is the only identifier that leaves in an export.

    `aside` is None for what counts, `suspect` for what waits for a person, `confirmed` for what a person has set aside
    for good. `suspicion` is why, and stays when it is released. `withdrawn`: it counted before it was set aside, so
    exports have to take it back.

    What was answered to an owner's own questions is in `own_answers` (codes and marks) and `own_texts` (masked), apart
    because texts are forgotten earlier.
    """

    capability: str
    public_id: str
    procedure_id: int
    placement_id: int
    form: FormName
    form_version: int
    lang: str
    minute: int
    day: str
    page: str | None = None
    context: str | None = None
    satisfaction: Satisfaction | None = None
    comprehension: int | None = None
    contact_tried: tuple[Means, ...] = ()
    contact_tried_other: str | None = None
    contact_reached: dict[Desk, bool] = {}
    contact_satisfaction: dict[Desk, int] = {}
    kind: Kind | None = None
    device: Device | None = None
    browser: Browser | None = None
    verbatim: str | None = None
    suspicion: Reason | None = None
    aside: Aside | None = None
    withdrawn: bool = False
    own_answers: dict[OwnName, OwnAnswer] = {}
    own_texts: dict[OwnName, str] = {}


class Contact(Struct, frozen=True):
    """A citizen's e-mail for an answer to a malfunction: sealed, kept apart from the review, deleted after 60 days."""

    sealed: bytes
    delete_after: str


# Who is rated, and where --------------------------------------------------------------------------


class Organisation(Struct, frozen=True):
    id: int
    name: str
    ministry: str


class Procedure(Struct, frozen=True, kw_only=True):
    """A *démarche*. `origins` are the sites that may embed its form (`https://host[:port]`).

    `contexts` are the labels that a host page may send along ("Dépôt du dossier"): words of the owner, so that no page
    can slip in something about a person.
    """

    id: int
    slug: str
    title: str
    organisation_id: int
    organisation: str
    ministry: str
    audiences: tuple[Audience, ...]
    origins: tuple[str, ...]
    state: ProcedureState
    created_at: datetime
    contexts: tuple[str, ...] = ()


class Placement(Struct, frozen=True, kw_only=True):
    """One place where the widget or link is shown. `key` is public; `contact` asks for an e-mail (malfunction only)."""

    id: int
    procedure_id: int
    key: str
    channel: Channel
    form: FormName
    label: str
    contact: bool
    created_at: datetime
    closed_at: datetime | None


class OwnOption(Struct, frozen=True, forbid_unknown_fields=True):
    """One answer to choose. The code is ours and stays when the owner writes the label otherwise."""

    code: str
    label: str


class OwnQuestion(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A question of an owner's, in the owner's French. `number` tells it from all others, wherever it stands.

    The options of a scale are what its two ends mean: `1` and `5`.
    """

    number: int
    kind: OwnKind
    wording: str
    options: tuple[OwnOption, ...] = ()

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(option.code for option in self.options)


class Adjustments(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What an owner made of the satisfaction form: the introduction in French, what is not asked, and what is as well.

    The questions keep their words, so that procedures stay comparable. An empty introduction is the usual one.
    `questions` are three at most, in their order: the first is answered as `question_1`.
    """

    introduction: str = ""
    hidden_steps: tuple[OptionalStep, ...] = ()
    hidden_means: tuple[Means, ...] = ()
    questions: tuple[OwnQuestion, ...] = ()


class FormVersion(Struct, frozen=True, kw_only=True):
    """One version of a procedure's form; the draft is the one that is not published. Numbers are never used again."""

    number: int
    adjustments: Adjustments
    changed_at: datetime
    changed_by: str
    published_at: datetime | None = None
    published_by: str | None = None


class Target(Struct, frozen=True):
    """What a public key leads to, read together: the hot path needs this and nothing else.

    `version` and `adjustments` are of the form that is shown now; versions up to `latest` have been.
    """

    procedure: Procedure
    placement: Placement
    version: int = STANDARD
    adjustments: Adjustments = Adjustments()
    latest: int = STANDARD
    trial: bool = False
    """Somebody tries the form out: nothing of it is stored, and it opens before the procedure does."""

    @property
    def is_open(self) -> bool:
        return self.trial or (self.procedure.state == "open" and self.placement.closed_at is None)


class RefusedOrigin(Struct, frozen=True):
    """A site that showed a procedure's form and is not among its origins."""

    origin: str
    times: int
    last_at: datetime


# What leaves --------------------------------------------------------------------------------------


class Link(Struct, frozen=True, kw_only=True):
    """A signed export link as we remember it; the URL itself is not stored, it can be signed again from this."""

    id: str
    procedures: tuple[str, ...]
    content: Content
    format: Format
    from_day: str | None
    to_day: str | None
    recipient: str
    created_at: datetime
    created_by: str
    expires_at: datetime
    revoked_at: datetime | None
    last_used_at: datetime | None = None
    uses: int = 0
    interval: Interval = "whole"
    by: By = "procedure"
    networks: tuple[str, ...] = ()
    """Where it may be used from; nothing is everywhere."""
    once: bool = False
    spent_at: datetime | None = None
    places: int = 0
    """How many networks it was used from, as far as they are told apart."""
    last_place_at: datetime | None = None


class LinkUse(Struct, frozen=True):
    """One line of a link's journal: when, what for (`stream` or `page`), how many rows, and how it ended."""

    at: datetime
    kind: str
    rows: int
    outcome: str
    bytes: int = 0


class User(Struct, frozen=True, kw_only=True):
    """Somebody who may sign in to the admin. `invited`: they have not chosen a password yet."""

    id: int
    email: str
    name: str
    administrator: bool
    must_change: bool
    created_at: datetime
    disabled_at: datetime | None
    invited: bool = False


class Session(Struct, frozen=True, kw_only=True):
    """A browser that somebody signed in with. `used_at` is some minutes behind."""

    digest: str
    created_at: datetime
    used_at: datetime
    device: Device
    browser: Browser


class Right(Struct, frozen=True, kw_only=True):
    """What an account, also a program's, may do, over an organisation with all its procedures or over one procedure.

    `id` is that one's, `name` what people call it; `organisation_id` is the one it is or belongs to.
    """

    kind: Literal["organisation", "procedure"]
    id: int
    name: str
    organisation_id: int
    role: GivenRole


def strongest(rights: Iterable[Right], procedure: Procedure) -> GivenRole | None:
    """The role of those of the rights that reach this procedure."""
    places = {("procedure", procedure.id), ("organisation", procedure.organisation_id)}
    roles = {one.role for one in rights if (one.kind, one.id) in places}
    return "manager" if "manager" in roles else "reader" if roles else None


def date_of(moment: datetime) -> date:
    """The day an opinion counts for: the calendar day in Paris, whatever the server's clock is set to."""
    return moment.astimezone(PARIS).date()


def day_of(moment: datetime) -> str:
    """The same as it is stored."""
    return date_of(moment).isoformat()


def minute_of(moment: datetime) -> int:
    return int(moment.timestamp() // 60)


def moment_of(minute: int) -> datetime:
    return datetime.fromtimestamp(minute * 60, UTC)


def parse_day(text: str) -> date:
    """Raises ValueError when `text` is not a calendar day written YYYY-MM-DD."""
    return date.fromisoformat(text)
