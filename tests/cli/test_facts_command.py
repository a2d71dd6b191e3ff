"""`bot facts`: which of the stored facts count."""

import io
from collections.abc import Iterable
from datetime import timedelta

from rich.console import Console

from bot.cli.facts import _list
from bot.facts import INSIDER_TRADE
from bot.sandbox.filings import Insider
from tests.insider.forms import ACCEPTED, a_form, a_row
from tests.insider.stored import a_store


def counted(documents: Iterable[tuple[str, bytes]]) -> list[str]:
    """The last column of each line of the table, newest fact first."""
    rows = a_store(documents).facts.select(INSIDER_TRADE)
    told = io.StringIO()
    Console(file=told, width=300).print(_list(INSIDER_TRADE, rows))
    header, *lines = told.getvalue().splitlines()
    return [line[header.index("counted") :].strip() for line in lines]


def test_the_second_telling_of_one_trade_is_marked_as_a_duplicate() -> None:
    first = a_form(a_row(nature="By spouse"))
    spouse = Insider(cik="0007654323", name="DOE JOHN", director=True)
    second = a_form(a_row(), owners=(spouse,), accession="0001849056-25-000124")

    column = counted([("1.txt", first.submission()), ("2.txt", second.submission())])

    assert sorted(column) == ["no: duplicate", "yes"]


def test_what_an_amendment_replaced_is_marked() -> None:
    first = a_form(a_row(shares="100"))
    amended = a_form(
        a_row(shares="90"),
        form="4/A",
        accession="0001849056-25-000124",
        accepted_at=ACCEPTED + timedelta(days=1),
        original_filed_on=ACCEPTED.date().isoformat(),
    )

    column = counted([("1.txt", first.submission()), ("2.txt", amended.submission())])

    assert sorted(column) == ["no: replaced", "yes"]
