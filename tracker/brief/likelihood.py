"""Words of likelihood and of confidence, kept apart.

Likelihood follows the seven steps of ICD 203 (Intelligence Community Directive 203, Analytic Standards, 2015,
section 6.e.2). A step holds its lower bound and not its upper one.
"""

from __future__ import annotations

STEPS: tuple[tuple[float, str], ...] = (
    (0.05, "almost no chance"),
    (0.20, "very unlikely"),
    (0.45, "unlikely"),
    (0.55, "roughly even chance"),
    (0.80, "likely"),
    (0.95, "very likely"),
)
HIGHEST = "almost certain"
WORDS: tuple[str, ...] = (*(word for _, word in STEPS), HIGHEST)


def likelihood(probability: float) -> str:
    """The word for a probability between 0 and 1. Raises ValueError outside.

    >>> [likelihood(p) for p in (0.03, 0.1, 0.2, 0.5, 0.7, 0.9, 0.97)][2:5]
    ['unlikely', 'roughly even chance', 'likely']
    """
    if not 0 <= probability <= 1:
        raise ValueError(f"probability {probability} is not between 0 and 1")
    # The printed figure has one decimal of a percent; the word must fit the figure that is read.
    return next((word for upper, word in STEPS if round(probability, 3) < upper), HIGHEST)


def percent(probability: float) -> str:
    """A probability as a percentage of at most one decimal.

    >>> percent(0.35), percent(0.005)
    ('35%', '0.5%')
    """
    return f"{round(probability * 100, 1):g}%"


def confidence(value: float) -> str:
    """How sure the ledger is of an event it read, in one word.

    >>> confidence(0.9), confidence(0.7), confidence(0.2)
    ('high', 'moderate', 'low')
    """
    return "high" if value >= 0.85 else "moderate" if value >= 0.6 else "low"
