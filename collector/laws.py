"""The negative binomial law: counts that vary more than pure chance would, as those of visitors do. Pure."""

from math import exp, log


def at_most(number: int, mean: float, size: float) -> float:
    """How often so many or fewer come where `mean` are usual. The smaller `size`, the more counts vary."""
    part = mean / (size + mean)
    term = exp(size * log(size / (size + mean)))
    found = term
    for n in range(number):
        term *= (n + size) / (n + 1) * part
        found += term
    return min(1.0, found)


def at_least(number: int, mean: float, size: float) -> float:
    """How often so many or more come."""
    return 1 - at_most(number - 1, mean, size) if number > 0 else 1.0
