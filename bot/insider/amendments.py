"""Amendments: which filing a 4/A amends, and which of its trades it tells anew.

Only what is restated is superseded: an amendment of holdings leaves the trades, and a trade that
only the amendment tells of is a late one.  A visible duplicate beats a wrong deletion.
Source: SEC Form 4/A, dateOfOriginalSubmission, which the filer types; measured on Forms 4/A of 2012
to 2026, it holds now the original's filing date, now the trade's.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.insider.entries import Entry, Lot

NEAR_DAYS = 4
"""A weekend and a holiday."""


class Doubt(StrEnum):
    """Marks of an amendment whose original stays beside it."""

    NOT_FOUND = "original_not_found"
    AMBIGUOUS = "original_ambiguous"


ADDED = "added_by_amendment"
"""The mark of a trade that only the amendment tells of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Restated:
    """What an amendment tells anew.

    earlier: by the id of an amended entry, the entries that it tells anew.
    added: ids of entries that no earlier filing tells of.
    """

    earlier: dict[str, tuple[Entry, ...]]
    added: frozenset[str]


def amended_chain(
    amendment: Sequence[Entry], others: Iterable[Entry]
) -> tuple[list[Entry], Doubt | None]:
    """The entries of the filing that an amendment amends, with the other amendments of it.

    amendment: the entries of one amended form.  others: entries of the issuer, in any order.
    Nothing and a doubt where no filing is found, or several are.
    """
    told = amendment[0].original_filed_on
    filings = _filings(other for other in others if _may_be_amended(other, amendment[0]))
    if told is None or not filings:
        return [], Doubt.NOT_FOUND
    far = {name: _distance(entries[0], told) for name, entries in filings.items()}
    near = min(far.values())
    if near > NEAR_DAYS:
        return [], Doubt.NOT_FOUND
    found = {name: entries for name, entries in filings.items() if far[name] == near}
    if sum(not entries[0].is_amendment for entries in found.values()) > 1:
        found = _most_alike(amendment, found)
        if sum(not entries[0].is_amendment for entries in found.values()) > 1:
            return [], Doubt.AMBIGUOUS
    return [entry for entries in found.values() for entry in entries], None


def _most_alike(
    amendment: Sequence[Entry], filings: dict[str, list[Entry]]
) -> dict[str, list[Entry]]:
    """The filings of one day whose lots are most like those of an amendment."""
    alike = {
        name: max((_alikeness(a, e) for a in amendment for e in entries), default=0)
        for name, entries in filings.items()
    }
    most = max(alike.values())
    return {name: entries for name, entries in filings.items() if alike[name] == most}


def _filings(entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    found = defaultdict(list)
    for entry in entries:
        found[entry.filing].append(entry)
    return dict(found)


def _may_be_amended(other: Entry, amendment: Entry) -> bool:
    return (
        other.family == amendment.family
        and other.filing != amendment.filing
        and bool(other.owners.keys() & amendment.owners.keys())
    )


def _distance(entry: Entry, told: int) -> int:
    """Days between the day that an amendment names and the day of a filing of the chain."""
    days = [day for day in (entry.filed_on, entry.original_filed_on) if day is not None]
    return min((abs(day - told) for day in days), default=NEAR_DAYS + 1)


def _alikeness(entry: Entry, earlier: Entry) -> int:
    if entry.position != earlier.position:
        return 0
    pairs = ((a, b) for a in entry.lots for b in earlier.lots)
    return max((_likeness(a, b) for a, b in pairs), default=0)


def restated(amendment: Sequence[Entry], chain: Sequence[Entry]) -> Restated:
    """What of a chain's entries an amendment tells anew; a withdrawal takes all of them back."""
    earlier = {
        entry.id: told
        for entry in amendment
        if (told := tuple(_told_anew(entry, amendment, chain)))
    }
    added = frozenset(e.id for e in amendment if e.id not in earlier and not e.withdrawal)
    return Restated(earlier=earlier, added=added)


def _told_anew(entry: Entry, amendment: Sequence[Entry], chain: Sequence[Entry]) -> Iterable[Entry]:
    if entry.withdrawal:
        return chain
    coded = {each.sort for each in amendment}
    return [
        each
        for each in chain
        if each.sort == entry.sort or (each.position == entry.position and each.sort not in coded)
        if restated_lots(entry, each)
    ]


def kept_lots(amendment: Sequence[Entry], earlier: Entry) -> list[Lot]:
    """Lots of an earlier entry that no entry of the amendment tells anew."""
    if any(each.withdrawal for each in amendment):
        return []
    alike = [each for each in amendment if each.position == earlier.position]
    told = {id(lot) for each in alike for lot in restated_lots(each, earlier)}
    return [lot for lot in earlier.lots if id(lot) not in told and lot.told_by is None]


def restated_lots(entry: Entry, earlier: Entry) -> list[Lot]:
    """Lots of an earlier entry that an amended one tells anew, each by one of its lots.

    A lot is the same where two of day, shares and price are, or where it is the only one of its day
    on both sides, or the only one at all and one of the three is the same.
    """
    left, found = list(entry.lots), []
    for lot in earlier.lots:
        best = max(left, key=lambda each: _likeness(each, lot), default=None)
        if best is not None and _same(best, lot, entry, earlier):
            left.remove(best)
            found.append(lot)
    return found


def _likeness(a: Lot, b: Lot) -> int:
    return sum(x is not None and x == y for x, y in zip(a.key, b.key, strict=True))


def _same(a: Lot, b: Lot, entry: Entry, earlier: Entry) -> bool:
    alike = _likeness(a, b)
    if alike >= 2:
        return True
    if alike == 0:
        return False
    alone = len(entry.lots) == 1 == len(earlier.lots)
    return alone or (a.day == b.day and _only_of_day(a, entry) and _only_of_day(b, earlier))


def _only_of_day(lot: Lot, entry: Entry) -> bool:
    return sum(each.day == lot.day for each in entry.lots) == 1
