"""Whose bars they are."""

from datetime import date

import numpy as np
import pytest

from bot.errors import SourceUnreadable
from bot.prices.identity import Identity, of_this_company, read_identities
from tests.prices.series import a_bars, some_sessions

DAYS = some_sessions(300)


def test_bars_before_the_company_had_the_ticker_are_cut() -> None:
    bars = a_bars(DAYS, np.arange(1, 301))
    since = date.fromordinal(int(DAYS[100]))

    own = of_this_company(bars, Identity(ticker="ABC", valid_from=since))

    assert own.days.tolist() == DAYS[100:].tolist()
    assert own.close[0] == 101


def test_after_half_a_year_of_silence_a_ticker_starts_anew() -> None:
    silent = a_bars(np.delete(DAYS, slice(50, 180)), np.ones(170))
    halted = a_bars(np.delete(DAYS, slice(50, 170)), np.ones(180))

    assert of_this_company(silent).days[0] == DAYS[180]
    assert of_this_company(halted).days[0] == DAYS[0]
    assert len(of_this_company(silent.take(slice(0, 0)))) == 0


def test_a_table_tells_from_when_on_and_who_it_was() -> None:
    text = "ticker,valid_from,before,evidence\nOKLO,2024-05-10,AltC,bars\nXYZ,2020-01-02,,\n"

    found = read_identities(text, "identity.csv")

    assert found["OKLO"] == Identity(ticker="OKLO", valid_from=date(2024, 5, 10), before="AltC")
    assert found["XYZ"].before is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("ticker,since\n", "x.csv:1: no column valid_from"),
        ("ticker,valid_from\nABC,May 2024\n", "x.csv:2: valid_from 'May 2024' is no day"),
        ("ticker,valid_from\n,2024-05-10\n", "x.csv:2: no ticker"),
    ],
)
def test_what_can_not_be_read_is_told_with_its_line(text: str, told: str) -> None:
    with pytest.raises(SourceUnreadable) as caught:
        read_identities(text, "x.csv")

    assert str(caught.value).startswith(told)
