"""Charts leave the page: as a picture, and on paper."""

import struct
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.admin.conftest import Owner

PAGE = "/admin/demarches/passeport?lang=fr"
A4 = 688
"""What its margins leave, in the pixels of a style sheet."""

# Of the picture on the clipboard: its size, and how many colours a line through its middle meets.
COPIED = """async () => {
    const [item] = await navigator.clipboard.read();
    const picture = await createImageBitmap(await item.getType("image/png"));
    const canvas = new OffscreenCanvas(picture.width, picture.height);
    const pen = canvas.getContext("2d");
    pen.drawImage(picture, 0, 0);
    const line = pen.getImageData(picture.width / 2, 0, 1, picture.height).data;
    const met = new Set();
    for (let at = 0; at < line.length; at += 4) met.add(line.slice(at, at + 3).join());
    return [picture.width, picture.height, met.size];
}"""


def opened(owner: Owner, **options: object) -> Page:
    page = owner.open(PAGE, **options)
    expect(page.locator(".chart svg")).to_have_count(2)
    return page


@pytest.mark.parametrize(("name", "least"), [("de la courbe", 320), ("du nombre d’avis", 224)])
def test_a_chart_is_copied_as_a_picture_with_its_title(owner: Owner, name: str, least: int) -> None:
    page = opened(owner, permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name=f"Copier l’image {name}").click()
    expect(page.get_by_text("Image copiée")).to_be_visible()
    wide, high, colours = page.evaluate(COPIED)
    chart = page.locator(".chart").first.bounding_box()
    assert chart is not None
    assert wide >= 2 * chart["width"]
    assert high >= 2 * (least + 28 + 20), "the title and what it is about stand above the drawing"
    assert colours > 5


def test_a_browser_that_cannot_copy_pictures_downloads_them(owner: Owner, tmp_path: Path) -> None:
    page = opened(owner)
    page.evaluate("delete window.ClipboardItem")
    with page.expect_download() as started:
        page.get_by_role("button", name="Copier l’image de la courbe").click()
    expect(page.get_by_text("Image téléchargée")).to_be_visible()
    started.value.save_as(tmp_path / "copied.png")
    with page.expect_download() as started:
        page.get_by_role("button", name="Télécharger l’image de la courbe").click()
    assert started.value.suggested_filename.startswith("passeport-courbe-20")
    started.value.save_as(tmp_path / "kept.png")
    kept = (tmp_path / "kept.png").read_bytes()
    assert kept.startswith(b"\x89PNG")
    assert struct.unpack(">I", kept[16:20])[0] > 1000
    assert kept == (tmp_path / "copied.png").read_bytes()


def test_the_picture_says_what_is_filtered(owner: Owner) -> None:
    about = opened(owner).locator("#courbe").get_attribute("data-about")
    assert about is not None
    assert about.startswith("Demander un passeport, du ")
    assert about.endswith(" (langue : Français)")


def test_without_javascript_there_are_figures_and_files_and_no_dead_button(owner: Owner) -> None:
    page = owner.open(PAGE, scripts=False)
    expect(page.locator("#evolution-table")).to_be_visible()
    assert page.locator("[data-image]:visible, [data-print]:visible, .chart:visible").count() == 0
    with page.expect_download() as started:
        page.get_by_role("link", name="Télécharger (CSV) les données de l’évolution").click()
    assert started.value.suggested_filename.startswith("passeport-evolution-20")
    assert "Français" in Path(started.value.path()).read_text("utf-8-sig")


def test_on_paper_charts_and_tables_are_whole_on_white(owner: Owner) -> None:
    page = opened(owner, color_scheme="dark")
    page.evaluate("""() => {
        addEventListener("beforeprint", () => {
            window.printed = [...document.querySelectorAll(".chart svg")].map(svg => svg.getAttribute("width"));
            window.unfolded = document.querySelector("[data-folds]").open;
        });
    }""")
    before = page.locator(".chart svg").first.get_attribute("width")
    page.pdf(format="A4")
    assert page.evaluate("window.unfolded")
    assert page.evaluate("window.printed") == ["640", "640"]
    expect(page.locator(".chart svg").first).to_have_attribute("width", before or "")
    expect(page.locator("#evolution-table")).to_be_hidden()

    page.set_viewport_size({"width": A4, "height": 900})
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("document.documentElement.scrollWidth") <= A4
    for hidden in (".top", ".period.days", ".choices", "[data-image]", "[data-print]", ".foot", "a[download]"):
        assert page.locator(f"{hidden}:visible").count() == 0, hidden
    expect(page.get_by_text("Filtres, langue : Français.")).to_be_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    ink = page.evaluate("getComputedStyle(document.body).color")
    assert sum(map(int, ink.removeprefix("rgb(").removesuffix(")").split(","))) < 200, "dark on white"
