"""An outage is said twice, however often somebody tried meanwhile."""

from structlog.testing import capture_logs

from collector.errors import StorageUnavailable
from collector.outage import Outage


def test_an_outage_is_said_when_it_begins_and_when_it_is_over() -> None:
    now = iter((100.0, 163.0, 200.0, 201.0))
    with capture_logs() as said:
        outage = Outage("avis.indexing", "not-indexed", "indexed-again", lambda: next(now))
        outage.worked()
        for _ in range(60):
            outage.failed(StorageUnavailable(retry_after=5))
        outage.worked()
        outage.worked()
    assert said == [
        {"event": "not-indexed", "cause": "StorageUnavailable", "log_level": "warning"},
        {"event": "indexed-again", "seconds": 63, "log_level": "warning"},
    ]


def test_the_next_outage_is_another_one() -> None:
    with capture_logs() as said:
        outage = Outage("avis.indexing", "not-indexed", "indexed-again")
        for _ in range(2):
            outage.failed(StorageUnavailable(retry_after=5))
            outage.worked()
    assert [line["event"] for line in said] == ["not-indexed", "indexed-again"] * 2


def test_what_is_said_is_the_cause_and_not_our_name_for_it() -> None:
    error = StorageUnavailable(retry_after=5)
    error.__cause__ = ConnectionResetError()
    with capture_logs() as said:
        Outage("avis.indexing", "not-indexed", "indexed-again").failed(error)
    assert said[0]["cause"] == "ConnectionResetError"
