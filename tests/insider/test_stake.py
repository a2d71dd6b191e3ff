"""The share of the stake: over all positions, and unknown where they can not be told apart."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.insider.facts import insider_trades
from bot.sandbox.filings import Company, Insider, Row, SyntheticFiling
from bot.sources.edgar.ownership import read_filing

BASE = SyntheticFiling(
    accession="0009999997-25-000001",
    accepted_at=datetime(2025, 9, 24, 22, tzinfo=UTC),
    company=Company(cik="0009000001", name="Issuer", ticker="ISS"),
    owners=[Insider(cik="0009000011", name="Doe Jane", director=True)],
    rows=[],
)


def a_sale(shares: str, after: str, nature: str = "") -> Row:
    return Row(code="S", shares=shares, price="10", day="2025-09-23", after=after, nature=nature)


def stake(*rows: Row) -> tuple[object, object]:
    """Shares left and the change of the holding, of the first trade."""
    filing = read_filing(replace(BASE, rows=rows).submission(), name="x.txt")
    values = insider_trades(filing, accepted_at=None, digest="")[0].values
    return values["shares_after"], values["holding_change_ratio"]


@pytest.mark.parametrize(
    "rows",
    [
        (a_sale("10", "90"), a_sale("20", "70")),
        (a_sale("20", "70"), a_sale("10", "90")),  # filed against the order of time
        (a_sale("10", "70"), a_sale("20", "70")),  # every row tells the last total
    ],
)
def test_lots_of_one_position_leave_what_the_last_of_them_left(rows: tuple[Row, ...]) -> None:
    assert stake(*rows) == (70, pytest.approx(-0.3))


def test_two_positions_under_one_name_make_the_stake_unknown() -> None:
    assert stake(a_sale("10", "1000", "By Trust"), a_sale("10", "10", "By Trust")) == (None, None)


def test_direct_and_indirect_positions_are_added() -> None:
    assert stake(a_sale("10", "90"), a_sale("20", "80", "By Trust")) == (
        170,
        pytest.approx(-0.15),
    )


def test_shares_that_come_and_go_between_do_not_break_the_chain() -> None:
    exercised = Row(code="M", shares="50", price="1", day="2025-09-23", after="140")
    sold = a_sale("10", "90"), exercised, a_sale("50", "90")
    assert stake(*sold) == (90, pytest.approx(-60 / 150))
