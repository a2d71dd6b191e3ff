"""The rungs of the ladder by which minutes count: from one to all."""

from enum import StrEnum


class Rung(StrEnum):
    """How many held a view, fewest first."""

    ONE = "one"
    COUPLE = "couple"
    FEW = "few"
    SOME = "some"
    SEVERAL = "several"
    MANY = "many"
    MOST = "most"  # most, a majority
    ALMOST_ALL = "almost_all"  # almost all, all but one or a few
    ALL = "all"
