"""An owner's own questions: the check of what was answered to them, and how it is counted. Pure.

They stand beside the national questionnaire and touch none of its figures. What a citizen saw is what is checked: the
questions of the version that the answers name.
"""

from collections.abc import Iterator, Sequence

from collector.errors import FieldError, InvalidAnswers
from collector.forms.texts import broken
from collector.schema import OWN_NAMES, Answers, OwnAnswer, OwnName, OwnQuestion, Review, SatisfactionAnswers

LONGEST_TEXT = 250
ANSWERED = ""
"""Under which every answered question is counted once, whatever was chosen."""


def own_answers(answers: Answers) -> dict[OwnName, OwnAnswer]:
    """What was answered to own questions; a browser's empty text or list is no answer."""
    if not isinstance(answers, SatisfactionAnswers):
        return {}
    if answers.question_1 is answers.question_2 is answers.question_3 is None:
        return {}
    return {name: said for name in OWN_NAMES if (said := getattr(answers, name)) not in (None, "", [])}


def check(questions: Sequence[OwnQuestion], said: dict[OwnName, OwnAnswer]) -> None:
    """Raises InvalidAnswers with one entry for each broken rule."""
    asked = dict(zip(OWN_NAMES, questions, strict=False))
    errors = [error for name, answer in said.items() for error in _broken(name, asked.get(name), answer)]
    if errors:
        raise InvalidAnswers(errors=errors)


def _broken(name: OwnName, asked: OwnQuestion | None, answer: OwnAnswer) -> Iterator[FieldError]:
    path = f"$.answers.{name}"
    if asked is None:
        yield FieldError(path, "not-asked", "Cette version du formulaire ne pose pas cette question.")
    elif not isinstance(answer, _SHAPES[asked.kind]):
        yield FieldError(path, "wrong-type", "Le type de cette valeur n'est pas celui attendu.")
    elif asked.kind == "text":
        yield from broken(path, str(answer), LONGEST_TEXT)
    elif isinstance(answer, list):
        yield from _not_offered(asked, {f"{path}[{n}]": code for n, code in enumerate(answer)})
        if len(set(answer)) != len(answer):
            yield FieldError(path, "duplicate", "Chaque réponse ne se coche qu'une fois.")
    elif isinstance(answer, str):
        yield from _not_offered(asked, {path: answer})


_SHAPES: dict[str, type] = {"single": str, "multiple": list, "scale": int, "text": str}


def _not_offered(asked: OwnQuestion, codes: dict[str, str]) -> Iterator[FieldError]:
    for path, code in codes.items():
        if code not in asked.codes:
            yield FieldError(path, "unknown-code", "Ce code n'est pas une réponse possible.")


def counts_of_own(review: Review) -> dict[str, int]:
    """What a review adds to its day, by `question_1:code`. What is set aside adds nothing."""
    if review.aside or not (review.own_answers or review.own_texts):
        return {}
    chosen = {name: answer if isinstance(answer, list) else [answer] for name, answer in review.own_answers.items()}
    found = {f"{name}:{code}": 1 for name, codes in chosen.items() for code in codes}
    return found | {f"{name}:{ANSWERED}": 1 for name in (*review.own_answers, *review.own_texts)}
