"""The submission as the peers decode it: the same fields and checks, in one Struct."""

from uuid import UUID

from msgspec import Struct

from collector.schema import SatisfactionAnswers


class Body(Struct, forbid_unknown_fields=True):
    id: UUID
    key: str
    answers: SatisfactionAnswers
    lang: str = "fr"
    page: str | None = None
