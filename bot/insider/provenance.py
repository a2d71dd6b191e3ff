"""Where each number of a trade's fact comes from: places in its document, and how they make it.

The document is read again by the same reader; what that does not give came from other filings.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.facts import INSIDER_TRADE, Fact, Type
from bot.insider.filing import Filing, Line, Table
from bot.insider.plans import told_by
from bot.insider.quality import DOUBTS
from bot.insider.roles import leading_owner
from bot.insider.trades import tells_price


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An element of the document: its path from the root, and the text as filed."""

    path: str
    text: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """The places of a document.

    document: by path, without its last ``value``; header fields by their names.
    rows: by table and number of the row, the leaves by their names.  notes: by footnote id.
    """

    document: Mapping[str, Place]
    rows: Mapping[tuple[Table, int], Mapping[str, Place]]
    notes: Mapping[str, Place]


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """How a field came by its value.  places: none where other filings told it."""

    field: str
    value: Any
    how: str
    places: tuple[Place, ...] = ()


_UNKNOWN_TOO = frozenset({"shares", "price_usd", "value_usd", "shares_after", "planned"})
"""Fields of which a reader asks why they are unknown."""

_AMOUNTS = frozenset({"shares", "price_usd", "value_usd", "price_low_usd", "price_high_usd"})
_SUMMED = _AMOUNTS | {"price_as_filed_usd", "value_as_filed_usd"}
_SHARES, _PRICE = "transactionShares", "transactionPricePerShare"
_DATE, _FLAG = "transactionDate", "transactionAcquiredDisposedCode"
_AFTER = "sharesOwnedFollowingTransaction"
_ACCEPTED = "ACCEPTANCE-DATETIME"
_OF_DOCUMENT = {
    "accession_number": ("ACCESSION NUMBER",),
    "form": ("documentType",),
    "amendment": ("documentType",),
    "original_filed_on": ("dateOfOriginalSubmission",),
    "issuer_cik": ("issuer/issuerCik",),
    "subject": ("issuer/issuerCik",),
    "issuer_name": ("issuer/issuerName",),
    "ticker": ("issuer/issuerTradingSymbol",),
    "known_at": (_ACCEPTED,),
    "filed_on": (_ACCEPTED,),
    "filed_after_close": (_ACCEPTED,),
}
_OF_OWNERS = {
    "owner_cik": ("reportingOwnerId/rptOwnerCik",),
    "person_key": ("reportingOwnerId/rptOwnerCik",),
    "owner_name": ("reportingOwnerId/rptOwnerName",),
    "owners": ("reportingOwnerId/rptOwnerName",),
    "officer_title": ("reportingOwnerRelationship/officerTitle",),
    "is_director": ("reportingOwnerRelationship/isDirector",),
    "is_officer": ("reportingOwnerRelationship/isOfficer",),
    "is_ten_percent_owner": ("reportingOwnerRelationship/isTenPercentOwner",),
    "role": tuple(
        f"reportingOwnerRelationship/{flag}"
        for flag in ("isDirector", "isOfficer", "isTenPercentOwner", "officerTitle")
    ),
}
_WITHOUT_HISTORY = frozenset({"late", "filed_after_close"})
"""Signals that need no other filing."""

_OF_LEADER = frozenset({"owner_cik", "owner_name", "person_key", "officer_title", "role"})
_OF_ROWS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "code": ("as filed", ("transactionCode",)),
    "acquired_disposed": ("as filed", (_FLAG,)),
    "security": ("as filed", ("securityTitle",)),
    "common": ("by the words of the title, and the table", ("securityTitle",)),
    "derivative": ("by the table of the row", ("securityTitle",)),
    "direct_indirect": ("as filed, where all rows agree", ("directOrIndirectOwnership",)),
    "class": ("by code, table, flag and notes", ("transactionCode", _FLAG)),
    "side": ("by code, table, flag and notes", ("transactionCode", _FLAG)),
    "shares": ("sum", (_SHARES,)),
    "price_usd": ("value ÷ the shares of the rows that state a price", (_SHARES, _PRICE)),
    "value_usd": ("shares × price, summed", (_SHARES, _PRICE)),
    "price_as_filed_usd": ("value ÷ shares, as filed", (_SHARES, _PRICE)),
    "value_as_filed_usd": ("shares × price, summed, as filed", (_SHARES, _PRICE)),
    "price_low_usd": ("lowest of the rows and of the ranges in their notes", (_PRICE,)),
    "price_high_usd": ("highest of the rows and of the ranges in their notes", (_PRICE,)),
    "price_basis": ("by the words of the notes", (_PRICE,)),
    "correction": ("shares, price and the notes on their unit", (_SHARES, _PRICE)),
    "ads_ratio": ("by the words of the notes", (_SHARES,)),
    "traded_on": ("last day that can be", (_DATE,)),
    "happened_at": ("last day that can be", (_DATE,)),
    "lag_business_days": ("SEC business days from the trade to the acceptance", (_DATE,)),
    "late": (
        "more than two SEC business days from the trade to the acceptance, or marked by the filer",
        (_DATE, "deemedExecutionDate", "transactionTimeliness"),
    ),
    "cooling_off_days": ("from the adoption that a note tells to the first trade", (_DATE,)),
    "plan_adopted_on": ("by the words of the notes", ()),
    "planned": ("by the box of the form, and the words of the notes", ()),
    "shares_after": ("left in each position in the security, summed", (_AFTER,)),
    "holding_change_ratio": ("shares ÷ what was owned before", (_SHARES, _FLAG, _AFTER)),
}
_BESIDE = {
    "planned": "aff10b5One",
    "cooling_off_days": "aff10b5One",
    "lag_business_days": _ACCEPTED,
    "late": _ACCEPTED,
}
_WITH_NOTES: Mapping[str, Callable[[str], bool]] = {
    **dict.fromkeys(("class", "side", "correction", "ads_ratio"), bool),
    **dict.fromkeys(("price_low_usd", "price_high_usd", "price_basis"), tells_price),
    **dict.fromkeys(
        ("planned", "plan_adopted_on", "cooling_off_days"),
        lambda text: told_by(text) is not None,
    ),
}
"""Fields that notes and remarks have a word in, and which of these do."""


def origins(
    filing: Filing, fact: Fact | None, stored: Mapping[str, Any], places: Places
) -> list[Origin]:
    """The origin of each field that is known, and of numbers that are unknown.

    fact: as the filing gives it now; None where it gives it no more.
    stored: its values as they are kept, in Python's own form.
    """
    told = _Told(filing, fact, stored, places)
    return [
        told.origin(name)
        for name, field in INSIDER_TRADE.by_name.items()
        if field.type is not Type.DETAIL and (stored.get(name) is not None or name in _UNKNOWN_TOO)
    ]


def _values(fact: Fact) -> dict[str, Any]:
    return {
        **fact.values,
        "id": fact.id,
        "subject": fact.subject,
        "ticker": fact.ticker,
        "known_at": fact.known_at,
        "happened_at": fact.happened_at,
    }


class _Told:
    """One fact beside its document."""

    def __init__(
        self, filing: Filing, fact: Fact | None, stored: Mapping[str, Any], places: Places
    ) -> None:
        self.filing, self.stored, self.places = filing, stored, places
        self.read = _values(fact) if fact else {}
        rows = list(stored.get("rows") or ())
        counted = [row for row in rows if "told_by" not in row] or rows
        self.left_out = len(self.read.get("rows") or ()) - len(counted)
        self.lines = [line for row in counted if (line := self._line(row))]

    def _line(self, row: Mapping[str, Any]) -> Line | None:
        return next(
            (
                line
                for line in self.filing.lines
                if (line.table.value, line.number) == (row.get("table"), row.get("line"))
            ),
            None,
        )

    def origin(self, name: str) -> Origin:
        value = self.stored.get(name)
        if name in ("id", "seen_at"):
            how = "accession number, table and lowest row" if name == "id" else "clock of the bot"
            return Origin(field=name, value=value, how=how)
        same = value == self.read.get(name) or name in _WITHOUT_HISTORY
        if not same and not (self.left_out and name in _AMOUNTS):
            return Origin(field=name, value=value, how=self._from_others(name))
        how, places = self._from_document(name)
        return Origin(field=name, value=value, how=how, places=tuple(places))

    def _from_others(self, name: str) -> str:
        """What this document does not give: the ledger or history has it from other filings."""
        others = {each.get("accession_number") or each["id"]: None
                  for each in self.stored.get("collapse") or ()}  # fmt: skip
        named = f" ({', '.join(others)})" if others else ""
        if name in _SUMMED and self.stored.get("correction"):
            return f"corrected: {self.stored['correction']}"
        if self.read.get(name) is None:
            return f"from other filings{named}"
        return f"from other filings{named}; this document tells {self.read[name]}"

    def _from_document(self, name: str) -> tuple[str, Iterable[Place]]:
        if name in _OF_DOCUMENT:
            return self._of_document(name)
        if name in _OF_OWNERS:
            return "as filed, of the reporting owners", self._owners(name)
        if name in _OF_ROWS:
            return self._how(name), self._of_rows(name)
        return "by the reader, from the whole document", ()

    def _of_document(self, name: str) -> tuple[str, Iterable[Place]]:
        found = list(self._document(_OF_DOCUMENT[name]))
        if name == "ticker":
            return "the first plain symbol of what was typed", found
        if found:
            return "as filed", found
        if _OF_DOCUMENT[name] == (_ACCEPTED,):
            signed = [path for path in self.places.document if path.endswith("/signatureDate")]
            return "acceptance not stated: the latest signature stands in", self._document(signed)
        return "by the name of the document", ()

    def _how(self, name: str) -> str:
        how, _ = _OF_ROWS[name]
        if len(self.lines) > 1 and name in _SUMMED:
            how += f", over {len(self.lines)} rows"
        if self.stored.get(name) is None and name in ("price_usd", "value_usd"):
            marks = (self.stored.get("quality") or "").split()
            reasons = [DOUBTS.get(mark, mark.replace("_", " ")) for mark in marks]
            return f"unknown: {'; '.join(reasons) or 'no row states a price that is one'}"
        if name in _AMOUNTS and self.left_out > 0:
            more = "1 more row is" if self.left_out == 1 else f"{self.left_out} more rows are"
            how += f"; {more} told by other filings"
        if name in _AMOUNTS and self.stored.get("correction"):
            how += f"; corrected: {self.stored['correction']}"
        return how

    # Places.

    def _document(self, paths: Iterable[str]) -> Iterator[Place]:
        found = (self.places.document.get(path) for path in paths)
        return (place for place in found if place is not None and place.text is not None)

    def _owners(self, name: str) -> Iterator[Place]:
        leader, _, _ = leading_owner(self.filing)
        for number, owner in enumerate(self.filing.owners, start=1):
            if owner is leader or name not in _OF_LEADER:
                yield from self._document(
                    f"reportingOwner[{number}]/{path}" for path in _OF_OWNERS[name]
                )
        if name == "officer_title" and self.stored.get(name) != leader.officer_title:
            yield from self._document(["remarks"])

    def _of_rows(self, name: str) -> Iterator[Place]:
        _, leaves = _OF_ROWS[name]
        for line in self.lines:
            yield from self._row(line, [leaf for leaf in leaves if leaf != _AFTER])
        if _AFTER in leaves:
            for line in self._positions():
                yield from self._row(line, [_AFTER])
        if name in ("traded_on", "happened_at") and self._is_mistyped():
            yield from self._document(["periodOfReport"])
        if name in _BESIDE:
            yield from self._document([_BESIDE[name]])
        if says := _WITH_NOTES.get(name):
            yield from self._notes(says)

    def _row(self, line: Line, leaves: Sequence[str]) -> Iterator[Place]:
        held = self.places.rows[(line.table, line.number)]
        return (held[leaf] for leaf in leaves if leaf in held)

    def _positions(self) -> Iterator[Line]:
        """All rows in the security: holdings tell of positions too."""
        first = self.lines[0] if self.lines else None
        for line in self.filing.lines:
            if first and (line.table, line.security) == (first.table, first.security):
                yield line

    def _is_mistyped(self) -> bool:
        return "trade_date_implausible" in (self.stored.get("quality") or "").split()

    def _notes(self, says: Callable[[str], bool]) -> Iterator[Place]:
        for note in dict.fromkeys(note for line in self.lines for note in line.notes):
            place = self.places.notes.get(note)
            if place and place.text and says(place.text):
                yield place
        if self.filing.remarks and says(self.filing.remarks):
            yield from self._document(["remarks"])
