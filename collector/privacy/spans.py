"""Spans of personal data and how overlapping ones are settled."""

from collections.abc import Iterable

Span = tuple[int, int, str]

# When two detectors claim the same characters the surer kind names the mask; what is masked is their union.
SURE = "EMAIL URL IBAN NIR CARD PHONE IP PLATE ADDRESS DOB PASSWORD ID_NUMBER USERNAME NAME".split()
RANK = {kind: rank for rank, kind in enumerate(SURE)}


def settle(spans: Iterable[Span]) -> list[Span]:
    """Sorted spans without overlap: a leak is worse than a mask one word too wide, so overlaps are joined."""
    settled: list[Span] = []
    for start, end, kind in sorted(spans):
        if settled and start < settled[-1][1]:
            first, last, other = settled[-1]
            best = min(kind, other, key=RANK.__getitem__)
            settled[-1] = (first, max(last, end), best)
        else:
            settled.append((start, end, kind))
    return settled


def outside(spans: Iterable[Span], text: str, barrier: str) -> list[Span]:
    """The same spans without what is already masked: a mask is never masked again, so reading twice comes to an end."""
    kept: list[Span] = []
    for start, end, kind in spans:
        at = start
        for piece in text[start:end].split(barrier):
            if any(map(str.isalnum, piece)):
                kept.append((at, at + len(piece), kind))
            at += len(piece) + 1
    return kept
