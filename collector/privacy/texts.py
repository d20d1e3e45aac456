"""Where a review keeps what a citizen wrote."""

from typing import Literal, get_args

from collector.schema import Review

Field = Literal["verbatim", "contact_tried_other", "page"]
FIELDS: tuple[Field, ...] = get_args(Field)


def texts_of(review: Review) -> dict[Field, str]:
    return {field: text for field in FIELDS if (text := getattr(review, field))}
