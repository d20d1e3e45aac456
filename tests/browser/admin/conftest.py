"""An owner's browser, signed in to a real collector with reviews to read."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest
from msgspec import Struct
from playwright.sync_api import Browser, ConsoleMessage, Page, StorageState

from tests.browser.conftest import Collector, Host, passeport

EMAIL = "claude@exemple.fr"
PASSWORD = "abeilles et tournesols 88"
ANSWERS: tuple[dict[str, Any], ...] = (
    {"satisfaction": "good", "comprehension": 5, "contact_tried": ["none"], "verbatim": "Simple et rapide."},
    {"satisfaction": "medium", "comprehension": 3, "contact_tried": ["phone"], "contact_reached": {"phone": False}},
    {"satisfaction": "bad", "verbatim": "La page des pièces jointes se bloque.\nDeux fois."},
    {"satisfaction": "good", "contact_tried": ["counter"], "contact_reached": {"counter": True},
     "contact_satisfaction": {"counter": 4}},
)  # fmt: skip


class Owner(Struct):
    """An account that has its own password, and how to open pages as its holder."""

    url: str
    open: Callable[..., Page]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, host: Host) -> Iterator[Collector]:
    """Of each file's own: owners count reviews, and whoever else sends some must not change the number."""
    with passeport(tmp_path_factory.mktemp("collector"), host) as made:
        yield made


@pytest.fixture(scope="module")
def reviews(service: Collector) -> Collector:
    """The service once *passeport* has been answered a few times, and twice by a program."""
    for answers in ANSWERS * 4:
        body = {"id": str(uuid4()), "key": service.key, "answers": answers, "page": "/fin"}
        assert httpx.post(f"{service.url}/api/v1/reviews", json=body).status_code == 201
    for _ in range(2):
        robot = {"id": str(uuid4()), "satisfaction": "bad", "url": "https://spam.example", "next": "satisfaction"}
        assert httpx.post(f"{service.url}/avis/{service.key}", data=robot).status_code == 200
    return service


@pytest.fixture
def browse(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """A browser at an address of the admin. Afterwards: no script failed and no policy was violated."""
    contexts = []
    complaints: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and "Failed to load resource" not in message.text:
            complaints.append(message.text)

    def browse(url: str, *, width: int = 1280, scripts: bool = True, **options: Any) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, java_script_enabled=scripts, **{"locale": "fr-FR", **options}
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", heard)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(url)
        return page

    yield browse
    for context in contexts:
        assert context.storage_state()["origins"] == []
        context.close()
    assert complaints == []


@pytest.fixture(scope="module")
def account(reviews: Collector) -> str:
    """The first password of an administrator, made once: each command starts a program."""
    made = reviews.run("user", "add", EMAIL, "--name", "Claude Martin", "--role", "administrator")
    return str(made["one_time_password"])


@pytest.fixture(scope="module")
def state(reviews: Collector, account: str, chromium: Browser) -> StorageState:
    """The session of somebody who signed in and chose a password."""
    context = chromium.new_context()
    page = context.new_page()
    page.goto(f"{reviews.url}/admin/connexion")
    sign_in(page, EMAIL, account)
    if page.url.endswith("/compte"):
        choose_password(page, account, PASSWORD)
    else:
        sign_in(page, EMAIL, PASSWORD)
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture
def owner(reviews: Collector, state: StorageState, browse: Callable[..., Page]) -> Owner:
    def visit(path: str, **options: Any) -> Page:
        return browse(f"{reviews.url}{path}", storage_state=state, **options)

    return Owner(reviews.url, visit)


def sign_in(page: Page, email: str, password: str) -> None:
    page.get_by_label("Adresse électronique").fill(email)
    page.get_by_label("Mot de passe").fill(password)
    page.get_by_role("button", name="Se connecter").click()


def choose_password(page: Page, old: str, new: str) -> None:
    page.locator("#old").fill(old)
    page.locator("#new").fill(new)
    page.locator("#again").fill(new)
    page.get_by_role("button", name="Enregistrer le mot de passe").click()
