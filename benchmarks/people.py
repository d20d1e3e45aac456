# ruff: noqa: E501 - the sentences of a comment are kept whole.
"""Who sends to the abuse benchmark: honest people of one day, and robots of several kinds. Drawn from a fixed seed."""

import random
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from msgspec import Struct

OPENING, HOURS = 9, 8
# How busy each hour of the day is, from nine to five: people answer at eleven and at the end of their lunch.
_HOURS = (2, 3, 4, 3, 4, 3, 3, 2)

_OPENINGS = ("", "", "Bonjour, ", "Franchement, ", "Globalement, ", "Pour moi, ", "À mon avis, ", "Comme d'habitude, ")
_SUBJECTS = ("la photo", "le paiement", "la prise de rendez-vous", "le justificatif de domicile", "la page trois", "l'attestation", "le code reçu par SMS", "la signature", "le récapitulatif", "le formulaire")  # fmt: skip
_FACTS = ("est simple à comprendre", "a été refusée deux fois", "ne passe pas sur mon téléphone", "prend beaucoup trop de temps", "marche très bien", "demande des papiers que j'ai déjà donnés", "m'a fait perdre ma saisie", "était plus rapide que prévu", "n'est pas expliquée")  # fmt: skip
_ENDS = (".", ", merci.", ", dommage.", " mais la personne au téléphone a été parfaite.", " et j'ai dû revenir le lendemain.", ", à revoir pour les personnes âgées.", " alors que c'était mieux avant.", " !")  # fmt: skip
_STALLED, _PASTED = 0.02, 0.03
"""On a bad network the first answer waits and all others follow at once; some bring a text that they had ready."""
_COMMON = ("RAS", "Très bien", "Merci", "très bien, rien à signaler", "Démarche simple et rapide", "Simple, efficace", "Trop long", "Parfait")  # fmt: skip
SAME = "Service lamentable, ne perdez pas votre temps avec cette démarche, tout est à refaire."

Answers = dict[str, Any]


class Sent(Struct, frozen=True, order=True):
    """One request: `second` since the opening, then who and what."""

    second: float
    id: UUID
    address: str
    answers: Answers
    robot: bool = False


def honest(chance: random.Random, people: int, addresses: int) -> Iterator[Sent]:
    """`people` over the day behind so many addresses, each in the steps of our form, at the pace of somebody reading."""
    for _ in range(people):
        second = 3600 * (chance.choices(range(HOURS), _HOURS)[0] + chance.random())
        address, mine = _address(chance.randrange(addresses), 198), UUID(int=chance.getrandbits(128), version=4)
        answers: Answers = {"satisfaction": chance.choices(("good", "medium", "bad"), (60, 25, 15))[0]}
        steps = list(_steps(chance))
        if chance.random() < _STALLED:
            second += 60
            yield Sent(second, mine, address, answers)
            for step in steps:
                answers = {**answers, **step}
            yield Sent(second + 0.2, mine, address, answers)
            continue
        yield Sent(second, mine, address, answers)
        for step in steps:
            second += 1 if "verbatim" in step and chance.random() < _PASTED else chance.uniform(4, 45)
            answers = {**answers, **step}
            yield Sent(second, mine, address, answers)


def _steps(chance: random.Random) -> Iterator[Answers]:
    """Many leave after the first answer, and after each step."""
    if chance.random() < 0.3:
        return
    yield {"comprehension": chance.choices(range(1, 6), (1, 1, 2, 4, 4))[0]}
    if chance.random() < 0.2:
        return
    yield {"contact_tried": ["none"] if chance.random() < 0.6 else [chance.choice(("phone", "email", "counter"))]}
    if chance.random() < 0.6:
        yield {"verbatim": comment(chance)}


def comment(chance: random.Random) -> str:
    if chance.random() < 0.25:
        return chance.choice(_COMMON)
    sentences = chance.choice((1, 1, 2, 3))
    return " ".join(
        chance.choice(_OPENINGS) + chance.choice(_SUBJECTS) + " " + chance.choice(_FACTS) + chance.choice(_ENDS)
        for _ in range(sentences)
    )


# ---- Robots. All of them imitate a browser's headers: leaving them out is the first thing that a beginner corrects.


_LATER = {"steps": 3.0, "hasty": 0.2}
"""After how many seconds a robot completes its opinion."""


def flood(chance: random.Random, kind: str, *, start: float, seconds: float, rate: float, addresses: int) -> Iterator[Sent]:  # fmt: skip
    """Requests at an even rate. `steps` completes each opinion three seconds later, so it sends half as many.

    `hasty` does so at once.
    """
    halved = 2 if kind in _LATER else 1
    for n in range(int(seconds * rate / halved)):
        yield from _robot(chance, kind, start + n * halved / rate, addresses)


def ramp(chance: random.Random, *, start: float, doubling: float, rate: float, hold: float, addresses: int) -> Iterator[Sent]:  # fmt: skip
    """Without a text, from one in twenty seconds, twice as fast every `doubling` seconds, then `hold` at full rate."""
    second, now = 0.0, 0.05
    while now < rate:
        yield from _robot(chance, "silent", start + second, addresses)
        second += 1 / now
        now = 0.05 * 2 ** (second / doubling)
    yield from flood(chance, "silent", start=start + second, seconds=hold, rate=rate, addresses=addresses)


def _robot(chance: random.Random, kind: str, second: float, addresses: int) -> Iterator[Sent]:
    address, mine = _address(chance.randrange(addresses), 203), UUID(int=chance.getrandbits(128), version=4)
    answers: Answers = {"satisfaction": "bad"}
    if kind == "same-text":
        answers["verbatim"] = SAME
    if kind == "templates":
        answers["verbatim"] = " ".join(chance.sample((*_SUBJECTS, *_FACTS), 4))
    yield Sent(second, mine, address, answers, robot=True)
    if kind in _LATER:
        answers = {**answers, "comprehension": chance.randint(1, 2), "verbatim": comment(chance)}
        yield Sent(second + _LATER[kind], mine, address, answers, robot=True)


def _address(number: int, first: int) -> str:
    """Scattered: no two robots share a neighbourhood."""
    return f"{first}.{number % 250}.{number // 250}.{7 + number % 200}"
