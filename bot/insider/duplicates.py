"""One economic trade, told by several filings, counted once.

Spouses, a fund and its general partner, or an entity and who stands behind it each report one sale.
Two persons' lots are one only by evidence: same day, shares and price, and at least one of them
holds indirectly, by what names the other, by a spouse or child, or both by one entity.  Two who
both hold directly, as a board that is granted shares on one day, are never one.
Source: SEC Form 4, General Instruction 4(b) (indirect beneficial ownership, joint filings).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from bot.insider.entries import DIRECT, INDIRECT, Entry, Lot


class Evidence(StrEnum):
    """Why two lots are one trade."""

    NAMED = "one lot is held through the owner of the other, who is named"
    HOUSEHOLD = "one lot is held directly, the other through family"
    SAME_ENTITY = "both lots are held through the same entity"
    FILED_TWICE = "one owner filed the same lot, with the same holding after it, twice"
    REPEATED = "one owner filed an equal lot twice, with different holdings after it"
    ALIKE = "related owners tell as many shares of that day, in other lots, prices or words"
    THIN = "same day, shares and price, held indirectly, but nothing names a relation"

    @property
    def is_thin(self) -> bool:
        return self in (Evidence.THIN, Evidence.REPEATED, Evidence.ALIKE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A lot that another filing tells too."""

    lot: Lot
    by: Entry
    evidence: Evidence


class Others:
    """Lots that other filings tell and count, each to be found once."""

    def __init__(self, entries: Sequence[tuple[Entry, Entry]]) -> None:
        """entries: who tells lots and who counts them, the same but for amended ones; those that
        count first, each earliest first."""
        self._left = [
            (
                teller,
                counter,
                [lot for lot in teller.lots if lot.told_by is None or teller is not counter],
            )
            for teller, counter in entries
        ]

    def __len__(self) -> int:
        return len(self._left)

    def tell(self, entry: Entry) -> list[Told]:
        """Which lots of an entry they tell.  Where one of them tells a lot with evidence and
        another without, the evidence counts."""
        found = [self._told(entry, lot) for lot in entry.lots if lot.told_by is None]
        return [told for told in found if told is not None]

    def resemble(self, entry: Entry) -> list[Told]:
        """Lots of an entry that none of them tells, where related owners tell as many shares of one
        day: spouses round prices, sum lots up and name a class in other words."""
        day, shares = _whole(entry)
        if day is None:
            return []
        for teller, counter, _ in self._left:
            same_code = (teller.code, teller.flag) == (entry.code, entry.flag)
            if same_code and teller.filing != entry.filing and _whole(teller) == (day, shares):
                pairs = ((a, b) for a in entry.lots for b in teller.lots)
                found = {_evidence(entry, a, teller, b) for a, b in pairs}
                if found & {Evidence.NAMED, Evidence.HOUSEHOLD, Evidence.SAME_ENTITY}:
                    return [Told(lot=entry.lots[0], by=counter, evidence=Evidence.ALIKE)]
        return []

    def _told(self, entry: Entry, lot: Lot) -> Told | None:
        if None in lot.key:
            return None
        same = [
            (evidence, counter, lots, its)
            for teller, counter, lots in self._left
            if teller.filing != entry.filing and teller.sort == entry.sort
            for its in lots
            if its.key == lot.key
            if (evidence := _evidence(entry, lot, teller, its)) is not None
        ]
        if not same:
            return None
        evidence, counter, lots, its = min(same, key=lambda each: each[0].is_thin)
        if not evidence.is_thin:
            lots.remove(its)
        return Told(lot=lot, by=counter, evidence=evidence)


def _whole(entry: Entry) -> tuple[str | None, Decimal | None]:
    """The day and all shares of a trade of one day."""
    days = {lot.day for lot in entry.lots}
    known = [lot.shares for lot in entry.lots if lot.shares is not None]
    if len(days) != 1 or len(known) < len(entry.lots):
        return None, None
    return days.pop(), sum(known, Decimal(0))


def _evidence(entry: Entry, lot: Lot, other: Entry, its: Lot) -> Evidence | None:
    """Why two lots of equal day, shares and price are one; None where they are two."""
    if entry.owners.keys() & other.owners.keys():
        if entry.is_amendment or other.is_amendment:
            return None  # what an amendment tells of its own filing is no second one
        same = lot.after == its.after and lot.after
        return Evidence.FILED_TWICE if same else Evidence.REPEATED
    if INDIRECT not in (lot.held, its.held):
        return None
    if _names(lot, other) or _names(its, entry):
        return Evidence.NAMED
    if DIRECT in (lot.held, its.held):
        nature = lot.nature if lot.held == INDIRECT else its.nature
        return Evidence.HOUSEHOLD if _FAMILY.search(nature) else Evidence.THIN
    holder = _own_words(lot.nature)
    same_holder = holder and holder == _own_words(its.nature) and not _ACCOUNT.search(lot.nature)
    return Evidence.SAME_ENTITY if same_holder else Evidence.THIN


def _names(lot: Lot, other: Entry) -> bool:
    """Whether what an indirect lot says of its holding names an owner of another filing."""
    if lot.held != INDIRECT:
        return False
    said = _WORD.findall(lot.words)
    return any(_is_named(name.lower(), said) for name in other.owners.values())


def _is_named(name: str, said: Sequence[str]) -> bool:
    """Whether words name a filer: a person by first and last name side by side, EDGAR having LAST
    FIRST MIDDLE; an entity by its own words, the first two of them."""
    words = _WORD.findall(name)
    if not _ENTITY.search(name):
        last, first = [*words, "", ""][:2]
        return bool(first) and any(
            last in near and first in near
            for near in (said[place : place + 3] for place in range(len(said)))
        )
    own = _own_words(name)[:2]
    return bool(own) and len("".join(own)) > 3 and all(word in said for word in own)


def _own_words(text: str) -> list[str]:
    """The words that are somebody's own: no form words, no legal forms, no words of relation."""
    return [word for word in _WORD.findall(text) if word not in _COMMON_WORDS and len(word) > 2]


_WORD = re.compile(r"[^\W\d_]+")
_FAMILY = re.compile(
    r"\b(?:spouse|husband|wife|household|child|children|son|daughter|sons|daughters|parents?"
    r"|father|mother|brother|sister|sibling|grandchild|grandchildren|domestic partner)\b"
)
_ACCOUNT = re.compile(r"\b(?:ira|401|account|custodian|ugma|utma|plan)\b")
_ENTITY = re.compile(
    r"\b(?:trust|trusts|trustee|l\.?l\.?c|l\.?p|l\.?l\.?p|ltd|limited|inc|corp|corporation|company"
    r"|fund|funds|partnership|partners|foundation|estate|holdings|capital|management|entity"
    r"|entities|ira|gmbh|s\.?a|b\.?v|n\.?v|plc)\b\.?"
)
_COMMON_WORDS = frozenset(
    _WORD.findall(
        """
    about above account accounts acquired affiliate affiliated also among amount and any are
    arm average be been being beneficial beneficially beneficiary benefit board both by
    capital class common company consists controlled corp corporation date deemed dated
    described direct directly director directors disclaim disclaims disposition dispositive
    each either entities entity estate except exchange extent family fiduciary filing
    following footnote for form foundation from fund funds general group had has have held her
    him himself his holder holders holding holdings holds husband inc indirect indirectly
    individual interest interests investment investments ira its limited llc llp ltd making
    manager managers managing managed member members more multiple ordinary other owned owner
    owners ownership owns partner partners partnership pecuniary person persons plc power
    price prices purposes pursuant record reflects remarks report reported reporting
    represents respect revocable irrevocable rule sale sales section securities security see
    sell series share shared shareholder shares shall sole solely sold spouse stock
    stockholder such that the their therein thereof these they this through transaction trust
    trustee trustees trusts under voting was weighted were which who whom wife with within
    """
    )
)
