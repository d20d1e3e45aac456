"""A name that the rules left over, masked by who found it: overwritten where it was stored, and nowhere copied."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from collector.privacy.by_hand import mask_words, quoted, seen_in, words_of
from collector.privacy.masking import Finding
from collector.privacy.texts import Field, texts_of, with_texts
from collector.schema import Procedure, Review
from collector.storage import Storage
from collector.storage.amend import Amended


async def mask(
    storage: Storage,
    procedure: Procedure,
    seq: int,
    chosen: Mapping[Field, Collection[int]],
    *,
    passage: str = "",
    kind: str,
    looked_at: str,
    by: str,
) -> list[Finding] | None:
    """Mask the words of these numbers, and say what that hid. None when the texts are no longer those `looked_at`.

    What colleagues wrote about the review may quote it: the same words are masked there, and so is `passage`, which may
    stand there alone. A review that is masked is closed to its citizen's browser, which could send the name again.
    """
    looked: list[Review] = []
    findings: list[tuple[str, Finding]] = []
    quotes = {passage}

    def hide(review: Review) -> Review:
        if seen_in(review) != looked_at:
            return review
        looked.append(review)
        hidden = {field: mask_words(text, chosen.get(field, ()), kind) for field, text in texts_of(review).items()}
        quotes.update(*(quoted(text, chosen.get(field, ())) for field, text in texts_of(review).items()))
        findings.extend((field, finding) for field, masked in hidden.items() for finding in masked.findings)
        return with_texts(review, {field: masked.text for field, masked in hidden.items()})

    async def tell(connection: Any, _amended: Sequence[Amended]) -> None:
        for review in looked:
            hidden = await _mask_notes(storage, connection, procedure, seq, quotes, kind)
            findings.extend(("note", finding) for finding in hidden)
            for field, finding in findings:
                await storage.journal.append(
                    connection,
                    by=by,
                    act="review.mask",
                    subject=f"{procedure.slug}/{review.public_id}",
                    details={"field": field, "kind": finding.kind, "length": finding.length},
                )

    await storage.amendments.amend([(procedure.id, seq)], hide, along=tell, close=True)
    if not looked:
        return None
    await storage.scrub()
    return [finding for _, finding in findings]


async def _mask_notes(
    storage: Storage, connection: Any, procedure: Procedure, seq: int, quotes: set[str], kind: str
) -> list[Finding]:
    """Also in those that were taken out and can still be put back."""
    found: list[Finding] = []
    for note in await storage.remarks.notes_of(connection, procedure, seq):
        masked = mask_words(note.words, set[int]().union(*(words_of(note.words, quote) for quote in quotes)), kind)
        if masked.findings and await storage.remarks.rewrite(connection, note, masked):
            found.extend(masked.findings)
    return found
