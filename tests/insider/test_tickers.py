"""Trading symbols as typed; the texts are of the kinds met in filings of 2024."""

import pytest

from bot.insider.filing_json import filing_json
from bot.insider.tickers import plain_ticker
from bot.sandbox.filings import Company
from tests.insider.forms import a_filing


@pytest.mark.parametrize(
    ("typed", "symbol"),
    [
        ("OKLO", "OKLO"),
        ("oklo", "OKLO"),
        ("BFA, BFB", "BFA"),
        ("Z AND ZG", "Z"),
        ("JUSH/JUSHF", "JUSH"),
        ("HEI, HEI.A", "HEI"),
        ("WSO; WSOB", "WSO"),
        ("NYSE: KRC", "KRC"),
        ("NYSE:KRC", "KRC"),
        ("NASDAQ:RMR", "RMR"),
        ("(NASDAQ: RMR)", "RMR"),
        ("NYSE American: IMO", "IMO"),
        ("LGF.B", "LGF-B"),
        ("BRK-B", "BRK-B"),
        ("N O G", "NOG"),
        ("(SIRI)", "SIRI"),
        ("'LTRX", "LTRX"),
        ("ABCDEF", "ABCDEF"),
        ("1314152", None),
        ("NONE", None),
        ("None", None),
        ("[NONE]", None),
        ("N/A", None),
        ("n.a.", None),
        ("-", None),
        ("--", None),
        ("Not Applicable", None),
        ("", None),
        (None, None),
    ],
)
def test_one_plain_symbol_is_made_of_what_is_typed(typed: str | None, symbol: str | None) -> None:
    assert plain_ticker(typed) == symbol


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("NONE", None), ("N/A", None), ("-", None), ("[NONE]", None), ("", None),
        ("BFA, BFB", "BFA, BFB"), ("NYSE: KRC", "NYSE: KRC"), ("1314152", "1314152"),
        ("oklo", "oklo"), ("(SIRI)", "(SIRI)"), ("N O G", "N O G"),
    ],
)  # fmt: skip
def test_the_json_has_symbols_as_filed_and_null_for_none(typed: str, told: str | None) -> None:
    filing = a_filing(company=Company(cik="0000000009", name="Example", ticker=typed))
    assert filing_json(filing)["issuer"]["ticker"] == told
