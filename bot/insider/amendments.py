"""Amendments: which filing a 4/A amends, and which of its trades it tells anew.

Only what is restated is superseded: an amendment of holdings leaves the trades, and a trade that
only the amendment tells of is a late one.  A visible duplicate beats a wrong deletion.
Source: SEC Form 4/A, dateOfOriginalSubmission, which the filer types; measured on Forms 4/A of 2012
to 2026, it holds now the original's filing date, now the trade's.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from enum import StrEnum

from bot.insider.entries import Entry, Lot, Place

NEAR_DAYS = 4
"""A weekend and a holiday."""


class Doubt(StrEnum):
    """Marks of an amendment whose original stays beside it."""

    NOT_FOUND = "original_not_found"
    AMBIGUOUS = "original_ambiguous"


ADDED = "added_by_amendment"
"""The mark of a trade that only the amendment tells of."""


Restated = dict[str, dict[Place, str]]
"""By the id of an amended entry, the id of the new entry that tells each of its lots anew."""


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
    if near > (0 if amendment[0].withdrawal else NEAR_DAYS):
        return [], Doubt.NOT_FOUND
    found = {name: entries for name, entries in filings.items() if far[name] == near}
    found = _without_repeats(found)
    if sum(not entries[0].is_amendment for entries in found.values()) > 1:
        found = _most_alike(amendment, found)
        if sum(not entries[0].is_amendment for entries in found.values()) > 1:
            return [], Doubt.AMBIGUOUS
    return [entry for entries in found.values() for entry in entries], None


def _without_repeats(filings: dict[str, list[Entry]]) -> dict[str, list[Entry]]:
    """Filings less those that only tell again what another of them tells."""
    ids = {entry.id: name for name, entries in filings.items() for entry in entries}
    return {
        name: entries
        for name, entries in filings.items()
        if any(ids.get(each.duplicate_of or "", name) == name for each in entries)
    }


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
    """Which lots of a chain's entries an amendment tells anew; a withdrawal takes all of them back.

    What was left of an entry is told anew only where its first version is: a lot of an amendment
    stands for one lot of a filing.
    """
    told: Restated = {}
    for entries in _filings(chain).values():
        anew = _told_anew(amendment, [each for each in entries if each.version == 1])
        for each in entries:
            held = {lot.place: anew[lot.place] for lot in each.lots if lot.place in anew}
            if held:
                told[each.id] = held
    return told


def _told_anew(amendment: Sequence[Entry], filing: Sequence[Entry]) -> dict[Place, str]:
    """Lots of a filing by their places, and the entries of an amendment that tell them anew."""
    for entry in amendment:
        if entry.withdrawal:
            return {lot.place: entry.id for each in filing for lot in each.lots}
    found: dict[Place, str] = {}
    for position in dict.fromkeys(each.position for each in filing):
        new = [(lot, e) for e in amendment if e.position == position for lot in e.lots]
        old = [(lot, e) for e in filing if e.position == position for lot in e.lots]
        found |= _paired(new, old)
    return found


_Held = tuple[Lot, Entry]


def _paired(new: Sequence[_Held], old: Sequence[_Held]) -> dict[Place, str]:
    """Old lots and the entries of the new ones that stand for them, the most alike first.

    A lot is the same where two of day, shares and price are, or shares or price where both sides
    have one lot only.  Lots that were merged or split are the same where a day's shares sum up.
    """
    alone = len(new) == 1 == len(old)
    pairs = sorted(
        ((a, b) for a in new for b in old if _same(a[0], b[0], alone=alone)),
        key=lambda pair: (_likeness(pair[0][0], pair[1][0]), pair[0][1].sort == pair[1][1].sort),
        reverse=True,
    )
    found: dict[Place, str] = {}
    taken: set[Place] = set()
    for (lot, entry), (earlier, _) in pairs:
        if lot.place not in taken and earlier.place not in found:
            taken.add(lot.place)
            found[earlier.place] = entry.id
    return _merged(new, old) | found


def _likeness(a: Lot, b: Lot) -> int:
    return sum(x is not None and x == y for x, y in zip(a.key, b.key, strict=True))


def _same(a: Lot, b: Lot, *, alone: bool) -> bool:
    alike = _likeness(a, b)
    return alike > 1 or (alone and alike == 1 and a.day != b.day)


def _merged(new: Sequence[_Held], old: Sequence[_Held]) -> dict[Place, str]:
    """Old lots of days on which the new ones have as many shares in all."""
    found: dict[Place, str] = {}
    for day in {lot.day for lot, _ in new}:
        told = [(lot, entry) for lot, entry in new if lot.day == day]
        earlier = [lot for lot, _ in old if lot.day == day]
        if _shares([lot for lot, _ in told]) == _shares(earlier) is not None:
            found |= {lot.place: told[0][1].id for lot in earlier}
    return found


def _shares(lots: Sequence[Lot]) -> Decimal | None:
    known = [lot.shares for lot in lots if lot.shares is not None]
    return sum(known, Decimal(0)) if known and len(known) == len(lots) else None
