"""The pictures of the README: the demo, the admin's figures and a snippet, a letter."""

from datetime import UTC, date, datetime

from playwright.sync_api import StorageState

from admin.alerts.letters import Addressed, Period, digest_letter
from collector.indicators import total
from collector.rhythms import Days
from collector.schema import Procedure, User
from collector.settings import load
from collector.storage.letters import Alert
from collector.storage.subscriptions import Subscription, Wanted
from scripts.pictures.camera import Camera, keep


def take(camera: Camera, state: StorageState) -> None:
    _widget(camera)
    _admin(camera, state)
    letter(camera)


def letter(camera: Camera) -> None:
    """A week's digest, as a mail program shows it."""
    now = datetime(2026, 3, 16, 6, tzinfo=UTC)
    user = User(
        id=1,
        email="b@exemple.fr",
        name="Bruno",
        administrator=True,
        must_change=False,
        created_at=now,
        disabled_at=None,
    )
    procedure = Procedure(
        id=1,
        slug="carte-de-peche",
        title="Demande de carte de pêche",
        organisation_id=1,
        organisation="",
        ministry="",
        audiences=(),
        origins=(),
        state="open",
        created_at=now,
    )
    wanted = Wanted(kinds=(), at_once=False, digest="weekly", threshold=50, least=30, words="")
    asked = Subscription(
        id=1, account_id=1, procedure_id=1, wanted=wanted, words_after=0, next_digest=None, since=now, stopped=False
    )
    week = {"reviews": 212, "satisfaction_bad": 61, "satisfaction_medium": 50, "satisfaction_good": 101}
    before = {"reviews": 190, "satisfaction_bad": 20, "satisfaction_medium": 40, "satisfaction_good": 130}
    alerts = [Alert("problem", "7", {"problem": 7, "problem_kind": "technical"}, now)]
    period = Period(Days(date(2026, 3, 9), date(2026, 3, 15)), total([week]), total([before]), alerts, 1, 3)
    settings = load({"AVIS_BASE_URL": "https://avis.exemple.fr", "AVIS_SECRET_KEYS": "k" * 32})
    page = camera.at("about:blank", width=700, height=760)
    page.set_content(digest_letter(Addressed(settings, user, procedure, asked), "weekly", period, "picture").html)
    keep("letter", page)


def _widget(camera: Camera) -> None:
    page = camera.at(f"{camera.url}/demo", width=1000, height=700)
    page.get_by_role("button", name="Je donne mon avis").first.click()
    page.frame_locator("dialog iframe").locator("label").first.wait_for()
    page.wait_for_timeout(400)
    keep("widget", page)


def _admin(camera: Camera, state: StorageState) -> None:
    page = camera.at(f"{camera.url}/admin", width=1200, height=800, storage_state=state)
    keep("admin-home", page)
    procedure = f"{camera.url}/admin/demarches/carte-de-peche"
    for name, path, part in (("admin", "", "ul.indicators"), ("admin-compared", "?period=90d&lang=fr", "#comparaison")):
        page.goto(procedure + path)
        page.locator(".chart svg").first.wait_for()
        page.locator(part).evaluate("shown => shown.scrollIntoView()")
        keep(name, page)
    page.goto(f"{procedure}/emplacements")
    page.get_by_role("link", name="Extrait et aperçu").first.click()
    page.wait_for_timeout(1000)
    keep("admin-snippet", page)
