"""Alerts of companies without a ticker: the issuer stands in its place in a list."""

from tests.builders import a_trade
from tests.chat.desks import ANN, AnOffice


def test_a_trade_without_a_ticker_is_listed_by_its_issuer() -> None:
    office = AnOffice(by="subject")
    office.line.see(
        a_trade(ticker=None, issuer_name="Oklo Inc.", value_usd=420_000_000, role="ceo")
    )

    (row,) = office.asks(ANN, "insider").rows

    assert "Oklo Inc." in row.text
    assert "unknown" not in row.text


def test_a_role_in_a_list_reads_as_people_write_it() -> None:
    office = AnOffice()
    office.line.see(a_trade(value_usd=420_000_000, owner_name="Fund", role="ten_percent_owner"))

    (row,) = office.asks(ANN, "OKLO").rows

    assert "Fund (10% owner)" in row.text
