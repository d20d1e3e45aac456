"""The built files, read once: their bytes, their hashes, and the names that carry them.

A loader's name holds its hash and never changes what it names, so an owner may pin it (SRI) and a browser may keep it
for ever. The form's style and script are not served at all: they travel inside the page, and the page's policy allows
exactly these bytes.
"""

from base64 import b64encode
from collections.abc import Mapping
from functools import cache
from hashlib import sha256, sha384
from pathlib import Path
from typing import Literal

from msgspec import Struct

import collector
from collector.errors import SettingsError

Theme = Literal["auto", "light", "dark"]

DIST = Path(collector.__file__).parent.parent / "widget" / "dist"
RELEASED = DIST.with_name("released")
"""Scripts that pages have pinned. They stay, byte for byte, for as long as a page may ask for them."""

_SCHEME = "color-scheme:light dark"


class Assets(Struct, frozen=True):
    loader: bytes
    loader_hash: str
    loader_integrity: str
    extra: bytes
    scripts: Mapping[str, bytes]
    script: str
    script_source: str
    kiosk: str
    kiosk_source: str
    trial: str
    trial_source: str
    style: Mapping[Theme, str]
    style_source: Mapping[Theme, str]

    @property
    def extra_path(self) -> str:
        return f"/widget/{pinned(self.extra, 'v1-extra')}"

    @property
    def loader_path(self) -> str:
        return f"/widget/{pinned(self.loader)}"


@cache
def built() -> Assets:
    """The files of this installation."""
    return read(DIST, RELEASED)


def read(folder: Path, released: Path = RELEASED) -> Assets:
    """Raises SettingsError when the files were not built."""
    try:
        loader = (folder / "v1.js").read_bytes()
        extra = (folder / "v1-extra.js").read_bytes()
        script = (folder / "form.js").read_text("utf-8").strip()
        kiosk = (folder / "kiosk.js").read_text("utf-8").strip()
        trial = (folder / "trial.js").read_text("utf-8").strip()
        style = (folder / "form.css").read_text("utf-8").strip()
    except OSError as error:
        raise SettingsError(
            f"{error.filename} manque : lancez « make setup », qui construit les fichiers du widget."
        ) from None
    if any("</" in text for text in (script, kiosk, trial, style)):
        raise SettingsError(f"{folder} : un fichier contient « </ » et ne peut pas être mis dans une page.")
    styles = _themes(style)
    return Assets(
        loader=loader,
        loader_hash=fingerprint(loader),
        loader_integrity=integrity(loader),
        extra=extra,
        scripts={**_released(released), pinned(loader): loader, pinned(extra, "v1-extra"): extra},
        script=script,
        script_source=_source(script),
        kiosk=kiosk,
        kiosk_source=_source(kiosk),
        trial=trial,
        trial_source=_source(trial),
        style=styles,
        style_source={theme: _source(text) for theme, text in styles.items()},
    )


def _released(folder: Path) -> dict[str, bytes]:
    """Raises SettingsError when a file is not what its name says: a browser that pinned it would refuse it."""
    files = {file.name: file.read_bytes() for file in folder.glob("v1*.js")}
    changed = [name for name, body in files.items() if name not in {pinned(body), pinned(body, "v1-extra")}]
    if changed:
        raise SettingsError(f"{folder} : {', '.join(changed)} a changé depuis sa publication.")
    return files


def pinned(body: bytes, name: str = "v1") -> str:
    return f"{name}.{fingerprint(body)}.js"


def integrity(body: bytes) -> str:
    return f"sha384-{b64encode(sha384(body).digest()).decode()}"


def theme_of(scheme: str | None) -> Theme:
    """The theme for a host's CSS `color-scheme`, as its widget sends it; without one, the citizen's own preference."""
    words = (scheme or "light dark").split()
    if "dark" not in words:
        return "light"
    return "auto" if "light" in words else "dark"


def _themes(style: str) -> dict[Theme, str]:
    """One sheet for each theme a host can force, until its script says what the theme has become."""
    if style.count(_SCHEME) != 1:
        raise SettingsError("widget/dist/form.css n'a pas ses deux thèmes : relancez « make setup ».")
    return {
        "auto": style,
        "light": style.replace(_SCHEME, "color-scheme:light"),
        "dark": style.replace(_SCHEME, "color-scheme:dark"),
    }


def _source(text: str) -> str:
    """How a Content-Security-Policy names exactly this inline text."""
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def fingerprint(body: bytes) -> str:
    return sha256(body).hexdigest()[:16]
