"""The ledger of insider trades: the facts of a filing, entered beside those known before.

One real trade is counted once, however many filings tell of it: a lot that another filing tells is
not counted again, an amendment takes the place of what it restates.  Which filing came first
changes who tells of a lot, not what is counted.  Where evidence is thin, or an amendment does not
say what it amends, both are counted and marked.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, localcontext
from typing import Any

from bot.facts import Fact
from bot.insider.amendments import ADDED, amended_chain, restated
from bot.insider.duplicates import Evidence, Others, Told
from bot.insider.entries import VERSION, Entry, Lot, Place, entry_of
from bot.insider.trades import EXACT
from bot.numbers import to_cents

MAYBE = "may_be_one_trade"
"""The mark of a trade that looks like one of another filing, on thin evidence: both are kept."""

_STAKE = ("shares_after", "holding_change_ratio")
"""What a filing tells of the whole trade, and not of a part of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """The facts of a filing as they are to be stored, and what they take the place of.

    superseded: ids of stored facts by the id of the new fact that tells them anew.
    remainders: by the id of a superseded fact, the rows of it that nothing tells anew.
    """

    facts: tuple[Fact, ...]
    superseded: Mapping[str, Sequence[str]]
    remainders: Mapping[str, list[Mapping[str, Any]]]


def enter(facts: Sequence[Fact], known: Sequence[Entry], persons: Mapping[str, str]) -> Entered:
    """Enter the facts of one filing.

    known: stored entries of the issuer that may tell of the same, in the order of their arrival.
    persons: the key of the person that a CIK stands for at this issuer, where it is another.
    """
    if not known and not persons and not facts[0].values.get("amendment"):
        return Entered(facts=tuple(facts), superseded={}, remainders={})
    filing = _Filing(facts, known)
    filing.rename(persons)
    if filing.first.is_amendment:
        filing.amend()
    if filing.first.withdrawal:
        filing.withdraw()
    filing.yield_to_newer()
    filing.collapse()
    return Entered(
        facts=tuple(filing.facts.values()),
        superseded=filing.superseded,
        remainders=filing.remainders,
    )


def remainder(fact: Fact, rows: Sequence[Mapping[str, Any]]) -> Fact:
    """What is left of a fact of which an amendment tells some rows anew: a version of its own."""
    base, _, version = fact.id.partition(VERSION)
    values = {**fact.values, **_amounts(fact, rows), "rows": list(rows)}
    values |= dict.fromkeys(("duplicate_of", "collapse", *_STAKE))
    return replace(fact, id=f"{base}{VERSION}{int(version or 1) + 1}", values=values)


class _Filing:
    """One filing on its way into the ledger."""

    def __init__(self, facts: Sequence[Fact], known: Sequence[Entry]) -> None:
        self.facts = {fact.id: fact for fact in facts}
        self.entries = [entry_of(fact) for fact in facts]
        self.known = known
        self.superseded: dict[str, list[str]] = {}
        self.remainders: dict[str, list[Mapping[str, Any]]] = {}

    @property
    def first(self) -> Entry:
        return self.entries[0]

    def rename(self, persons: Mapping[str, str]) -> None:
        for entry in self.entries:
            if key := persons.get(entry.person_key):
                self._set(entry.id, person_key=key)

    # Amendments.

    def amend(self) -> None:
        """Supersede what an amended form restates, and mark what it adds or may restate."""
        chain, doubt = amended_chain(self.entries, self.known)
        if doubt is not None:
            for entry in self.entries:
                self._mark(entry.id, doubt)
            return
        older = [each for each in chain if each.place < self.first.place]
        leaders = [] if self.first.withdrawal else _leaders(older, self.known)
        told = restated(self.entries, [*older, *leaders])
        for each in (each for each in self.known if each.id in told):
            self._take_place(each, told[each.id])
        for entry in self.entries:
            restates = [old for old, anew in told.items() if entry.id in anew.values()]
            if restates:
                self._set(entry.id, restates=" ".join(restates))
            elif not entry.withdrawal:
                self._mark(entry.id, ADDED)

    def withdraw(self) -> None:
        """Let others count what the withdrawn filing told before them."""
        gone = {each for ids in self.superseded.values() for each in ids}
        for each in self.known:
            if each.duplicate_of in gone and each.id not in gone and each.gone_seq == each.seq:
                self.remainders[each.id] = [_untold(lot.row) for lot in each.lots]

    def _take_place(self, earlier: Entry, anew: Mapping[Place, str]) -> None:
        """Let the first entry that tells a lot of an earlier one anew supersede that one."""
        self.superseded.setdefault(next(iter(anew.values())), []).append(earlier.id)
        left = [lot.row for lot in earlier.lots if lot.place not in anew and lot.told_by is None]
        if left and earlier.counts:
            self.remainders[earlier.id] = left

    def yield_to_newer(self) -> None:
        """Let newer amendments that are known already stand for what they restate of this one."""
        for newer in _newer_amendments(self.first, self.known):
            chain, _ = amended_chain(newer, [*self.known, *self.entries])
            mine = [each for each in chain if each.filing == self.first.filing]
            for entry in mine:
                if entry.lots and (anew := restated(newer, mine).get(entry.id)):
                    told_by = {id(lot.row): anew.get(lot.place) for lot in entry.lots}
                    self._leave_out(entry.id, told_by, as_whole="superseded_by")

    # Duplicates.

    def collapse(self) -> None:
        """Leave out the lots that other filings tell, with the reasons."""
        gone = {each for ids in self.superseded.values() for each in ids}
        counted = [each for each in self.known if each.counts and each.id not in gone]
        told_now = [(each, each) for each in counted]
        others = Others([*told_now, *_amended(self.known, counted)])
        for entry in self.entries if others else ():
            fact = self.facts[entry.id]
            if fact.values.get("superseded_by") is not None:
                self._outdate(fact, Others(told_now).tell(entry))
            elif told := others.tell(now := entry_of(fact)) or others.resemble(now):
                self._collapse(fact, told)

    def _outdate(self, fact: Fact, told: Sequence[Told]) -> None:
        """Let others that tell nothing but what was amended before it came count no longer."""
        newer = next(e for e in self.known if e.id == fact.values["superseded_by"])
        if newer.withdrawal:
            return
        lots = Counter(each.by.id for each in told if not each.evidence.is_thin)
        for by in self.known:
            if by is not newer and by.counts and 0 < len(by.lots) == lots[by.id]:
                self.superseded.setdefault(fact.id, []).append(by.id)

    def _collapse(self, fact: Fact, told: Sequence[Told]) -> None:
        self._set(fact.id, collapse=[_reason(each) for each in told])
        sure = [each for each in told if not each.evidence.is_thin]
        if not sure:
            self._mark(fact.id, MAYBE)
            return
        related = [each.by for each in sure if each.evidence is not Evidence.FILED_TWICE]
        if related:
            self._set(fact.id, person_key=related[0].person_key)
        told_by: dict[int, str | None] = {id(each.lot.row): each.by.id for each in sure}
        self._leave_out(fact.id, told_by, as_whole="duplicate_of")

    def _leave_out(self, fact_id: str, told_by: Mapping[int, str | None], *, as_whole: str) -> None:
        """Note who tells rows of a fact, by the identity of the row.  Where others tell all of
        them the fact keeps its amounts and counts in no sum; else the rest is counted anew."""
        held: Sequence[Mapping[str, Any]] = self.facts[fact_id].values["rows"]
        rows = [{**row, "told_by": by} if (by := told_by.get(id(row))) else row for row in held]
        if all("told_by" in row for row in rows):
            self._set(fact_id, rows=rows, **{as_whole: rows[0]["told_by"]})
        else:
            self._recount(fact_id, rows)

    # Facts.

    def _set(self, fact_id: str, **values: Any) -> None:
        self.facts[fact_id] = self.facts[fact_id].plus(values)

    def _mark(self, fact_id: str, mark: str) -> None:
        marks = (self.facts[fact_id].values.get("quality") or "").split()
        self._set(fact_id, quality=" ".join(dict.fromkeys([*marks, str(mark)])))

    def _recount(self, fact_id: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """Sum the shares and dollars of a fact anew, over the rows that it is to count."""
        amounts = _amounts(self.facts[fact_id], rows)
        self._set(fact_id, **amounts, rows=list(rows), **dict.fromkeys(_STAKE))


def _untold(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """A row as if no other filing told of it."""
    return {name: held for name, held in row.items() if name != "told_by"}


def _amounts(fact: Fact, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Shares and dollars of a fact, over the rows that it is to count."""
    lots = entry_of(fact.plus({"rows": list(rows)})).lots
    amounts = _recounted([lot for lot in lots if lot.told_by is None])
    if fact.values.get("value_usd") is None:  # refused or unknown as a whole
        return {"shares": amounts["shares"]}
    return _in_ads(amounts, fact.values.get("ads_ratio") or 1)


def _in_ads(amounts: Mapping[str, Any], ratio: float) -> dict[str, Any]:
    """Amounts over ordinary shares at the price of an ADS, in ADS."""
    cents = amounts["value_usd"]
    value = None if cents is None else to_cents(Decimal(cents) / 100 / Decimal(str(ratio)))
    return {**amounts, "shares": amounts["shares"] / ratio, "value_usd": value}


def _recounted(lots: Sequence[Lot]) -> dict[str, Any]:
    """Shares, dollars and prices over some lots, summed exactly."""
    priced = [(lot.shares, lot.price) for lot in lots if lot.shares is not None and lot.price]
    with localcontext(EXACT):
        shares = sum((lot.shares for lot in lots if lot.shares is not None), Decimal(0))
        value = sum((count * price for count, price in priced), Decimal(0))
        count = sum((count for count, _ in priced), Decimal(0))
    prices = [price for _, price in priced]
    return {
        "shares": float(shares),
        "value_usd": to_cents(value) if priced else None,
        "price_usd": float(value / count) if count else None,
        "price_low_usd": float(min(prices)) if prices else None,
        "price_high_usd": float(max(prices)) if prices else None,
    }


def _amended(known: Sequence[Entry], counted: Sequence[Entry]) -> list[tuple[Entry, Entry]]:
    """Amended entries, each with the one that counts in its place: a spouse may still tell of the
    trade as it was before."""
    by_seq = {each.seq: each for each in known}
    by_id = {each.id: each for each in known}
    counts = {each.id for each in counted}

    def heir_of(each: Entry) -> Entry | None:
        if each.superseded_by is not None:
            return by_id.get(each.superseded_by)
        return by_seq.get(each.gone_seq) if each.gone_seq not in (None, each.seq) else None

    found = []
    for each in known:
        heir, told = heir_of(each), {each.id}
        while heir is not None and heir.id not in told and (after := heir_of(heir)) is not None:
            told.add(heir.id)
            heir = after
        if heir is not None and heir.id in counts and not heir.withdrawal:
            found.append((each, heir))
    return found


def _leaders(entries: Sequence[Entry], known: Sequence[Entry]) -> list[Entry]:
    """Those that count the lots of entries which are duplicates of them.

    Spouses amend one after the other: the first amendment stands for the trade of both.
    """
    by_id = {each.id: each for each in known}
    leaders = ((each, by_id.get(each.duplicate_of or "")) for each in entries)
    return [leader for each, leader in leaders if leader and _keys(leader) == _keys(each)]


def _keys(entry: Entry) -> list[str]:
    return sorted(str(lot.key) for lot in entry.lots)


def _newer_amendments(entry: Entry, known: Sequence[Entry]) -> list[list[Entry]]:
    """The entries of each later amendment of the same owners, oldest first."""
    found: dict[str, list[Entry]] = {}
    for each in known:
        if each.is_amendment and each.place > entry.place and each.filing != entry.filing:
            found.setdefault(each.filing, []).append(each)
    return sorted(found.values(), key=lambda entries: entries[0].place)


def _reason(told: Told) -> dict[str, str | None]:
    """What a reader is shown of a lot that another filing tells."""
    return {
        "id": told.by.id,
        "accession_number": told.by.accession,
        "owner": "; ".join(told.by.owners.values()) or None,
        "date": told.lot.day,
        "shares": told.lot.row.get("shares"),
        "price": told.lot.row.get("price"),
        "evidence": str(told.evidence),
    }
