"""The satisfaction form of a procedure: change it within its bounds, try it out, publish it, go back."""

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from admin.effects import effects
from admin.own_questions import (
    LONGEST_LABEL,
    LONGEST_WORDING,
    MOST_OPTIONS,
    Used,
    after_move,
    blocks_of,
    questions_of,
    typed,
    used_in,
    written,
)
from admin.own_questions import MOST as MOST_QUESTIONS
from admin.posted import Posted, filled, posted
from admin.rendering import go, page
from admin.rights import AdminRequest
from collector.errors import Conflict, NotFound
from collector.schema import MEANS, OPTIONAL_STEPS, OWN_KINDS, STANDARD, Adjustments, Clock, FormVersion, Procedure
from collector.settings import Settings
from collector.storage import Storage
from collector.trials import LASTS, key_of
from embed.language import DEFAULT, languages

LONGEST_INTRODUCTION = 250
FEWEST_MEANS = 2
"""With one answer alone there is nothing to choose."""


@get("/demarches/{slug:str}/formulaire", opt={"who": "manager"})
async def edit_form(
    request: AdminRequest,
    procedure: NamedDependency[Procedure],
    storage: NamedDependency[Storage],
    settings: NamedDependency[Settings],
    clock: NamedDependency[Clock],
) -> Response[str]:
    return await _page(request, procedure, storage, settings, clock)


@post("/demarches/{slug:str}/formulaire", opt={"who": "manager"}, status_code=200)
async def save_draft(
    request: AdminRequest,
    procedure: NamedDependency[Procedure],
    storage: NamedDependency[Storage],
    settings: NamedDependency[Settings],
    clock: NamedDependency[Clock],
) -> Response[Any]:
    form = await posted(request)
    if form["move"]:
        return await _page(request, procedure, storage, settings, clock, after_move(form))
    adjustments = _adjustments(form, used_in(await storage.forms.versions(procedure)))
    if not form.errors and adjustments == await _shown(procedure, storage):
        form.refuse("introduction", "C'est déjà ce que vos usagers voient : changez quelque chose d'abord.")
    if form.errors:
        return await _page(request, procedure, storage, settings, clock, form, 422)
    await storage.forms.draft(procedure, adjustments, now=clock(), by=request.user.user.email)
    return go(_path(procedure), "form-drafted", anchor="brouillon")


@post("/demarches/{slug:str}/formulaire/abandonner", opt={"who": "manager"}, status_code=200)
async def discard_draft(
    request: AdminRequest, procedure: NamedDependency[Procedure], storage: NamedDependency[Storage]
) -> Response[Any]:
    if not await storage.forms.discard(procedure, by=request.user.user.email):
        raise Conflict(_NO_DRAFT)
    return go(_path(procedure), "form-discarded")


@post("/demarches/{slug:str}/formulaire/publier", opt={"who": "manager"}, status_code=200)
async def publish_draft(
    request: AdminRequest,
    procedure: NamedDependency[Procedure],
    storage: NamedDependency[Storage],
    clock: NamedDependency[Clock],
) -> Response[Any]:
    """Publish the draft that was looked at: not one that a colleague has put in its place meanwhile."""
    form = await posted(request)
    seen = form["seen"]
    draft = _draft(await storage.forms.versions(procedure))
    if draft is None or _name(draft) != seen:
        raise Conflict(_NO_DRAFT if draft is None else _OTHER_DRAFT)
    if await storage.forms.publish(procedure, now=clock(), by=request.user.user.email) is None:
        raise Conflict(_NO_DRAFT)
    return go(_path(procedure), "form-published")


@post("/demarches/{slug:str}/formulaire/versions/{number:int}", opt={"who": "manager"}, status_code=200)
async def show_version(
    request: AdminRequest,
    number: FromPath[int],
    procedure: NamedDependency[Procedure],
    storage: NamedDependency[Storage],
) -> Response[Any]:
    """Take an earlier version again: publishing is undone so."""
    if not STANDARD <= number <= MOST or not await storage.forms.show(procedure, number, by=request.user.user.email):
        raise NotFound("Cette version n'a jamais été publiée, ou c'est déjà celle que vos usagers voient.")
    return go(_path(procedure), "form-shown")


MOST = 9999
_NO_DRAFT = "Il n'y a plus de brouillon : un collègue vient de le publier ou de l'abandonner. Revenez au formulaire."
_OTHER_DRAFT = "Un collègue vient de changer ce brouillon. Revenez au formulaire, relisez-le, puis publiez."


def _adjustments(form: Posted, used: Used) -> Adjustments:
    """What was typed; the form remembers what is wrong with it."""
    introduction = form.text("introduction", longest=LONGEST_INTRODUCTION, required=False)
    steps = form.choices("steps", OPTIONAL_STEPS)
    means = form.choices("means", MEANS)
    if "contact" in steps and len(means) < FEWEST_MEANS:
        form.refuse("means", "Gardez au moins deux réponses, ou décochez toute l'étape « Aide ».")
    return Adjustments(
        introduction=introduction,
        hidden_steps=tuple(step for step in OPTIONAL_STEPS if step not in steps),
        # Of a step that is not asked, no answer is hidden: asked again, it is whole.
        hidden_means=tuple(one for one in MEANS if one not in means) if "contact" in steps else (),
        questions=questions_of(form, used),
    )


def _typed(adjustments: Adjustments) -> Posted:
    return filled(
        **written(typed(adjustments.questions)),
        introduction=adjustments.introduction,
        steps=[step for step in OPTIONAL_STEPS if step not in adjustments.hidden_steps],
        means=[one for one in MEANS if one not in adjustments.hidden_means],
    )


async def _shown(procedure: Procedure, storage: Storage) -> Adjustments:
    number = await storage.forms.shown(procedure)
    return await storage.forms.published(procedure, number) or Adjustments()


def _draft(versions: list[FormVersion]) -> FormVersion | None:
    return next((one for one in versions if one.published_at is None), None)


def _name(draft: FormVersion) -> str:
    """What tells this draft from one that a colleague writes over it."""
    return f"{draft.number}/{draft.changed_at.isoformat()}/{draft.changed_by}"


async def _page(
    request: AdminRequest,
    procedure: Procedure,
    storage: Storage,
    settings: Settings,
    clock: Clock,
    form: Posted | None = None,
    status: int = 200,
) -> Response[str]:
    versions = await storage.forms.versions(procedure)
    draft = _draft(versions)
    places = [one for one in await storage.catalogue.placements(procedure) if one.form == "satisfaction"]
    words = languages()[DEFAULT]
    shown = await storage.forms.shown(procedure)
    form = form or _typed(draft.adjustments if draft else await _shown(procedure, storage))
    return page(
        request,
        "form",
        status=status,
        procedure=procedure,
        tab="formulaire",
        form=form,
        blocks=blocks_of(form),
        kinds=OWN_KINDS,
        most=(MOST_QUESTIONS, MOST_OPTIONS),
        longest_own=(LONGEST_WORDING, LONGEST_LABEL),
        longest=LONGEST_INTRODUCTION,
        usual=words.satisfaction.introduction.replace("*", "").format(title=procedure.title),
        means=[(code, words.codes.contact_tried[code]) for code in MEANS],
        draft=draft,
        draft_name=_name(draft) if draft else "",
        effects=effects,
        shown_number=shown,
        published=[one for one in versions if one.published_at],
        trial=key_of(places[0], draft.number if draft else 0, clock(), settings.secret_keys) if places else None,
        service=settings.base_url,
        lasts=LASTS.days,
    )


def _path(procedure: Procedure) -> str:
    return f"/admin/demarches/{procedure.slug}/formulaire"
