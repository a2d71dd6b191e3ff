"""Four quarters and single quarters, made of what reports tell of years and of parts of years.

The last quarter of a fiscal year is never filed by itself, so four quarters are not summed: the
year, plus this year to date, less the same part of the year before.  Periods go by their days;
``fy`` and ``fp`` of the SEC tell of the filing, not of the number.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from bot.prices.bars import Action
from bot.valuation.company_facts import Reported

Span = tuple[date, date]
"""First and last day of a period."""

Periods = Mapping[Span, Reported]
"""Of each period what is known of it as of some day."""

_WEEKS_52 = timedelta(days=364)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A number made of reported ones.

    how: FY, FY+YTD-PY, Q (filed by itself) or FY-9M and the like.  parts: in that order.
    """

    value: Decimal
    end: date
    how: str
    parts: tuple[Reported, ...]

    @property
    def filed(self) -> date:
        """When the last of its parts was filed."""
        return max(each.filed for each in self.parts)


def known_periods(
    reports: Iterable[Reported], as_of: date, actions: Sequence[Action] = ()
) -> dict[Span, Reported]:
    """Of each period the number filed last by a day; of one day's filings the one read last.

    actions: where given, the numbers are of a share, and stand on the share basis of that day.
    """
    known: dict[Span, Reported] = {}
    for each in reports:
        if each.start is None or each.filed > as_of:
            continue
        before = known.get((each.start, each.end))
        if before is None or each.filed >= before.filed:
            known[each.start, each.end] = each
    if not actions:
        return known
    return {span: rebased(each, actions, as_of) for span, each in known.items()}


def rebased(a_share: Reported, actions: Sequence[Action], as_of: date) -> Reported:
    """A number of a share on the share basis of a day: divided by each split since its filing."""
    ratio = split_ratio(actions, after=a_share.filed, until=as_of)
    return a_share if ratio == 1 else replace(a_share, value=a_share.value / ratio)


def split_ratio(actions: Iterable[Action], *, after: date, until: date) -> Decimal:
    """New shares for each share of a day: 4 after a 4-for-1 with ``after < ex_day <= until``."""
    ratio = Decimal(1)
    for each in actions:
        if after < each.ex_day <= until and each.eps_ratio > 0:
            ratio *= Decimal(str(each.eps_ratio))
    return ratio


def newest_four_quarters(known: Periods) -> Figure | None:
    """The four quarters that end last; None where no end has what it takes."""
    for end in sorted({end for _, end in known}, reverse=True):
        if (found := four_quarters(known, end)) is not None:
            return found
    return None


def four_quarters(known: Periods, end: date) -> Figure | None:
    """The four quarters that end on a day.

    A fact of 350 to 380 days (FY), else FY + YTD - PY: the longest of 80 to 349 days (YTD), the
    year that ends within 8 days of the day before it, and the part of that year that ends within
    10 days of 52 weeks before and is as long within 10 days.  Of several the one filed last.
    """
    ending = [each for (_, last), each in known.items() if last == end]
    if years := [each for each in ending if _is_year(each)]:
        year = _filed_last(years)
        return Figure(value=year.value, end=end, how="FY", parts=(year,))
    if not (parts := [each for each in ending if 80 <= each.days < 350]):
        return None
    to_date = max(parts, key=lambda each: each.days)
    last_years = [each for each in known.values() if _is_year_before(each, to_date)]
    priors = [each for each in known.values() if _is_same_a_year_before(each, to_date)]
    if not last_years or not priors:
        return None
    year, prior = _filed_last(last_years), _filed_last(priors)
    return Figure(
        value=year.value + to_date.value - prior.value,
        end=end,
        how="FY+YTD-PY",
        parts=(year, to_date, prior),
    )


def quarter(known: Periods, end: date) -> Figure | None:
    """The quarter that ends on a day: filed by itself, else a longer period less its start.

    A quarter has 80 to 100 days.
    """
    ending = [each for (_, last), each in known.items() if last == end]
    if alone := [each for each in ending if 80 <= each.days <= 100]:
        found = _filed_last(alone)
        return Figure(value=found.value, end=end, how="Q", parts=(found,))
    for whole in sorted((each for each in ending if each.days > 100), key=lambda each: each.days):
        starts = [each for each in known.values() if _leaves_a_quarter(whole, each)]
        if starts:
            start = _filed_last(starts)
            how = "FY-9M" if _is_year(whole) else "YTD-YTD"
            return Figure(value=whole.value - start.value, end=end, how=how, parts=(whole, start))
    return None


def year_before(known: Periods, end: date) -> list[date]:
    """Ends of periods within 10 days of 52 weeks before a day, the nearest first."""
    aim = end - _WEEKS_52
    ends = {last for _, last in known if abs((last - aim).days) <= 10}
    return sorted(ends, key=lambda last: (abs((last - aim).days), last))


def _is_year(each: Reported) -> bool:
    return 350 <= each.days <= 380


def _is_year_before(each: Reported, to_date: Reported) -> bool:
    assert to_date.start is not None
    return _is_year(each) and abs((each.end - (to_date.start - _DAY)).days) <= 8


def _is_same_a_year_before(each: Reported, to_date: Reported) -> bool:
    near = abs((each.end - (to_date.end - _WEEKS_52)).days) <= 10
    return near and abs(each.days - to_date.days) <= 10


def _leaves_a_quarter(whole: Reported, start: Reported) -> bool:
    return start.start == whole.start and 80 <= (whole.end - start.end).days <= 100


def _filed_last(reports: Sequence[Reported]) -> Reported:
    return max(reports, key=lambda each: (each.filed, each.end))
