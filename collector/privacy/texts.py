"""Where a review keeps what a citizen wrote."""

from collections.abc import Mapping
from typing import Literal, get_args

from msgspec import structs

from collector.schema import OWN_NAMES, OwnName, Review

_Plain = Literal["verbatim", "contact_tried_other", "page"]
_PLAIN: tuple[_Plain, ...] = get_args(_Plain)
Field = _Plain | OwnName
FIELDS: tuple[Field, ...] = (*_PLAIN, *OWN_NAMES)


def texts_of(review: Review) -> dict[Field, str]:
    plain: dict[Field, str] = {field: text for field in _PLAIN if (text := getattr(review, field))}
    return plain | review.own_texts if review.own_texts else plain


def with_texts(review: Review, texts: Mapping[Field, str]) -> Review:
    """The review with these texts in the place of its own; one that is not named stays."""
    plain = {field: texts[field] for field in _PLAIN if field in texts}
    own = {name: texts.get(name, text) for name, text in review.own_texts.items()}
    return structs.replace(review, **plain, own_texts=own)


def without_texts(review: Review) -> Review:
    """The review without what was written of one's own accord: the page is where somebody was."""
    return structs.replace(review, verbatim=None, contact_tried_other=None, own_texts={})
