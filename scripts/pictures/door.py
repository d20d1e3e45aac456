"""Into the admin: signed in once, with a password of one's own, for all who take pictures there."""

from playwright.sync_api import StorageState

from scripts.pictures.camera import Camera

NEW_PASSWORD = "quatre ruches et un moulin"  # noqa: S105 - of a database that is thrown away


def signed_in(camera: Camera, password: str) -> StorageState:
    """The session of the demo's administrator, whose first password works once."""
    page = camera.at(f"{camera.url}/admin")
    page.locator("[name=email]").fill("demo@avis.example")
    page.locator("[type=password]").fill(password)
    page.keyboard.press("Enter")
    page.wait_for_url("**/compte")
    fields = page.locator("[type=password]")
    for place, value in enumerate((password, NEW_PASSWORD, NEW_PASSWORD)):
        fields.nth(place).fill(value)
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin")
    state = page.context.storage_state()
    page.context.close()
    return state
