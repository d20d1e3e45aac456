"""The quick way to write a line of a file says what the plain way says, whatever is in a review."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collector.exports.columns import REVIEWS
from collector.exports.files import row_writer
from collector.exports.lines import Lines
from collector.exports.links import FORMATS
from collector.exports.rows import cells_of
from collector.exports.scope import Scope
from collector.privacy.anonymise import anonymise
from collector.schema import SatisfactionAnswers, Target
from collector.storage import Storage
from collector.storage.batch import Write
from collector.storage.reviews import FIRST_DAY, Filter
from tests.conftest import MovableClock, found
from tests.service.test_counts import satisfaction_answers

texts = st.none() | st.text(
    st.sampled_from("ab =+-@,;\"'\n\r\té｜＝\\\u2028😀")
    | st.characters(exclude_categories=["Cs"], exclude_characters="\0"),
    min_size=1,
    max_size=12,
)
own = st.fixed_dictionaries({}, optional={"question_1": st.integers(1, 5), "question_2": st.just(["a", "c"])})
reviews = st.tuples(satisfaction_answers(), texts, texts, texts, texts, st.sampled_from(("fr", "ar")), own, texts)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=st.lists(reviews, min_size=1, max_size=6))
async def test_quick_lines_are_those_of_the_plain_way(
    storage: Storage, clock: MovableClock, said: list[tuple[dict[str, Any], Any, Any, Any, Any, str, Any, Any]]
) -> None:
    place = await found(storage, clock, f"demarche-{uuid4().hex}")
    target = Target(place.procedure, place.placement)
    _, directory = await storage.intake.target(place.key) or (None, 0)
    for answers, verbatim, other, page, context, lang, chosen, written in said:
        given_answers = msgspec.convert(answers, SatisfactionAnswers)
        review = anonymise(uuid4(), target, lang, None, given_answers, datetime(2026, 3, 12, 9, 5, tzinfo=UTC))
        # As they are: what masking and the owner's list leave of them is tested elsewhere.
        texts = {"verbatim": verbatim, "contact_tried_other": other, "page": page, "context": context}
        asked = {"own_answers": chosen, "own_texts": {"question_3": written} if written else {}}
        await storage.intake.commit([Write(msgspec.structs.replace(review, **texts, **asked), directory)])
    last = await storage.reviews.last_seq()
    there = await storage.reviews.in_order(place.procedure.id, after=(FIRST_DAY, 0), last=last, to_day=None, number=9)
    scope = Scope({place.procedure.id: place.procedure}, {place.placement.id: place.placement})
    listed = await storage.reviews.before(place.procedure, Filter())
    plain = [cells_of(each.review, scope) for each in reversed(listed)]
    assert len(plain) == len(said)
    for kind in FORMATS:
        write = row_writer(kind, REVIEWS)
        assert Lines(kind, scope.placements).of(place.procedure, there) == [write(row) for row in plain], kind
