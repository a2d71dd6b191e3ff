"""Who held which office on a day, and who votes in a year."""

from datetime import date

import pytest

from bot.fed.people import banks_voting_in, office_on, votes_on

OCTOBER = date(2025, 10, 9)


@pytest.mark.parametrize(
    ("name", "day", "office"),
    [
        ("Barr", date(2025, 2, 28), "Vice Chair for Supervision"),
        ("Barr", date(2025, 3, 1), "Governor"),
        ("Michael S. Barr", OCTOBER, "Governor"),
        ("Michael Barr", OCTOBER, "Governor"),
        ("BARR", OCTOBER, "Governor"),
        ("Powell", date(2026, 5, 21), "Chair"),
        ("Warsh", date(2026, 5, 22), "Chair"),
        ("Miran", date(2025, 9, 16), "Governor"),
        ("Schmid", OCTOBER, "President of Kansas City"),
        ("Jefferson", date(2023, 9, 12), "Governor"),
        ("Jefferson", date(2023, 9, 13), "Vice Chair"),
        ("Beth Hammack", OCTOBER, "President of Cleveland"),
        ("Thomas I. Barkin, Jr.", OCTOBER, "President of Richmond"),
    ],
)
def test_an_office_is_the_one_held_on_that_day(name: str, day: date, office: str) -> None:
    held = office_on(name, day)

    assert held is not None
    assert held.office == office


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("Gibson", OCTOBER),  # staff testify too
        ("Roseanne Barr", OCTOBER),
        ("Michael", OCTOBER),
        ("Warsh", date(2026, 5, 21)),
        ("Miran", date(2025, 9, 15)),
        ("Miran", date(2026, 5, 22)),
        ("Powell", date(2026, 5, 22)),
        ("", OCTOBER),
        ("  ", OCTOBER),
    ],
)
def test_somebody_unlisted_or_out_of_office_is_unknown(name: str, day: date) -> None:
    assert office_on(name, day) is None


@pytest.mark.parametrize(
    ("year", "banks"),
    [
        (2024, {"Richmond", "Cleveland", "Atlanta", "San Francisco"}),
        (2025, {"Boston", "Chicago", "St. Louis", "Kansas City"}),
        (2026, {"Cleveland", "Minneapolis", "Dallas", "Philadelphia"}),
        (2027, {"Richmond", "Chicago", "Atlanta", "San Francisco"}),
        (2028, {"Boston", "Cleveland", "St. Louis", "Kansas City"}),
        (2029, {"Philadelphia", "Chicago", "Dallas", "Minneapolis"}),
    ],
)
def test_banks_take_turns_beside_new_york(year: int, banks: set[str]) -> None:
    assert banks_voting_in(year) == banks | {"New York"}


def test_each_bank_has_its_turn_within_three_years_and_no_group_gives_two() -> None:
    years = [banks_voting_in(year) for year in range(2030, 2036)]

    assert {len(banks) for banks in years} == {5}
    assert len(frozenset.union(*years[:3])) == 12
    assert len(frozenset.union(*years[3:])) == 12


@pytest.mark.parametrize(
    ("name", "day", "votes"),
    [
        ("Schmid", date(2025, 10, 29), True),
        ("Schmid", date(2026, 1, 28), False),
        ("Williams", date(2026, 1, 28), True),
        ("Hammack", date(2025, 10, 29), False),
        ("Hammack", date(2026, 10, 28), True),
        ("Barr", date(2026, 1, 28), True),
        ("Warsh", date(2026, 6, 17), True),
    ],
)
def test_presidents_vote_in_their_year_and_the_board_always(
    name: str, day: date, votes: bool
) -> None:
    term = office_on(name, day)

    assert term is not None
    assert votes_on(term, day) is votes
