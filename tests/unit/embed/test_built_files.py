"""Goals that a larger file breaks, and what is said when there is no file."""

import shutil
import subprocess
from pathlib import Path
from uuid import UUID

import pytest

from collector.errors import SettingsError
from embed import assets
from embed.form_page import FormState, Frame, render
from embed.language import languages
from tests.services import absent
from tests.unit.embed.conftest import MAIRIE, target

LOADER = 1_300
EXTRA = 1_450
ALL = 5_000

COMPRESS = """
const { brotliCompressSync, constants } = require("node:zlib");
const chunks = [];
process.stdin.on("data", (chunk) => chunks.push(chunk)).on("end", () => {
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11 };
  console.log(brotliCompressSync(Buffer.concat(chunks), { params }).length);
});
"""


def brotli(body: bytes) -> int:
    """Bytes on the wire at quality 11, counted by Node: Python's library has no Brotli."""
    ours = Path(__file__).parents[3] / ".venv" / "node-bin" / "node"
    node = str(ours) if ours.exists() else shutil.which("node")
    if node is None:
        absent("Node", "make setup brings it")
    done = subprocess.run([node, "-e", COMPRESS], input=body, capture_output=True, check=True)
    return int(done.stdout)


@pytest.fixture
def built() -> assets.Assets:
    if not assets.DIST.exists():
        absent("widget/dist", "make setup builds it")
    return assets.read(assets.DIST)


def test_the_loader_stays_within_its_bytes(built: assets.Assets) -> None:
    assert brotli(built.loader) <= LOADER


def test_what_some_snippets_add_stays_small(built: assets.Assets) -> None:
    assert brotli(built.extra) <= EXTRA


# The same form is some bytes longer or shorter with another title and another id.
@pytest.mark.parametrize(
    ("title", "id"),
    [
        ("Demander un passeport", "8b3a4e62-4f5c-4c6e-9f0a-0d8f0b1c2d3e"),
        ("Carte de pêche", "0f9c7a51-22b4-4d8e-a1c3-77e0d9b6f412"),
        ("Déclarer ses impôts", "c2d41b97-e3a8-4f06-9b5d-18f7a6034ec9"),
    ],
)
@pytest.mark.parametrize("form", ["satisfaction", "malfunction"])
def test_everything_up_to_a_usable_form_stays_within_its_bytes(
    built: assets.Assets, form: str, title: str, id: str
) -> None:
    shown = target(form, contact=True, title=title)  # type: ignore[arg-type]  # one of the two forms
    state = FormState(id=UUID(id), step="satisfaction", live=True)
    page = render(shown, languages()["fr"], state, Frame(embed=True, hosts=(MAIRIE,)), built)
    assert brotli(built.loader) + brotli(page.encode()) <= ALL


def test_no_built_file_carries_a_name_that_blockers_hide(built: assets.Assets) -> None:
    for text in (built.loader.decode(), built.extra.decode(), built.script, built.style["auto"]):
        assert not any(name in text for name in ("feedback", "/t/", "track"))


def test_nothing_is_stored_and_nothing_is_made_from_text(built: assets.Assets) -> None:
    forbidden = (
        "cookie",
        "localStorage",
        "sessionStorage",
        "indexedDB",
        "innerHTML",
        "eval(",
        "Function(",
        "userAgent",
    )
    for text in (built.loader.decode(), built.extra.decode(), built.script):
        assert not [word for word in forbidden if word in text]


def test_each_theme_is_a_sheet_of_its_own_with_its_own_hash(built: assets.Assets) -> None:
    for theme, scheme in (("auto", "light dark"), ("dark", "dark"), ("light", "light")):
        assert f"{{color-scheme:{scheme};" in built.style[theme]  # type: ignore[index]  # the three themes
    assert len(set(built.style_source.values())) == 3


@pytest.mark.parametrize(
    ("scheme", "theme"),
    [
        (None, "auto"),
        ("light dark", "auto"),
        ("dark", "dark"),
        ("only dark", "dark"),
        ("normal", "light"),
        ("x", "light"),
    ],
)
def test_the_theme_follows_the_hosts_color_scheme(scheme: str | None, theme: str) -> None:
    assert assets.theme_of(scheme) == theme


def test_files_that_were_not_built_are_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="make setup") as missing:
        assets.read(tmp_path)
    assert "v1.js" in missing.value.message


def test_every_released_script_is_still_what_its_name_says(built: assets.Assets) -> None:
    released = sorted(assets.RELEASED.glob("*"))
    assert released
    for file in released:
        assert file.name in {assets.pinned(file.read_bytes()), assets.pinned(file.read_bytes(), "v1-extra")}
        assert built.scripts[file.name] == file.read_bytes()


def test_a_released_script_that_was_changed_stops_the_start(built: assets.Assets, tmp_path: Path) -> None:
    (tmp_path / assets.pinned(b"before")).write_bytes(b"after")
    with pytest.raises(SettingsError, match="publication"):
        assets.read(assets.DIST, tmp_path)
