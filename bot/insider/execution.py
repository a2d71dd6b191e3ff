"""What became of announced sales: which trades of a seller carry out which notice.

A trade carries out a notice where the seller is the same beyond doubt, the classes do not
contradict each other, and the day lies in the notice's 90 days.  Days are numbers.
Source: Rule 144(h) (17 CFR 230.144): who has not sold within 90 days files an amended notice.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from bot.calendar import SEC, start_of
from bot.clock import from_day_number
from bot.facts import Fact
from bot.insider.facts import EDGAR_CLOSES

DAYS = 90
"""How long a notice holds."""

EARLY_DAYS = 7
"""A notice may be sent after the sale that it plans; a plan further back is a slip of the pen."""

NO_FORM_4_SEEN = "no_form_4_seen"
"""The mark of an end by the clock where no Form 4 of the seller is known: who is no insider files
none, so that nothing is known of the sale."""

_DUE_AFTER = 2  # business days until a trade must be reported (Form 4, General Instruction 1)
_WORD = re.compile(r"[^\W\d_]+")
_CLASS = re.compile(r"\bclass ([a-z])\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    """A stored announcement.  known_at: milliseconds."""

    id: str
    known_at: int
    filed_on: int
    planned_on: int | None
    sellers: frozenset[str]
    seller_name: str
    security: str
    shares: Decimal | None

    @property
    def since(self) -> int:
        """The first day of a sale that it may have told of."""
        planned = self.planned_on if self.planned_on is not None else self.filed_on
        return planned if 0 <= self.filed_on - planned <= EARLY_DAYS else self.filed_on

    @property
    def until(self) -> int:
        return self.filed_on + DAYS


@dataclass(frozen=True, slots=True, kw_only=True)
class Sale:
    """An open-market sale.  known_at: milliseconds.  owners: names by CIK."""

    known_at: int
    day: int
    shares: Decimal
    value_cents: int | None
    owners: Mapping[str, str]
    security: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Executed:
    """What was sold of a notice.

    value_cents: None where the value of a sale is not known.
    known_at: when the last of the sales became known, milliseconds.
    """

    shares: Decimal = Decimal()
    value_cents: int | None = 0
    known_at: int = 0


def told_by(sale: Sale, notices: Iterable[Announced]) -> str | None:
    """Id of the notice known before that announced a sale: the newest that fits."""
    fitting = [each for each in notices if each.known_at <= sale.known_at and _fits(each, sale)]
    return max(fitting, key=_age).id if fitting else None


def executions(notices: Sequence[Announced], sales: Iterable[Sale]) -> dict[str, Executed]:
    """What was sold of each notice, by its id.

    A sale carries out the newest notice that it fits, and what is more than that was for an older
    one.  Of a notice without a number of shares nothing can be told.
    """
    done = {each.id: Executed() for each in notices if each.shares is not None}
    for sale in sorted(sales, key=lambda sale: (sale.day, sale.known_at)):
        left = sale.shares
        for notice in sorted((each for each in notices if _fits(each, sale)), key=_age)[::-1]:
            if notice.shares is None:
                break
            part = min(left, notice.shares - done[notice.id].shares)
            if part > 0:
                done[notice.id] = _more(done[notice.id], sale, part)
                left -= part
    return done


def same_seller(notice: Announced, owners: Mapping[str, str]) -> bool:
    """Whether one of the owners is the seller: by CIK, or by two words or more of one name."""
    if not notice.sellers.isdisjoint(owners):
        return True
    name = _name(notice.seller_name)
    return len(name) > 1 and any(_name(each) == name for each in owners.values())


def deadline(filed_on: int) -> datetime:
    """When every sale in the 90 days of a notice must have been reported."""
    last = SEC.add_business_days(from_day_number(filed_on + DAYS), _DUE_AFTER)
    return start_of(last) + EDGAR_CLOSES


def ended(announced: Fact, stage: str, executed: Executed | None, at: datetime) -> Fact:
    """The fact that a notice came to its end.  executed: None where nothing is known of sales."""
    quality = announced.values.get("quality")
    values = {**announced.values, "stage": stage}
    if executed is None:
        values["quality"] = f"{quality} {NO_FORM_4_SEEN}" if quality else NO_FORM_4_SEEN
    else:
        values["executed_shares"] = float(executed.shares)
        values["executed_value_usd"] = executed.value_cents
    base = announced.id.rpartition(":")[0]
    return replace(announced, id=f"{base}:{stage}", known_at=at, happened_at=at, values=values)


def _fits(notice: Announced, sale: Sale) -> bool:
    return (
        notice.since <= sale.day <= notice.until
        and same_seller(notice, sale.owners)
        and not _contradict(notice.security, sale.security)
    )


def _contradict(announced: str, sold: str) -> bool:
    """Whether both titles name a class by its letter, and not the same one."""
    one, other = (set(_CLASS.findall(title.casefold())) for title in (announced, sold))
    return bool(one and other) and one.isdisjoint(other)


def _age(notice: Announced) -> tuple[int, int, str]:
    return notice.filed_on, notice.known_at, notice.id


def _more(done: Executed, sale: Sale, part: Decimal) -> Executed:
    value = None
    if done.value_cents is not None and sale.value_cents is not None:
        cents = sale.value_cents * part / sale.shares
        value = done.value_cents + int(cents.quantize(Decimal(1), ROUND_HALF_UP))
    known_at = max(done.known_at, sale.known_at)
    return Executed(shares=done.shares + part, value_cents=value, known_at=known_at)


def _name(name: str) -> frozenset[str]:
    """The words of a name in no order, without initials."""
    return frozenset(word for word in _WORD.findall(name.casefold()) if len(word) > 1)
