"""The life of a notice of sale: announced, executed, or not in 90 days."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.facts import COMPANY_FILING, FORM144, INSIDER_TRADE, Fact
from bot.notices import conclude_notices
from bot.pipeline import EDGAR, read_documents
from bot.sandbox.filings import Company, Insider, SyntheticFiling
from bot.sandbox.notices import SyntheticNotice
from bot.store import Arrival, NewDocument, Store
from tests.insider.forms import COMPANY
from tests.insider.notices import NOTICED, a_lot, a_notice, a_sale

NOTICE = "form144:0001849056-25-000900"
DEADLINE = datetime(2025, 12, 4, 3, tzinfo=UTC)
"""22:00 ET of 3 December, the second business day after 1 December, the 90th day."""

JOHN = Insider(cik="0000000042", name="ROE JOHN", title="Chief Executive Officer")


@pytest.fixture
def store() -> Iterator[Store]:
    held = Store(None)
    yield held
    held.close()


def keep(store: Store, *filings: SyntheticFiling | SyntheticNotice, quiet: bool = False) -> None:
    """Each filing kept and read by itself when it was accepted."""
    for filing in filings:
        name = f"{filing.accession}.txt"
        document = NewDocument(
            source=EDGAR, key=filing.accession, name=name, body=filing.submission(), quiet=quiet
        )
        with store.writing():
            store.documents.add([document], seen_at=filing.accepted_at)
        read_documents(store)


def stages(store: Store) -> list[dict[str, Any]]:
    """Facts of notices, oldest first."""
    return store.facts.select(FORM144)[::-1]


def sales(store: Store) -> list[dict[str, Any]]:
    return store.facts.select(INSIDER_TRADE)[::-1]


def names(rows: Iterable[dict[str, Any]]) -> list[str]:
    return [row["stage"] for row in rows]


def test_a_notice_is_announced_when_edgar_accepted_it(store: Store) -> None:
    keep(store, a_notice(a_lot(shares="1400000", value="99000000.005")))

    (row,) = stages(store)
    assert (row["id"], row["stage"]) == (f"{NOTICE}:announced", "announced")
    assert row["known_at"] == int(NOTICED.timestamp() * 1000)
    assert (row["value_usd"], row["shares"], row["share_of_class"]) == (9900000001, 1400000, 0.01)
    assert (row["seller_cik"], row["executed_shares"]) == ("0007654321", None)
    assert row["ticker"] is None


def test_a_notice_bears_the_ticker_that_insiders_filed_under_before(store: Store) -> None:
    keep(store, a_sale("2025-08-20", "10"), a_notice())
    assert [row["ticker"] for row in stages(store)] == ["OKLO"]


def test_lots_of_one_class_are_one_sum_and_lots_of_two_are_not(store: Store) -> None:
    keep(store, a_notice(a_lot(), a_lot(broker="Another Broker")))
    keep(store, a_notice(a_lot(), a_lot(security="Class B"), accession="0001849056-25-000901"))

    one, two = stages(store)
    assert (one["shares"], one["value_usd"]) == (2000, 14000000)
    assert one["broker"] == "Example Brokers LLC; Another Broker"
    assert (two["shares"], two["value_usd"]) == (None, 14000000)
    assert (two["security"], two["quality"]) == ("Common; Class B", "several_classes")


def test_the_sale_that_reaches_the_announced_shares_executes_the_notice(store: Store) -> None:
    keep(store, a_notice(), a_sale("2025-09-04", "400"))
    assert names(stages(store)) == ["announced"]

    keep(store, a_sale("2025-09-10", "900", "80"))

    announced, executed = stages(store)
    assert executed["id"] == f"{NOTICE}:executed"
    assert executed["known_at"] == int(datetime(2025, 9, 10, 20, 45, tzinfo=UTC).timestamp()) * 1000
    assert executed["executed_shares"] == 1000
    assert executed["executed_value_usd"] == (400 * 70 + 600 * 80) * 100
    assert executed["shares"] == announced["shares"]
    assert [row["announced_by"] for row in sales(store)] == [f"{NOTICE}:announced"] * 2


def test_a_sale_told_before_its_notice_executes_it_too(store: Store) -> None:
    keep(store, a_sale("2025-09-02", "1000", accepted_at=NOTICED - timedelta(minutes=1)))
    keep(store, a_notice())

    assert names(stages(store)) == ["announced", "executed"]
    assert stages(store)[1]["known_at"] == stages(store)[0]["known_at"]
    assert sales(store)[0]["announced_by"] is None  # nobody had announced it then


@pytest.mark.parametrize(
    "sale",
    [
        pytest.param(a_sale("2025-09-10", "1000", owners=(JOHN,)), id="another seller"),
        pytest.param(
            a_sale("2025-09-10", "1000",
                   company=Company(cik="0000000007", name="Other Inc.", ticker="OTH")),
            id="another company"),
        pytest.param(a_sale("2025-08-20", "1000"), id="long before"),
        pytest.param(a_sale("2025-12-02", "1000"), id="after 90 days"),
    ],
)  # fmt: skip
def test_a_sale_that_is_not_beyond_doubt_the_announced_one_changes_nothing(
    store: Store, sale: SyntheticFiling
) -> None:
    keep(store, a_notice(), sale)

    assert names(stages(store)) == ["announced"]
    assert [row["announced_by"] for row in sales(store)] == [None]


def test_a_seller_is_found_by_name_where_the_filer_has_another_cik(store: Store) -> None:
    broker = Insider(cik="0000000099", name="Jane Q. Doe")
    keep(store, a_notice(seller=broker), a_sale("2025-09-10", "1000"))
    assert names(stages(store)) == ["announced", "executed"]


def test_classes_that_contradict_each_other_are_two_sales(store: Store) -> None:
    keep(store, a_notice(a_lot(security="Class B Common")), a_sale("2025-09-10", "1000"))
    assert names(stages(store)) == ["announced"]


def test_a_sale_carries_out_the_newest_notice_first_and_the_older_with_the_rest(
    store: Store,
) -> None:
    later = a_notice(
        a_lot(shares="300", planned_on="09/09/2025"),
        accession="0001849056-25-000901",
        accepted_at=NOTICED + timedelta(days=7),
    )
    keep(store, a_notice(), later, a_sale("2025-09-10", "500"))

    assert [row["id"] for row in stages(store)][2:] == ["form144:0001849056-25-000901:executed"]
    assert [row["announced_by"] for row in sales(store)] == [
        "form144:0001849056-25-000901:announced"
    ]

    keep(store, a_sale("2025-09-11", "800"))
    assert [row["id"] for row in stages(store)][3:] == [f"{NOTICE}:executed"]


def test_no_end_comes_before_sales_of_the_last_day_must_be_reported(store: Store) -> None:
    keep(store, a_sale("2025-08-20", "10"), a_notice())

    assert conclude_notices(store, DEADLINE - timedelta(milliseconds=1)) == 0
    assert conclude_notices(store, DEADLINE) == 1
    assert conclude_notices(store, DEADLINE + timedelta(days=1)) == 0

    end = stages(store)[-1]
    assert (end["id"], end["stage"]) == (f"{NOTICE}:not_executed", "not_executed")
    assert end["known_at"] == int(DEADLINE.timestamp() * 1000)
    assert (end["executed_shares"], end["executed_value_usd"]) == (0, 0)


def test_what_was_sold_in_part_says_how_much(store: Store) -> None:
    keep(store, a_notice(), a_sale("2025-09-10", "250"))
    conclude_notices(store, DEADLINE)

    end = stages(store)[-1]
    assert (end["stage"], end["executed_shares"]) == ("partly_executed", 250)
    assert end["executed_value_usd"] == 250 * 70 * 100


def test_of_a_seller_without_any_form_4_nothing_is_known(store: Store) -> None:
    keep(store, a_sale("2025-08-20", "10", owners=(JOHN,)), a_notice())
    conclude_notices(store, DEADLINE)

    end = stages(store)[-1]
    assert (end["stage"], end["executed_shares"]) == ("not_executed", None)
    assert end["quality"] == "no_form_4_seen"


def test_an_executed_notice_has_no_other_end(store: Store) -> None:
    keep(store, a_notice(), a_sale("2025-09-10", "1000"))
    assert conclude_notices(store, DEADLINE) == 0


def test_an_end_long_past_when_a_quiet_notice_came_alerts_nobody(store: Store) -> None:
    old = a_notice()
    document = NewDocument(
        source=EDGAR, key=old.accession, name="x.txt", body=old.submission(), quiet=True
    )
    store.documents.add([document], seen_at=DEADLINE + timedelta(days=30))
    read_documents(store)
    conclude_notices(store, DEADLINE + timedelta(days=31))

    assert [row["quiet"] for row in stages(store)] == [1, 1]


def test_reading_a_notice_again_adds_nothing(store: Store) -> None:
    keep(store, a_notice(), a_sale("2025-09-10", "1000"))
    before = stages(store)
    keep(store, a_notice())
    assert stages(store) == before


def test_an_amended_notice_is_an_announcement_of_its_own(store: Store) -> None:
    amended = a_notice(
        form="144/A", accession="0001849056-25-000902", accepted_at=NOTICED + timedelta(days=1)
    )
    keep(store, a_notice(), amended)

    assert [(row["stage"], row["form"], row["gone_seq"]) for row in stages(store)] == [
        ("announced", "144", None), ("announced", "144/A", None),
    ]  # fmt: skip


def file(store: Store, form: str, day: str, items: str | None = None) -> None:
    """A filing of the company, known at the evening of its day."""
    at = datetime.fromisoformat(f"{day}T20:00:00+00:00")
    values = {"form": form, "filed_on": at.date(), "items": items, "issuer_cik": COMPANY.cik}
    fact = Fact(
        kind=COMPANY_FILING, id=f"filing:{form}:{day}", subject=COMPANY.cik, known_at=at,
        values=values,
    )  # fmt: skip
    store.facts.add([Arrival(fact=fact, seen_at=int(at.timestamp() * 1000))])


def listed(store: Store) -> list[tuple[int | None, int | None]]:
    return [(row["listed"], row["delisted_on"]) for row in sales(store)]


GONE = (datetime(2025, 9, 26, tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)).days


def test_a_trade_after_a_delisting_says_so_and_one_before_it_does_not(store: Store) -> None:
    keep(store, a_sale("2025-09-10", "10"))
    file(store, "8-K", "2025-09-26", "2.01 3.01 5.01")
    file(store, "25-NSE", "2025-09-26")
    keep(store, a_sale("2025-09-29", "10"))

    assert listed(store) == [(None, None), (0, GONE)]


def test_a_form_15_ends_it_by_itself(store: Store) -> None:
    file(store, "15-12G", "2025-09-26")
    keep(store, a_sale("2025-09-29", "10"))
    assert listed(store) == [(0, GONE)]


def test_a_form_25_of_notes_leaves_the_company_listed_as_far_as_is_known(store: Store) -> None:
    file(store, "8-K", "2025-09-26", "13.01")
    file(store, "25", "2025-09-26")
    keep(store, a_sale("2025-09-29", "10"))
    assert listed(store) == [(None, None)]


def test_a_company_that_reports_on_is_not_taken_for_gone(store: Store) -> None:
    file(store, "15-12G", "2025-08-01")
    file(store, "10-Q", "2025-09-26")
    keep(store, a_sale("2025-09-29", "10"))
    assert listed(store) == [(None, None)]


def test_what_was_filed_after_a_trade_was_told_is_not_known_to_it(store: Store) -> None:
    file(store, "15-12G", "2025-09-30")
    keep(store, a_sale("2025-09-29", "10"))
    assert listed(store) == [(None, None)]
