# ruff: noqa: E501 - a pattern or a list of words cut into lines is harder to read and to compare.
"""Labelled comments of our own, written as text with inline marks: "je suis {NAME:Karim Benali}".

`{?TYPE:…}` marks what may be masked or not, `⏎` a line break, `\\uXXXX` an invisible character. The first character of a line
says what the comment tests: `+` personal data, `!` a hard negative, `-` a plain comment. A fixed seed splits them in two
halves: rules are tuned on one and only aggregate figures of the other are looked at.
"""

import json
import random
import re
import sys
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "corpus"
MARK = re.compile(r"\{(\??)([A-Z_]+):([^{}]*)\}")
ESCAPE = re.compile(r"\\u([0-9a-f]{4})")
NOTES = {"+": "pii: own", "!": "hard negative: own", "-": "negative: own"}
SEED = 20260311


@dataclass(frozen=True)
class Comment:
    id: str
    note: str
    text: str
    spans: tuple[tuple[int, int, str, bool], ...]

    def record(self) -> dict[str, object]:
        """As the development corpus writes it."""
        spans = [{"start": s, "end": e, "type": kind, "optional": optional} for s, e, kind, optional in self.spans]
        return {"id": self.id, "note": self.note, "text": self.text, "spans": spans}


def parse(name: str, line: str) -> Comment:
    body = ESCAPE.sub(lambda m: chr(int(m.group(1), 16)), line[2:].replace("⏎", "\n"))
    text, spans, last = "", [], 0
    for mark in MARK.finditer(body):
        text += body[last : mark.start()]
        spans.append((len(text), len(text) + len(mark.group(3)), mark.group(2), bool(mark.group(1))))
        text += mark.group(3)
        last = mark.end()
    return Comment(name, NOTES[line[0]], text + body[last:], tuple(spans))


def load() -> list[Comment]:
    """Every comment, in the order of the files."""
    comments = []
    for path in sorted(FOLDER.glob("*.txt")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if line[:2] in ("+ ", "! ", "- "):
                comments.append(parse(f"{path.stem}:{number}", line))
    return comments


def halves() -> tuple[list[Comment], list[Comment]]:
    """(tuning, validation): each comment falls on one side for good, whatever is added to the files later.

    Files named seen_* were written with the answers on the screen, so they only ever count as tuning.
    """
    tuning: list[Comment] = []
    validation: list[Comment] = []
    for comment in load():
        seen = comment.id.startswith("seen_")
        draw = random.Random(f"{SEED}:{comment.text}").random()  # noqa: S311 - a split, no secret
        (tuning if seen or draw < 0.5 else validation).append(comment)
    return tuning, validation


if __name__ == "__main__":
    chosen = dict(zip(("tuning", "validation"), halves(), strict=True))[sys.argv[1]]
    for comment in chosen:
        sys.stdout.write(json.dumps(comment.record(), ensure_ascii=False) + "\n")
