"""Where the form is shown: create a placement, copy its snippet, see it live, close it."""

from asyncio import to_thread
from typing import Any, get_args

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from admin.posted import Posted, asked, filled, posted
from admin.rendering import download, go, page
from admin.rights import AdminRequest
from collector.errors import BadRequest, Conflict, NotFound
from collector.fields import LONGEST_LABEL
from collector.old_links import links_in
from collector.schema import CHANNELS, Clock, FormName, Placement, Procedure, Target
from collector.settings import Settings
from collector.storage import Storage
from collector.trials import LASTS, key_of
from embed.language import DEFAULT, languages
from embed.poster import FORMATS as POSTERS
from embed.poster import Poster, pdf
from embed.snippets import form_url, snippets_of

LONGEST_ADDRESS = 2000
FORMS: tuple[FormName, ...] = get_args(FormName)
THEMES = ("light", "dark")
WIDTHS = ("computer", "phone")


@get("/demarches/{slug:str}/emplacements", opt={"who": "reader"})
async def list_placements(
    request: AdminRequest, procedure: NamedDependency[Procedure], storage: NamedDependency[Storage]
) -> Response[str]:
    return await _list(request, procedure, storage, filled(channel="web", form="satisfaction"))


@post("/demarches/{slug:str}/emplacements", opt={"who": "manager"}, status_code=200)
async def create_placement(
    request: AdminRequest,
    procedure: NamedDependency[Procedure],
    storage: NamedDependency[Storage],
    clock: NamedDependency[Clock],
) -> Response[Any]:
    form = await posted(request)
    label = form.text("label", longest=LONGEST_LABEL)
    channel = form.choice("channel", CHANNELS)
    kind = form.choice("form", FORMS)
    if form.errors or channel is None or kind is None:
        return await _list(request, procedure, storage, form, 422)
    placement = await storage.catalogue.add_placement(
        procedure,
        channel=channel,
        form=kind,
        label=label,
        now=clock(),
        contact=kind == "malfunction" and form["contact"] == "1",
        by=request.user.user.email,
    )
    return go(_path(procedure, placement), "placement-created")


@get("/demarches/{slug:str}/emplacements/{key:str}", opt={"who": "reader"})
async def show_placement(
    request: AdminRequest,
    key: FromPath[str],
    procedure: NamedDependency[Procedure],
    storage: NamedDependency[Storage],
    settings: NamedDependency[Settings],
    clock: NamedDependency[Clock],
) -> Response[str]:
    placement = await _placement(procedure, key, storage)
    return await _shown(request, procedure, placement, storage, settings, clock, filled())


@get("/demarches/{slug:str}/emplacements/{key:str}/affiche.pdf", opt={"who": "reader"})
async def show_poster(
    request: AdminRequest,
    key: FromPath[str],
    procedure: NamedDependency[Procedure],
    storage: NamedDependency[Storage],
    settings: NamedDependency[Settings],
) -> Response[bytes]:
    """To print, in the format of the address; its page is drawn beside the event loop."""
    placement = await _placement(procedure, key, storage)
    size = asked(request).maybe("format", POSTERS) or "a4"
    if request.query_params.get("format", size) != size:
        raise BadRequest("Les formats d'affiche sont a4 et a5.")
    poster = Poster(
        invitation=languages()[DEFAULT].opening(placement.form).title,
        title=procedure.title,
        how="Scannez ce code avec l'appareil photo de votre téléphone, ou tapez cette adresse :",
        promise="Quelques questions, sans compte. Vos réponses sont anonymes.",
        url=form_url(Target(procedure, placement), settings.base_url),
    )
    return download(await to_thread(pdf, poster, size), f"affiche-{procedure.slug}-{size}.pdf", "application/pdf")


@post("/demarches/{slug:str}/emplacements/{key:str}/fermer", opt={"who": "manager"}, status_code=200)
async def close_placement(
    request: AdminRequest,
    key: FromPath[str],
    procedure: NamedDependency[Procedure],
    storage: NamedDependency[Storage],
    clock: NamedDependency[Clock],
) -> Response[Any]:
    placement = await _placement(procedure, key, storage)
    await storage.catalogue.close_placement(placement.key, clock(), by=request.user.user.email)
    return go(_path(procedure, placement), "placement-closed")


@post("/demarches/{slug:str}/emplacements/{key:str}/rouvrir", opt={"who": "manager"}, status_code=200)
async def reopen_placement(
    request: AdminRequest, key: FromPath[str], procedure: NamedDependency[Procedure], storage: NamedDependency[Storage]
) -> Response[Any]:
    placement = await _placement(procedure, key, storage)
    await storage.catalogue.reopen_placement(placement.key, by=request.user.user.email)
    return go(_path(procedure, placement), "placement-opened")


@post("/demarches/{slug:str}/emplacements/{key:str}/anciens-liens", opt={"who": "manager"}, status_code=200)
async def adopt_link(
    request: AdminRequest,
    key: FromPath[str],
    procedure: NamedDependency[Procedure],
    storage: NamedDependency[Storage],
    settings: NamedDependency[Settings],
    clock: NamedDependency[Clock],
) -> Response[Any]:
    """Let a link of the national service lead here."""
    placement = await _placement(procedure, key, storage)
    form = await posted(request)
    links = links_in(form.text("address", longest=LONGEST_ADDRESS))
    if not form.errors and not links:
        form.refuse(
            "address",
            "Ce n’est pas un lien de « Je donne mon avis ». Collez l’adresse entière du bouton, ou son code HTML : "
            "elle contient /Demarches/ et un numéro.",
        )
    if not form.errors:
        try:
            await storage.old_links.adopt(procedure, placement, links, by=request.user.user.email)
        except Conflict:
            form.refuse(
                "address", "Les liens de ce numéro mènent déjà à une autre démarche. Vérifiez l’adresse collée."
            )
    if form.errors:
        return await _shown(request, procedure, placement, storage, settings, clock, form, 422)
    return go(_path(procedure, placement), "old-link-adopted", anchor="anciens-liens")


@post(
    "/demarches/{slug:str}/emplacements/{key:str}/anciens-liens/{number:int}/retirer",
    opt={"who": "manager"},
    status_code=200,
)
async def release_link(
    request: AdminRequest,
    key: FromPath[str],
    number: FromPath[int],
    procedure: NamedDependency[Procedure],
    storage: NamedDependency[Storage],
) -> Response[Any]:
    """Whoever wants it back pastes it again: nothing else was kept of it."""
    placement = await _placement(procedure, key, storage)
    await storage.old_links.release(procedure, placement, number, by=request.user.user.email)
    return go(_path(procedure, placement), "old-link-released", anchor="anciens-liens")


async def _shown(
    request: AdminRequest,
    procedure: Procedure,
    placement: Placement,
    storage: Storage,
    settings: Settings,
    clock: Clock,
    form: Posted,
    status: int = 200,
) -> Response[str]:
    seen = asked(request)
    lang = seen["lang"] if seen["lang"] in languages() else DEFAULT
    trial = key_of(placement, 0, clock(), settings.secret_keys)
    return page(
        request,
        "placement",
        status=status,
        form=form,
        old_links=await storage.old_links.of(placement),
        procedure=procedure,
        tab="emplacements",
        placement=placement,
        address=f"{settings.base_url}/avis/{placement.key}",
        origins=procedure.origins,
        service=settings.base_url,
        snippets=snippets_of(Target(procedure, placement), settings, lang),
        trial=f"{settings.base_url}/avis/{trial}",
        trial_key=trial,
        lasts=LASTS.days,
        languages=[(one.code, one.name) for one in languages().values()],
        lang=lang,
        theme=seen["theme"] if seen["theme"] in THEMES else "light",
        width=seen["width"] if seen["width"] in WIDTHS else "computer",
    )


async def _list(
    request: AdminRequest, procedure: Procedure, storage: Storage, form: Posted, status: int = 200
) -> Response[str]:
    return page(
        request,
        "placements",
        status=status,
        procedure=procedure,
        tab="emplacements",
        form=form,
        placements=await storage.catalogue.placements(procedure),
        channels=CHANNELS,
        forms=FORMS,
    )


async def _placement(procedure: Procedure, key: str, storage: Storage) -> Placement:
    """Raises NotFound."""
    placement = await storage.catalogue.placement_of(procedure, key)
    if placement is None:
        raise NotFound("Cet emplacement n'existe pas.")
    return placement


def _path(procedure: Procedure, placement: Placement) -> str:
    return f"/admin/demarches/{procedure.slug}/emplacements/{placement.key}"
