"""The pictures of the README and of the gallery's end: the demo, and one of each page of the admin."""

from scripts.pictures.camera import Camera, keep

NEW_PASSWORD = "quatre ruches et un moulin"  # noqa: S105 - of a database that is thrown away


def take(camera: Camera, password: str) -> None:
    _widget(camera)
    _admin(camera, password)


def _widget(camera: Camera) -> None:
    page = camera.at(f"{camera.url}/demo", width=1000, height=700)
    page.get_by_role("button", name="Je donne mon avis").first.click()
    page.frame_locator("dialog iframe").locator("label").first.wait_for()
    page.wait_for_timeout(400)
    keep("widget", page)


def _admin(camera: Camera, password: str) -> None:
    page = camera.at(f"{camera.url}/admin", width=1200, height=800)
    keep("admin-sign-in", page)
    page.locator("[name=email]").fill("demo@avis.example")
    page.locator("[type=password]").fill(password)
    page.keyboard.press("Enter")
    page.wait_for_url("**/compte")
    fields = page.locator("[type=password]")
    for place, value in enumerate((password, NEW_PASSWORD, NEW_PASSWORD)):
        fields.nth(place).fill(value)
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin")
    keep("admin-home", page)
    procedure = f"{camera.url}/admin/demarches/carte-de-peche"
    for name, path in (
        ("admin", ""),
        ("admin-reviews", "/avis?comment=1"),
        ("admin-operations", "/exploitation#response-title"),
        ("admin-scenarios", "/scenarios?facteur=reach-desk-phone&part=85#resultat"),
        ("admin-placements", "/emplacements"),
        ("admin-form", "/formulaire"),
        ("admin-links", "/exports"),
    ):
        page.goto(procedure + path)
        page.wait_for_timeout(600)
        keep(name, page)
    page.goto(f"{procedure}?period=90d&lang=fr")
    page.locator("#comparaison").evaluate("section => section.scrollIntoView()")
    page.locator(".chart svg").first.wait_for()
    keep("admin-compared", page)
    page.goto(f"{procedure}/emplacements")
    page.get_by_role("link", name="Extrait et aperçu").first.click()
    page.wait_for_timeout(1000)
    keep("admin-snippet", page)
