"""What Lighthouse makes of the form's page, and of a host's page with and without the widget.

As it comes: a phone on a slow mobile network, simulated. Each figure is the median of three visits. Lighthouse is
180 MB of packages, so it is no part of `make dev`: it is installed from its own lock when it is first asked for.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from statistics import median

from playwright.sync_api import sync_playwright

from benchmarks import host
from benchmarks.figures import at_least, show
from tests.services import CHROMIUM_ARGUMENTS, chromium_executable
from tests.serving import serving

VISITS = 3
CATEGORIES = ("performance", "accessibility", "best-practices")
_PLACE = Path(sys.prefix) / "lighthouse"


def main() -> None:
    _install()
    with (
        tempfile.TemporaryDirectory(prefix="avis-bench-") as folder,
        host.site() as (origin, pages),
        serving({"AVIS_DATA": folder}, Path(folder) / "log") as service,
    ):
        made = service.run("procedure", "add", "--title", "Passeport", "--slug", "passeport", "--origin", origin)
        placement = made["placements"][0]
        pages["/bare"] = host.page()
        pages["/dialog"] = host.page(placement["snippet"])
        for category, score in _scores(f"{service.url}/avis/{placement['key']}?lang=fr").items():
            show(at_least(f"lighthouse.form.{category}", score, "points", 100))
        bare = _scores(f"{origin}/bare")
        for category, score in _scores(f"{origin}/dialog").items():
            unit = "points; the goal is the same page without the widget"
            show(at_least(f"lighthouse.host.{category}", score, unit, bare[category]))


def _install() -> None:
    """Once for each lock. Nothing that a package wants to run at its installation is run."""
    lock = Path(__file__).with_name("package-lock.json")
    # Copied last: it says that all is there.
    if (_PLACE / "done").is_file() and (_PLACE / "done").read_bytes() == lock.read_bytes():
        return
    _PLACE.mkdir(exist_ok=True)
    shutil.copy(lock.with_name("package.json"), _PLACE)
    shutil.copy(lock, _PLACE)
    command = ["npm", "ci", "--loglevel=error", "--ignore-scripts", "--no-audit", "--no-fund"]
    subprocess.run(command, check=True, cwd=_PLACE, env=_environment(), stdout=sys.stderr)
    shutil.copy(lock, _PLACE / "done")


def _scores(url: str) -> Mapping[str, float]:
    visits = [_visit(url) for _ in range(VISITS)]
    return {category: median(scores[category] for scores in visits) for category in CATEGORIES}


def _visit(url: str) -> dict[str, float]:
    """Points out of 100 by category."""
    command: list[str | Path] = [
        *("node", _PLACE / "node_modules" / "lighthouse" / "cli" / "index.js", url, "--output=json", "--quiet"),
        f"--only-categories={','.join(CATEGORIES)}",
        f"--chrome-flags={' '.join(('--headless=new', *CHROMIUM_ARGUMENTS))}",
    ]
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=_environment())
    report = json.loads(done.stdout)
    if error := report.get("runtimeError"):
        raise RuntimeError(f"Lighthouse could not look at {url}: {error['message']}")
    return {category: round(100 * report["categories"][category]["score"]) for category in CATEGORIES}


def _environment() -> dict[str, str]:
    """Node as find-node chose it, and the browser of the tests."""
    return {**os.environ, "PATH": f"{Path(sys.prefix) / 'node-bin'}:{os.environ['PATH']}", "CHROME_PATH": _chromium()}


def _chromium() -> str:
    if found := chromium_executable():
        return found
    with sync_playwright() as playwright:
        return playwright.chromium.executable_path
