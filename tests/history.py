"""Reviews of the past, written through the real write path; only their date is made up."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

import msgspec

from collector.privacy.anonymise import anonymise
from collector.schema import Answers, MalfunctionAnswers, Placement, Procedure, SatisfactionAnswers, Target
from collector.storage import Storage
from collector.storage.batch import Write

BATCH = 500


async def given(
    storage: Storage,
    procedure: Procedure,
    placement: Placement,
    moment: datetime,
    answers: Mapping[str, Any] = {"satisfaction": "good"},
    *,
    times: int = 1,
    page: str | None = None,
) -> None:
    """The same opinion, by so many people at that moment."""
    kind: type[Answers] = SatisfactionAnswers if placement.form == "satisfaction" else MalfunctionAnswers
    said = msgspec.convert(dict(answers), kind)
    found = await storage.intake.target(placement.key)
    directory = found[1] if found else 0
    target = Target(procedure, placement)
    writes = [Write(anonymise(uuid4(), target, "fr", page, said, moment), directory) for _ in range(times)]
    for start in range(0, times, BATCH):
        outcomes = await storage.intake.commit(writes[start : start + BATCH])
        assert set(outcomes) <= {"created"}
