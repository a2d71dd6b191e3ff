"""One economic trade, told by several filings, counted once.

Spouses, a fund and its general partner, or an entity and who stands behind it each report one sale.
Two persons' lots are one only by evidence: same day, shares and price, and at least one of them
holds indirectly, through what names the other, a family or an entity.  Two who both hold directly,
as a board that is granted shares on one day, are never one.
Source: SEC Form 4, General Instruction 4(b) (indirect beneficial ownership, joint filings).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.insider.entries import DIRECT, INDIRECT, Entry, Lot


class Evidence(StrEnum):
    """Why two lots are one trade."""

    NAMED = "one lot is held through the owner of the other, who is named"
    HOUSEHOLD = "one lot is held directly, the other through family"
    ENTITY = "one lot is held directly, the other through an entity"
    SAME_ENTITY = "both lots are held through the same entity"
    FILED_TWICE = "one owner filed the same lot, with the same holding after it, twice"
    THIN = "same day, shares and price, held indirectly, but nothing names a relation"

    @property
    def is_thin(self) -> bool:
        return self is Evidence.THIN


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A lot that another filing tells too."""

    lot: Lot
    by: Entry
    evidence: Evidence


class Others:
    """Lots that other filings tell and count, each to be found once."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        """entries: counted ones of one issuer, earliest first."""
        self._left = [
            (entry, [lot for lot in entry.lots if lot.told_by is None])
            for entry in entries
            if not entry.withdrawal
        ]

    def __len__(self) -> int:
        return len(self._left)

    def tell(self, entry: Entry) -> list[Told]:
        """Which lots of an entry they tell.  Where one of them tells a lot with evidence and
        another without, the evidence counts."""
        found = [self._told(entry, lot) for lot in entry.lots if lot.told_by is None]
        return [told for told in found if told is not None]

    def _told(self, entry: Entry, lot: Lot) -> Told | None:
        if None in lot.key:
            return None
        same = [
            (evidence, other, lots, its)
            for other, lots in self._left
            if other.filing != entry.filing and other.sort == entry.sort
            for its in lots
            if its.key == lot.key
            if (evidence := _evidence(entry, lot, other, its)) is not None
        ]
        if not same:
            return None
        evidence, other, lots, its = min(same, key=lambda each: each[0].is_thin)
        if not evidence.is_thin:
            lots.remove(its)
        return Told(lot=lot, by=other, evidence=evidence)


def _evidence(entry: Entry, lot: Lot, other: Entry, its: Lot) -> Evidence | None:
    """Why two lots of equal day, shares and price are one; None where they are two."""
    if entry.owners.keys() & other.owners.keys():
        if entry.is_amendment or other.is_amendment:
            return None  # what an amendment tells of its own filing is no second one
        return Evidence.FILED_TWICE if lot.after == its.after and lot.after else Evidence.THIN
    if INDIRECT not in (lot.held, its.held):
        return None
    if _names(lot, other) or _names(its, entry):
        return Evidence.NAMED
    if DIRECT in (lot.held, its.held):
        words = lot.words if lot.held == INDIRECT else its.words
        if _FAMILY.search(words):
            return Evidence.HOUSEHOLD
        on_market = entry.trade_class == "open_market"  # in an offering many buy one lot each
        return Evidence.ENTITY if on_market and _ENTITY.search(words) else Evidence.THIN
    if _telling(lot.words) & _telling(its.words):
        return Evidence.SAME_ENTITY
    return Evidence.THIN


def _names(lot: Lot, other: Entry) -> bool:
    """Whether what a lot says of its holding names an owner of another filing."""
    said = _telling(lot.words)
    return any(
        names and names <= said if len(names) > 1 else bool(names & said)
        for names in map(_surnames, other.owners.values())
    )


def _surnames(name: str) -> set[str]:
    """What of a filer's name must be said to name it: a person's last and first name, an entity's
    own words.  EDGAR writes persons as LAST FIRST MIDDLE."""
    return set(list(dict.fromkeys(_own_words(name.lower())))[:2])


def _telling(words: str) -> set[str]:
    return set(_own_words(words))


def _own_words(text: str) -> Iterator[str]:
    """The words that are somebody's own: no form words, no legal forms, no words of relation."""
    return (word for word in _WORD.findall(text) if word not in _COMMON_WORDS and len(word) > 2)


_WORD = re.compile(r"[^\W\d_]+")
_FAMILY = re.compile(
    r"\b(?:spouse|husband|wife|family|household|child|children|son|daughter|sons|daughters|parent"
    r"|father|mother|brother|sister|sibling|grandchild|grandchildren|minor|ugma|utma"
    r"|domestic partner)\b"
)
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
