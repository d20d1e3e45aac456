"""What looks like a robot's: nobody's opinion is lost, and a person decides what counts."""

from typing import Any, get_args

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Struct

from admin.own_answers import own_answers
from admin.posted import Posted, asked, posted
from admin.rendering import go, page
from admin.rights import AdminRequest
from collector.errors import BadRequest, NotFound
from collector.schema import Procedure, Reason, Review, moment_of
from collector.storage import Storage
from collector.storage.reviews import NEWEST, Listed
from collector.storage.suspects import State, Verdict, Wave

PAGE = 50
# Enough to see whether people or a program speak.
SAMPLE = 3
STATES: tuple[State, ...] = get_args(State)
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
REASONS: tuple[Reason, ...] = get_args(Reason)


class Shown(Struct, frozen=True):
    """A wave with its latest reviews."""

    wave: Wave
    reviews: list[Review]


@get("/demarches/{slug:str}/a-verifier", opt={"who": "reader"})
async def show_suspects(
    request: AdminRequest, procedure: NamedDependency[Procedure], storage: NamedDependency[Storage]
) -> Response[str]:
    form = asked(request)
    state = form.maybe("etat", STATES) or "suspect"
    waves = await storage.suspects.waves(procedure, state)
    chosen = next((one for one in waves if (one.day, one.reason) == (form["jour"], form["motif"])), None)
    found = await _reviews(storage, procedure, chosen, state, form, PAGE + 1) if chosen else []
    shown = [] if chosen else [await _shown(storage, procedure, wave, state) for wave in waves]
    listed = [one.review for one in found] + [review for one in shown for review in one.reviews]
    return page(
        request,
        "suspects",
        procedure=procedure,
        tab="a-verifier",
        state=state,
        states=STATES,
        waves=shown,
        own=await own_answers(storage, procedure, listed),
        chosen=chosen,
        reviews=found[:PAGE],
        more=found[PAGE - 1].seq if len(found) > PAGE else None,
        moment_of=moment_of,
    )


@post("/demarches/{slug:str}/a-verifier", opt={"who": "manager"}, status_code=200)
async def judge_wave(
    request: AdminRequest, procedure: NamedDependency[Procedure], storage: NamedDependency[Storage]
) -> Response[Any]:
    form = await posted(request)
    state, verdict = form.choice("etat", STATES), form.choice("verdict", VERDICTS)
    day, reason = form.day("jour", required=True), form.choice("motif", REASONS)
    if not (state and verdict and day and reason):
        raise BadRequest
    await storage.suspects.judge_wave(procedure, day.isoformat(), reason, verdict, state, by=request.user.user.email)
    return go(_path(procedure), f"wave-{verdict}", etat=state)


@post("/demarches/{slug:str}/a-verifier/{seq:int}", opt={"who": "manager"}, status_code=200)
async def judge_review(
    request: AdminRequest, seq: FromPath[int], procedure: NamedDependency[Procedure], storage: NamedDependency[Storage]
) -> Response[Any]:
    form = await posted(request)
    state, verdict = form.choice("etat", STATES), form.choice("verdict", VERDICTS)
    day, reason = form.day("jour", required=True), form.choice("motif", REASONS)
    if not (state and verdict and day and reason):
        raise BadRequest
    if not await storage.suspects.judge(procedure, seq, verdict, by=request.user.user.email):
        raise NotFound("Cet avis n'est plus à vérifier : quelqu'un d'autre vient peut-être de le faire.")
    return go(_path(procedure), f"review-{verdict}", etat=state, jour=day.isoformat(), motif=reason)


async def _shown(storage: Storage, procedure: Procedure, wave: Wave, state: State) -> Shown:
    sample = await storage.suspects.of_wave(procedure, wave.day, wave.reason, state, number=SAMPLE)
    return Shown(wave, [one.review for one in sample])


async def _reviews(
    storage: Storage, procedure: Procedure, wave: Wave, state: State, form: Posted, number: int
) -> list[Listed]:
    return await storage.suspects.of_wave(procedure, wave.day, wave.reason, state, before=_before(form), number=number)


def _before(form: Posted) -> int:
    text = form["before"]
    return int(text) if text.isdecimal() and len(text) < len(str(NEWEST)) else NEWEST


def _path(procedure: Procedure) -> str:
    return f"/admin/demarches/{procedure.slug}/a-verifier"
