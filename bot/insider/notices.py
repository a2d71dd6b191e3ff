"""Notices of proposed sale (Form 144) as filed, and the fact that one was announced.

Source: SEC, Form 144 and its XML (``edgarSubmission``), electronic only since 2023-04-13.  A
notice submitted by 22:00 ET keeps that day as filing date (Regulation S-T, Rule 13(a)(4)).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from bot.calendar import start_of
from bot.clock import new_york_day
from bot.facts import FORM144, Fact
from bot.insider.facts import ACCEPTANCE_UNKNOWN, EDGAR_CLOSES
from bot.numbers import to_cents

ANNOUNCED = "announced"
SEVERAL_CLASSES = "several_classes"
"""The mark of a notice of more than one class: shares of different classes make no sum."""

_MOST_USD = Decimal(10) ** 15
"""Larger values are no money; sums of smaller ones stay inside a database's integers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lot:
    """One class to be sold through one broker.

    shares: the number to be sold.  value_usd: their aggregate market value.
    outstanding: shares of the class.  planned_on: the approximate day of the sale.
    """

    security: str | None
    broker: str | None
    shares: Decimal | None
    value_usd: Decimal | None
    outstanding: Decimal | None
    planned_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One Form 144.

    accession_number, accepted_at: None where the document does not state them, as bare XML.
    seller_name: for whose account the securities are to be sold.
    seller_ciks: who filed it, ten digits each: the seller, never the issuer.
    plans_adopted_on: days on which the Rule 10b5-1 plans named were adopted.
    quality: marks of doubt about the document, such as ``number_unreadable``.
    """

    accession_number: str | None
    accepted_at: datetime | None
    form: str
    issuer_cik: str
    issuer_name: str | None
    seller_name: str | None
    seller_ciks: tuple[str, ...]
    relationships: tuple[str, ...]
    lots: tuple[Lot, ...]
    noticed_on: date | None
    plans_adopted_on: tuple[date, ...]
    quality: tuple[str, ...] = ()


def announcement(notice: Notice, *, digest: str) -> Fact:
    """The fact that a sale was announced.

    Where the document states no acceptance, 22:00 ET of the day of the notice stands in, marked
    ``acceptance_unknown``.  An amended notice is an announcement of its own: nothing in it says
    for certain which one it amends, and a visible duplicate beats a wrong deletion.
    digest: names the notice where no accession number is known.
    """
    at, lots = announced_at(notice), notice.lots
    several = len({_class(lot.security) for lot in lots}) > 1
    shares = None if several else _sum(lot.shares for lot in lots)
    value = _sum(lot.value_usd for lot in lots)
    marks = [*notice.quality, *([SEVERAL_CLASSES] if several else [])]
    marks += [ACCEPTANCE_UNKNOWN] if notice.accepted_at is None else []
    return Fact(
        kind=FORM144,
        id=f"form144:{notice.accession_number or f'sha256-{digest[:16]}'}:{ANNOUNCED}",
        subject=notice.issuer_cik,
        known_at=at,
        happened_at=at,
        values={
            "accession_number": notice.accession_number,
            "form": notice.form,
            "stage": ANNOUNCED,
            "issuer_cik": notice.issuer_cik,
            "issuer_name": notice.issuer_name,
            "seller_name": notice.seller_name,
            "seller_cik": notice.seller_ciks[0] if len(notice.seller_ciks) == 1 else None,
            "sellers": list(notice.seller_ciks),
            "relationship": _joined(notice.relationships),
            "security": _joined(lot.security for lot in lots),
            "shares": None if shares is None else float(shares),
            "value_usd": None if value is None or value > _MOST_USD else to_cents(value),
            "share_of_class": _share(shares, lots),
            "planned_on": min((lot.planned_on for lot in lots if lot.planned_on), default=None),
            "plan_adopted_on": max(notice.plans_adopted_on, default=None),
            "broker": _joined(lot.broker for lot in lots),
            "filed_on": new_york_day(at),
            "quality": " ".join(dict.fromkeys(marks)) or None,
        },
    )


def announced_at(notice: Notice) -> datetime:
    """When the world could know a notice: its acceptance, else the evening of its day."""
    day = notice.noticed_on or date(1970, 1, 1)
    return notice.accepted_at or start_of(day) + EDGAR_CLOSES


def _class(security: str | None) -> str:
    return " ".join((security or "").casefold().split())


def _sum(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """The sum; unknown where one of the amounts is."""
    known, count = Decimal(), 0
    for amount in amounts:
        if amount is None:
            return None
        known, count = known + amount, count + 1
    return known if count else None


def _share(shares: Decimal | None, lots: Sequence[Lot]) -> float | None:
    """Of the class; unknown where the lots do not agree on how much there is of it."""
    outstanding = {lot.outstanding for lot in lots}
    whole = outstanding.pop() if len(outstanding) == 1 else None
    return float(shares / whole) if shares is not None and whole else None


def _joined(texts: Iterable[str | None]) -> str | None:
    return "; ".join(dict.fromkeys(text for text in texts if text)) or None
