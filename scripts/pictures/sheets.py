"""Contact sheets: many small pictures in one file, so that a gallery of two hundred stays small."""

from base64 import b64encode

from markupsafe import escape
from msgspec import Struct
from playwright.sync_api import Page

from scripts.pictures.camera import Camera, keep

_STYLE = """
    body { margin: 0; padding: 20px; background: #d8d8d8; font: 15px/1.3 system-ui; width: max-content }
    main { display: grid; gap: 20px; align-items: start }
    figure { margin: 0 }
    figcaption { padding-bottom: 6px }
    img { display: block; box-shadow: 0 1px 4px #0006 }
"""


class Shot(Struct, frozen=True):
    """One picture of a sheet (PNG)."""

    caption: str
    picture: bytes


def shot(caption: str, page: Page, *, whole: bool = True) -> Shot:
    """What the page shows now: all of it, or as much as its window holds."""
    return Shot(caption, page.screenshot(full_page=whole, animations="disabled"))


def sheet(camera: Camera, name: str, shots: list[Shot], *, columns: int, width: int) -> None:
    """Keep the pictures as one, each `width` pixels wide, `columns` in a row."""
    page = camera.at("about:blank", width=columns * (width + 20) + 20, height=100)
    grid = f"main {{ grid-template-columns: repeat({columns}, {width}px) }} img {{ width: {width}px }}"
    page.set_content(
        f"<!doctype html><meta charset=utf-8><style>{_STYLE}{grid}</style><main>{''.join(map(_figure, shots))}</main>",
        wait_until="load",
    )
    height = page.evaluate("document.documentElement.getBoundingClientRect().height")
    page.set_viewport_size({"width": columns * (width + 20) + 20, "height": round(height)})
    keep(name, page)
    page.context.close()


def _figure(shot: Shot) -> str:
    source = f"data:image/png;base64,{b64encode(shot.picture).decode()}"
    return f'<figure><figcaption>{escape(shot.caption)}</figcaption><img src="{source}"></figure>'
