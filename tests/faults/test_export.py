"""The service is restarted while an export is pulled: the copy is complete, and no row is there twice."""

import json
import signal
import sqlite3
import subprocess
import time
from contextlib import closing
from pathlib import Path

from collector.storage import Storage
from tests.conftest import Passeport
from tests.service.test_exports import fill
from tests.serving import AVIS, Service, serving

REVIEWS = 8_000


async def test_a_pull_goes_on_by_itself_when_the_service_is_killed_and_comes_back(
    environ: dict[str, str], storage: Storage, passeport: Passeport, tmp_path: Path
) -> None:
    await fill(storage, passeport, REVIEWS)
    copy = tmp_path / "copy"
    with serving(environ, tmp_path / "log") as service:
        pulling = start_pull(service, environ["AVIS_BASE_URL"], copy)
        cut_at = wait_for_a_page(copy / "copy.db", pulling)
        service.stop(signal.SIGKILL)
        service.start()
        said, _ = pulling.communicate(timeout=90)
    assert pulling.returncode == 0
    assert 0 < cut_at < REVIEWS, "it was cut on the way"
    assert json.loads(said)["total"] == REVIEWS
    rows = [json.loads(line)["id"] for line in (copy / "reviews.ndjson").read_text().splitlines()]
    assert len(rows) == len(set(rows)) == REVIEWS


def start_pull(service: Service, base_url: str, copy: Path) -> "subprocess.Popen[str]":
    made = service.run("link", "create", "--procedure", "passeport", "--content", "reviews", "--format", "ndjson")
    return subprocess.Popen(
        [AVIS, "pull", made["url"].replace(base_url, service.url), "--into", copy, "--json"],
        env=service.environ,
        stdout=subprocess.PIPE,
        text=True,
    )


def wait_for_a_page(copy: Path, pulling: "subprocess.Popen[str]") -> int:
    """How many rows there are as soon as there are some."""
    deadline = time.monotonic() + 60
    while pulling.poll() is None and time.monotonic() < deadline:
        if copy.exists():
            with closing(sqlite3.connect(f"{copy.as_uri()}?mode=ro", uri=True)) as connection:
                try:
                    number: int = connection.execute("SELECT COUNT(*) FROM row").fetchone()[0]
                except sqlite3.OperationalError:
                    number = 0  # the table is not there yet
            if number:
                return number
        time.sleep(0.005)
    raise AssertionError("nothing came, or everything at once")
