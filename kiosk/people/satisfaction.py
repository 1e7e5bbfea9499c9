"""好差评: how satisfied a citizen was, in the five words the offices count by."""

from __future__ import annotations

import enum


class Satisfaction(enum.StrEnum):
    """From the best to the worst, as the pages offer them."""

    VERY_SATISFIED = "very-satisfied"
    SATISFIED = "satisfied"
    FAIRLY_SATISFIED = "fairly-satisfied"
    DISSATISFIED = "dissatisfied"
    VERY_DISSATISFIED = "very-dissatisfied"
