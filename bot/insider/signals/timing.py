"""When a filing came: in time or late, in the exchange's hours or outside of them.

Source: Form 4, General Instruction 1(b): before the end of the second business day after the trade;
Rule 16a-3(g): where the insider did not choose the day, after the deemed execution date.
"""

from collections.abc import Sequence
from datetime import date, datetime

from bot.calendar import NYSE, SEC
from bot.insider.filing import Line, read_day

BUSINESS_DAYS = 2
_SECTION_16 = date(1934, 6, 6)
"""The day of the Securities Exchange Act; what is dated before it is mistyped."""


def late(lines: Sequence[Line], *, form: str, filed_on: date | None) -> bool | None:
    """Whether rows of a trade came after their time: the filer marks one (timeliness L), or one
    was accepted more than two SEC business days after its day.

    filed_on: New York day of the acceptance, None where it is not known.  A row marked early (E) is
    not late.  None where days are not known, and, of rows without a mark, on any form but 4:
    Form 5 has another term, and an amendment tells again what may have been told in time.
    """
    if any(line.timeliness == "L" for line in lines):
        return True
    if form != "4" or filed_on is None:
        return None
    found = [_is_late(line, filed_on) for line in lines]
    return True if True in found else None if None in found else False


def _is_late(line: Line, filed_on: date) -> bool | None:
    if line.timeliness == "E":
        return False
    day = read_day(line.deemed_date) or read_day(line.date)
    if day is None or not _SECTION_16 <= day <= filed_on:
        return None
    return SEC.business_days_between(day, filed_on) > BUSINESS_DAYS


def filed_after_close(accepted_at: datetime) -> bool:
    """Whether EDGAR accepted a filing while the NYSE was closed: at its close or later (13:00 on a
    half day), before its opening, or on a day without a session."""
    return not NYSE.is_open(accepted_at)
