"""What reviews answer to an owner's own questions, in the words of the version that each of them was asked."""

from collections.abc import Iterable

from collector.schema import Adjustments, Procedure, Review
from collector.storage import Storage
from embed.trial import Line, own_lines


async def own_answers(storage: Storage, procedure: Procedure, reviews: Iterable[Review]) -> dict[str, list[Line]]:
    """By public identifier, of those that answer any. Versions are looked up only where there is something to say."""
    answering = [one for one in reviews if one.own_answers or one.own_texts]
    asked = {
        number: await storage.forms.published(procedure, number) or Adjustments()
        for number in {one.form_version for one in answering}
    }
    return {one.public_id: list(own_lines(one, asked[one.form_version].questions)) for one in answering}
