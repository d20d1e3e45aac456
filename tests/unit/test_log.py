"""A log line holds keys of a list, and a log that cannot be written costs nothing but itself."""

import io
import json
import sys
from pathlib import Path

import pytest
import structlog
from typing_extensions import override

from collector.log import configure
from collector.settings import load


@pytest.fixture(autouse=True)
def configured(tmp_path: Path) -> None:
    configure(load({"AVIS_DATA": str(tmp_path), "AVIS_SECRET_KEYS": "k" * 32}))


def test_only_listed_keys_leave(capsys: pytest.CaptureFixture[str]) -> None:
    structlog.get_logger("avis").error("batch-not-written", reviews=2, verbatim="secret", ip="203.0.113.7")
    line = json.loads(capsys.readouterr().err)
    assert line.pop("timestamp")
    assert line == {"event": "batch-not-written", "level": "error", "reviews": 2}


def test_a_trace_names_places_and_no_values(capsys: pytest.CaptureFixture[str]) -> None:
    secret = "alice@exemple.fr"
    try:
        int(secret)
    except ValueError:
        structlog.get_logger("avis").exception("request-crashed")
    written = capsys.readouterr().err
    assert secret not in written
    kind, place = json.loads(written)["exception"]
    assert kind == "ValueError"
    assert place.startswith("unit/test_log.py:") or "test_log.py:" in place


def test_a_closed_or_full_standard_error_raises_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    class Full(io.StringIO):
        @override
        def write(self, _text: str) -> int:
            raise OSError(28, "No space left on device")

    closed = io.StringIO()
    closed.close()
    for stream in (Full(), closed):
        monkeypatch.setattr(sys, "stderr", stream)
        structlog.get_logger("avis").error("batch-not-written")
