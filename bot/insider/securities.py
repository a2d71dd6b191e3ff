"""What sort of security a title names: the common shares that people watch, or something else.

Titles are free text, cut at 60 characters.  The table a row stands in beats its title.
"""

import re

from bot.insider.filing import Table

_COMMON = re.compile(r"\b(?:common|ordinary)\b|\bamerican deposit[ao]ry sh|\badss?\b", re.I)
_PARTNERSHIP = re.compile(r"^\s*(?:(?:class \w )?common|depositary) units?\b(?!.*\bwarrant)", re.I)
"""The common or depositary units of a partnership are its common equity; a unit of a blank-cheque
company is a share and a part of a warrant."""

_OTHER = re.compile(
    r"\b(?:preferred|preference|units?|funds?|plans?|warrants?|notes?|debentures?|bonds?|options?"
    r"|rights?|earn-?out\w*|founders?['’]?s?|convertible|rsus?|psus?|phantom|swaps?)\b",
    re.I,
)

_BESIDE = re.compile(
    r"\(\s*(?:see|refer to)\b[^)]*\)?|\(\s*(?:foot)?notes? ?\d+[^)]*\)?|\bsee (?:foot)?notes?\b.*"
    r"|\b(?:and|with|including) (?:(?:the|its) )?(?:associated|attached|related|accompanying)"
    r" (?:(?:preferred|preference|common|series \w+|junior|participating|stock|shares?) )*"
    r"(?:purchase )?(?:rights?\b|(?<=purchase )r\w*$)",
    re.I,
)
"""A pointer to a note, and the rights of a shareholders' plan, which go with each share."""


def is_common(title: str | None, table: Table) -> bool | None:
    """Whether a row is of common or ordinary shares, or of ADS; None where the title does not tell.

    "Shares", "Class A" and the like tell nothing.  "(see note 1)" and "and associated rights"
    do not make common stock another thing.
    """
    if table is Table.DERIVATIVE:
        return False
    if title is None:
        return None
    title = _BESIDE.sub(" ", title)
    if _PARTNERSHIP.search(title):
        return True
    if _OTHER.search(title):
        return False
    return True if _COMMON.search(title) else None
