"""Who an insider is to the issuer."""

import re
from collections.abc import Sequence

from bot.facts import ROLES
from bot.insider.filing import Filing, Owner

_CHIEF_EXECUTIVE = re.compile(r"\bceo\b|\bc\.e\.o\b|\bchief exec", re.IGNORECASE)
_CHIEF_FINANCIAL = re.compile(r"\bcfo\b|\bc\.f\.o\b|\bchief fin", re.IGNORECASE)
_SEE_REMARKS = re.compile(r"\bsee\b.{0,20}\b(?:remark|footnote|below|explanation)", re.IGNORECASE)
_TITLE_PREFIX = re.compile(r"^(?:officer )?titles?\s*[:\-–]\s*", re.IGNORECASE)
_LONGEST_TITLE = 120


def role_of(owner: Owner, title: str | None) -> str:
    """The first role that holds; a title refines an officer and promotes nobody else.

    "Director" holds the letters "cto", and ten percent owners may carry any title: only whole words
    of an officer's title count.
    """
    if owner.is_officer and title and _CHIEF_EXECUTIVE.search(title):
        return "ceo"
    if owner.is_officer and title and _CHIEF_FINANCIAL.search(title):
        return "cfo"
    if owner.is_officer:
        return "officer"
    if owner.is_director:
        return "director"
    return "ten_percent_owner" if owner.is_ten_percent_owner else "other"


def title_of(owner: Owner, filing: Filing) -> str | None:
    """The title as filed, or from the remarks where the form only points to them."""
    title = owner.officer_title
    if title is None or not _SEE_REMARKS.search(title):
        return title
    remarks = _TITLE_PREFIX.sub("", filing.remarks or "").strip().rstrip(".")
    if 0 < len(remarks) <= _LONGEST_TITLE and len(filing.owners) == 1:
        return remarks
    return title


def leading_owner(filing: Filing) -> tuple[Owner, str, str | None]:
    """The owner of the first role, with role and title; where roles are equal, the first named."""
    candidates = [(owner, title_of(owner, filing)) for owner in filing.owners]
    ranked: Sequence[tuple[int, int]] = sorted(
        (ROLES.index(role_of(owner, title)), place)
        for place, (owner, title) in enumerate(candidates)
    )
    role, place = ranked[0]
    owner, title = candidates[place]
    return owner, ROLES[role], title
