"""Facts of insider trades: ids, times, money in cents, the stake, marks; unknown is never zero."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from bot.facts import Fact
from bot.insider.facts import digest_of, insider_trades, known_at
from bot.sandbox.filings import Insider
from bot.sources.edgar.ownership import read_filing
from tests.insider.forms import ACCEPTED, JANE, a_filing, a_form, a_row

DIGEST = "ab" * 32
TRUST = Insider(cik="0007654322", name="DOE TRUST", ten_percent_owner=True)


def facts(*rows: Any, **values: Any) -> list[Fact]:
    return insider_trades(a_filing(*rows, **values), accepted_at=None, digest=DIGEST)


def the_fact(*rows: Any, **values: Any) -> Fact:
    (fact,) = facts(*rows, **values)
    return fact


def bare(xml: str, *, accepted_at: datetime | None = None) -> Fact:
    filing = read_filing(xml.encode(), name="form4.xml")
    return insider_trades(filing, accepted_at=accepted_at, digest=DIGEST)[0]


def test_an_id_is_made_of_accession_table_and_lowest_line() -> None:
    rows = (a_row("M"), a_row(), a_row(), a_row("M", derivative=True))
    assert [fact.id for fact in facts(*rows)] == [
        "form4:0001849056-25-000123:non_derivative1",
        "form4:0001849056-25-000123:non_derivative2",
        "form4:0001849056-25-000123:derivative1",
    ]


def test_a_document_without_accession_number_is_named_by_its_bytes() -> None:
    assert bare(a_form().xml()).id == f"form4:sha256-{DIGEST[:16]}:non_derivative1"
    assert len(digest_of(b"")) == 64


def test_the_subject_is_the_issuer_whoever_reports() -> None:
    fact = the_fact()
    assert (fact.subject, fact.ticker) == ("0001849056", "OKLO")
    assert fact.values["owner_cik"] == "0007654321"


def test_the_times_are_those_of_acceptance_and_of_the_trading_day() -> None:
    fact = the_fact()
    assert fact.known_at == ACCEPTED
    assert fact.happened_at == datetime(2025, 9, 19, 4, tzinfo=UTC)
    assert fact.values["traded_on"] == date(2025, 9, 19)
    assert fact.values["filed_on"] == date(2025, 9, 23)


@pytest.mark.parametrize(
    ("traded", "lag"), [("2025-09-23", 0), ("2025-09-22", 1), ("2025-09-19", 2), ("2025-08-29", 16)]
)
def test_the_lag_counts_business_days_of_the_sec(traded: str, lag: int) -> None:
    assert the_fact(a_row(day=traded)).values["lag_business_days"] == lag


def test_the_header_of_a_document_beats_what_a_feed_says() -> None:
    other = datetime(2025, 9, 24, tzinfo=UTC)
    (fact,) = insider_trades(a_filing(), accepted_at=other, digest=DIGEST)
    assert fact.known_at == ACCEPTED
    assert bare(a_form().xml(), accepted_at=other).known_at == other


def test_where_nobody_tells_the_acceptance_the_day_of_signing_stands_in() -> None:
    fact = bare(a_form().xml())
    assert fact.known_at == datetime(2025, 9, 24, 2, tzinfo=UTC)
    assert fact.values["quality"] == "acceptance_unknown"
    assert fact.values["lag_business_days"] is None


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "2125-01-01", "nonsense"])
def test_a_day_that_can_not_be_never_dates_a_document(day: str) -> None:
    filing = read_filing(a_form().xml().replace("2025-09-23", day).encode(), name="form4.xml")
    assert known_at(filing) == datetime(2025, 9, 20, 2, tzinfo=UTC)


def test_money_is_whole_cents() -> None:
    fact = the_fact(a_row(shares="35.944", price="404.88"))
    assert fact.values["value_usd"] == 1_455_301
    assert fact.values["shares"] == 35.944


def test_a_price_of_zero_is_no_value_that_rules_could_judge() -> None:
    values = the_fact(a_row("A", price="0")).values
    assert (values["value_usd"], values["price_usd"], values["price_basis"]) == (None, None, None)


def test_what_is_not_stated_is_unknown() -> None:
    values = the_fact(a_row(price=None)).values
    assert values["price_usd"] is None
    assert values["value_usd"] is None
    assert values["price_low_usd"] is None


def test_a_value_that_is_no_money_is_unknown_and_marked() -> None:
    values = the_fact(a_row(shares="999999999999", price="999999999999")).values
    assert values["value_usd"] is None
    assert "value_implausible" in values["quality"].split()


@pytest.mark.parametrize(("box", "planned"), [(True, True), (False, False), (None, None)])
def test_a_plan_is_yes_no_or_unknown(box: bool | None, planned: bool | None) -> None:
    assert the_fact(plan=box).values["planned"] is planned


def test_the_day_of_a_plan_is_told() -> None:
    row = a_row(note="Under a Rule 10b5-1 plan adopted on March 13, 2025.")
    assert the_fact(row, plan=True).values["plan_adopted_on"] == date(2025, 3, 13)


@pytest.mark.parametrize(
    ("days", "cooling_off", "marks"),
    [
        (["2025-09-19"], 190, None),
        (["2025-06-10"], 89, "cooling_off_short"),
        (["2025-09-19", "2025-06-10"], 89, "cooling_off_short"),
        (["2025-03-12"], None, "plan_date_implausible"),
    ],
)
def test_the_days_from_adoption_to_the_first_trade_are_told_and_too_few_are_marked(
    days: list[str], cooling_off: int | None, marks: str | None
) -> None:
    note = "Under a Rule 10b5-1 plan adopted on March 13, 2025."
    values = the_fact(*(a_row(day=day, note=note) for day in days), plan=True).values
    assert (values.get("cooling_off_days"), values["quality"]) == (cooling_off, marks)


@pytest.mark.parametrize(
    ("rows", "after", "change"),
    [
        ([a_row(after="900")], 900, -0.1),
        ([a_row(after="0")], 0, -1.0),
        ([a_row("P", after="900")], 900, 0.125),
        ([a_row("P", after="100")], 100, None),
        ([a_row(after="900"), a_row(after="800")], 800, -0.2),
        ([a_row(after="800"), a_row(after="900")], 800, -0.2),
        ([a_row("P", after="1100"), a_row("P", after="1000")], 1100, 2 / 9),
        ([a_row(after="900"), a_row(after="400", nature="By Trust")], 1300, -200 / 1500),
        ([a_row(after="")], None, None),
        ([a_row("F", after="900")], 900, None),
    ],
)
def test_the_stake_is_what_is_left_in_all_positions(
    rows: list[Any], after: float | None, change: float | None
) -> None:
    values = the_fact(*rows).values
    assert values["shares_after"] == after
    assert values["holding_change_ratio"] == (None if change is None else pytest.approx(change))


def test_positions_that_the_trade_left_alone_are_part_of_the_stake() -> None:
    gift = a_row("G", after="500", nature="By Trust")
    other = a_row("G", after="70000", security="Preferred Stock")
    sale = next(
        fact for fact in facts(a_row(after="400"), gift, other) if fact.values["code"] == "S"
    )
    assert sale.values["shares_after"] == 900
    assert sale.values["holding_change_ratio"] == pytest.approx(-0.1)


def test_the_stake_is_unknown_where_a_position_is() -> None:
    sale = facts(a_row(after="400"), a_row("G", after="", nature="By Trust"))[0]
    assert sale.values["shares_after"] is None
    assert sale.values["holding_change_ratio"] is None


@pytest.mark.parametrize(
    ("days", "traded_on", "marks"),
    [
        (["2025-09-18", "2025-09-19"], date(2025, 9, 19), None),
        (["2035-09-19"], date(2025, 9, 17), "trade_date_implausible"),
        (["0022-09-19"], date(2025, 9, 17), "trade_date_implausible"),
        (["2025-09-19", "2035-09-19"], date(2025, 9, 19), "trade_date_implausible"),
        (["2025-02-30"], None, "date_unreadable trade_date_missing"),
    ],
)
def test_a_day_after_the_filing_is_replaced_by_the_period_of_report(
    days: list[str], traded_on: date | None, marks: str | None
) -> None:
    period = "<periodOfReport>2025-09-17</periodOfReport>"
    body = a_form(*(a_row(day=day) for day in days)).submission()
    first = f"<periodOfReport>{min(days)}</periodOfReport>"
    filing = read_filing(body.replace(first.encode(), period.encode()), name="form4.txt")

    (fact,) = insider_trades(filing, accepted_at=None, digest=DIGEST)

    assert (fact.values["traded_on"], fact.values["quality"]) == (traded_on, marks)


def test_a_joint_filing_is_one_trade_with_the_union_of_roles() -> None:
    values = the_fact(owners=(TRUST, JANE)).values
    assert values["owner_name"] == "DOE JANE"
    assert values["owners"] == "DOE TRUST; DOE JANE"
    assert values["role"] == "cfo"
    assert values["is_officer"]
    assert values["is_ten_percent_owner"]


def test_direct_and_indirect_rows_of_one_trade_have_no_common_word() -> None:
    assert the_fact(a_row(), a_row(nature="By Trust")).values["direct_indirect"] is None
    assert the_fact(a_row()).values["direct_indirect"] == "D"


def test_rows_are_kept_with_their_notes_as_filed() -> None:
    (row,) = the_fact(a_row(shares="100.50", note="A note.")).values["rows"]
    assert row["shares"] == "100.50"
    assert row["notes"] == {"F1": "A note."}


def test_a_filing_without_transactions_gives_no_facts() -> None:
    xml = a_form(form="4/A", remarks="Withdrawn.").xml()
    cut = xml[: xml.index("<nonDerivativeTable>")] + xml[xml.index("<remarks>") :]
    filing = read_filing(cut.encode(), name="form4.xml")
    assert insider_trades(filing, accepted_at=None, digest=DIGEST) == []


def test_reading_twice_gives_equal_facts() -> None:
    rows = (a_row("M"), a_row(price="10.5"), a_row("M", derivative=True))
    assert facts(*rows) == facts(*rows)


def test_prices_are_the_average_and_the_span_of_the_rows() -> None:
    values = the_fact(a_row(price="10"), a_row(price="11")).values
    prices = (values["price_low_usd"], values["price_usd"], values["price_high_usd"])
    assert prices == (10.0, 10.5, 11.0)
    assert values["price_basis"] == "as_filed"
    assert isinstance(values["value_usd"], int)
    assert Decimal(values["value_usd"]) == 210_000
