"""Where numbers come from: the stored bytes give the same fact again, and each place its text."""

import os
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from bot.cli.fact_sources import Sources, trade_sources
from bot.facts import INSIDER_TRADE, Type
from bot.insider.facts import digest_of, insider_trades
from bot.insider.provenance import Origin
from bot.insider.signals import NAMES as SIGNALS
from bot.sandbox.filings import Insider, Row, SyntheticFiling
from bot.sources.edgar.ownership import read_filing
from bot.sources.edgar.places import places_of
from bot.store import Store, loaded
from tests.insider.forms import ACCEPTED, JANE, a_form, a_row
from tests.insider.stored import a_store

REAL = Path(os.environ.get("BOT_TEST_DATA", "/nowhere")) / "form4"


FIXTURES = Path(__file__).parents[1] / "fixtures" / "form4"


PLAN = "Sold under a Rule 10b5-1 plan adopted on March 13, 2025."


RANGE = "Weighted average price; sold at prices ranging from $9.90 to $10.20."


SECOND = "nonDerivativeTable/nonDerivativeTransaction[2]"


FROM_OTHERS = {"duplicate_of", "superseded_by", "person_key", "quality", "collapse", "rows"}
"""What the ledger may set beside the amounts of rows that other filings tell."""


def told(store: Store, fact_id: str) -> dict[str, Origin]:
    found = trade_sources(store, fact_id)
    assert isinstance(found, Sources)
    return {each.field: each for each in found.origins}


def the_origins(*rows: Row, **values: Any) -> dict[str, Origin]:
    """The origins of the fact of the first row of a made-up filing."""
    form: SyntheticFiling = a_form(*rows, **values)
    store = a_store([("form4.txt", form.submission())])
    return told(store, f"form4:{form.accession}:non_derivative1")


def paths(origin: Origin) -> list[tuple[str, str | None]]:
    return [(place.path, place.text) for place in origin.places]


def marks(quality: str | None) -> set[str]:
    return set((quality or "").split())


def tree(body: bytes) -> ElementTree.Element:
    start, end = body.find(b"<ownershipDocument"), body.find(b"</ownershipDocument>")
    return ElementTree.fromstring(body[start : end + len(b"</ownershipDocument>")])


def real_documents() -> list[tuple[str, bytes]]:
    if not REAL.is_dir():
        pytest.skip("BOT_TEST_DATA names no folder with recorded filings")
    folders = ("xml", "containers", "sec_samples")
    files = [file for folder in folders for file in sorted((REAL / folder).iterdir())]
    return [(file.name, file.read_bytes()) for file in files]


def our_documents() -> list[tuple[str, bytes]]:
    files = [each for each in sorted(FIXTURES.iterdir()) if each.suffix in (".xml", ".txt", ".nc")]
    return [(file.name, file.read_bytes()) for file in files]


@pytest.mark.parametrize("documents", [our_documents, real_documents])
def test_the_stored_bytes_of_every_fact_give_the_fact_again(documents: Any) -> None:
    store = a_store(documents())
    rows = store.facts.select(INSIDER_TRADE, limit=1_000)
    assert rows
    for row in rows:
        body = store.documents.body(row["document_id"])
        filing = read_filing(body, name=f"{row['accession_number']}.txt")
        again = insider_trades(filing, accepted_at=None, digest=digest_of(body))
        (fact,) = (each for each in again if each.id == row["id"])
        stored = loaded(INSIDER_TRADE, row)
        changed = {name for name, value in fact.values.items() if stored[name] != value}
        assert changed <= (FROM_OTHERS if stored["collapse"] else {"quality"})
        assert marks(fact.values["quality"]) <= marks(stored["quality"])


@pytest.mark.parametrize("documents", [our_documents, real_documents])
def test_every_place_holds_the_text_that_is_told_of_it(documents: Any) -> None:
    store = a_store(documents())
    for row in store.facts.select(INSIDER_TRADE, limit=1_000):
        root = tree(store.documents.body(row["document_id"]))
        for origin in told(store, row["id"]).values():
            for place in origin.places:
                if not place.path.startswith("SEC-HEADER/"):
                    element = root.find(place.path)
                    assert element is not None
                    assert " ".join("".join(element.itertext()).split()) == (place.text or "")


@pytest.mark.parametrize("documents", [our_documents, real_documents])
def test_every_known_field_of_a_real_trade_tells_its_origin(documents: Any) -> None:
    store = a_store(documents())
    for row in store.facts.select(INSIDER_TRADE, limit=1_000):
        found = told(store, row["id"])
        known = {name for name in INSIDER_TRADE.ruled if row[name] is not None}
        assert known <= found.keys()


def test_every_field_that_the_filing_gives_has_a_place_in_it() -> None:
    found = the_origins(a_row(note=PLAN), a_row(note=RANGE), plan=True)
    nowhere = {name for name, origin in found.items() if not origin.places}
    assert nowhere <= {"id", "seen_at", "quality", *SIGNALS}


def test_shares_and_value_are_told_by_the_rows_that_make_them() -> None:
    rows = (a_row(shares="100.50"), a_row("F"), a_row(shares="200", price="11"))
    found = the_origins(*rows)

    shares = ("transactionAmounts/transactionShares/value", "transactionPricePerShare")
    assert paths(found["shares"]) == [
        (f"nonDerivativeTable/nonDerivativeTransaction[1]/{shares[0]}", "100.50"),
        (f"nonDerivativeTable/nonDerivativeTransaction[3]/{shares[0]}", "200"),
    ]
    assert found["shares"].how == "sum, over 2 rows"
    assert [text for _, text in paths(found["value_usd"])] == ["100.50", "10", "200", "11"]
    assert found["value_usd"].value == 320_500


def test_rows_are_numbered_among_their_own_sort() -> None:
    holding, sale = a_row("", after="5"), a_row()
    body = a_form(holding, sale).submission()
    places = places_of(body, name="form4.txt")
    ((_, first), (_, second)) = places.rows.items()
    assert first["securityTitle"].path.startswith("nonDerivativeTable/nonDerivativeHolding[1]/")
    assert second["securityTitle"].path.startswith("nonDerivativeTable/nonDerivativeTransaction[1]")


def test_a_plan_is_told_by_the_box_and_the_note_that_names_it() -> None:
    found = the_origins(a_row(note=PLAN), a_row(note=RANGE), plan=True)
    box = ("aff10b5One", "1")
    note = ("footnotes/footnote[@id='F1']", PLAN)
    assert paths(found["planned"]) == [box, note]
    assert paths(found["plan_adopted_on"]) == [note]


def test_an_average_is_told_by_its_note() -> None:
    found = the_origins(a_row(price="10", note=RANGE))
    assert ("footnotes/footnote[@id='F1']", RANGE) in paths(found["price_low_usd"])
    assert found["price_low_usd"].value == 9.9


def test_an_unknown_value_says_why_and_where_nothing_stands() -> None:
    found = the_origins(a_row(price=None, note="See remarks."))
    assert found["value_usd"].value is None
    assert found["value_usd"].how == "unknown: price missing"
    assert found["value_usd"].places[-1].text is None


def test_a_corrected_number_tells_how() -> None:
    note = "Price per ADS. Each ADS represents 20 ordinary shares."
    found = the_origins(a_row("P", shares="1000", price="3", security="Ordinary Shares", note=note))
    assert "1,000 shares ÷ 20 an ADS = 50 ADS" in found["value_usd"].how
    assert [text for _, text in paths(found["value_as_filed_usd"])] == ["1000", "3"]


def test_a_mistyped_day_is_told_with_the_period_that_stands_in() -> None:
    body = a_form(a_row(day="2035-09-19")).submission()
    period = b"<periodOfReport>2035-09-19<"
    store = a_store([("form4.txt", body.replace(period, b"<periodOfReport>2025-09-17<"))])
    found = told(store, "form4:0001849056-25-000123:non_derivative1")
    assert [text for _, text in paths(found["traded_on"])] == ["2035-09-19", "2025-09-17"]


def test_the_acceptance_is_told_by_the_header_or_by_the_signature() -> None:
    stated = the_origins()["known_at"]
    assert paths(stated) == [("SEC-HEADER/ACCEPTANCE-DATETIME", "20250923180211")]

    xml = a_form().xml().encode()
    fact_id = f"form4:sha256-{digest_of(xml)[:16]}:non_derivative1"
    guessed = told(a_store([("form4.xml", xml)]), fact_id)["known_at"]
    assert paths(guessed) == [("ownerSignature[1]/signatureDate", "2025-09-23")]


def test_owners_are_told_by_the_one_that_leads() -> None:
    trust = Insider(cik="0007654322", name="DOE TRUST", ten_percent_owner=True)
    found = the_origins(owners=(trust, JANE))
    name = "reportingOwnerId/rptOwnerName"
    assert paths(found["owner_name"]) == [(f"reportingOwner[2]/{name}", "DOE JANE")]
    assert len(found["owners"].places) == 2


def test_what_other_filings_told_is_not_looked_for_in_this_one() -> None:
    first = a_form(a_row(nature="By spouse"))
    spouse = Insider(cik="0007654323", name="DOE JOHN", director=True)
    second = a_form(a_row(), a_row(price="12"), owners=(spouse,), accession="0001849056-25-000124")
    store = a_store([("1.txt", first.submission()), ("2.txt", second.submission())])

    found = told(store, "form4:0001849056-25-000124:non_derivative1")

    assert paths(found["person_key"]) == []
    assert "0001849056-25-000123" in found["person_key"].how
    assert found["shares"].value == 100
    assert [text for _, text in paths(found["price_usd"])] == ["100", "12"]
    assert "1 more row is told by other filings" in found["shares"].how


def test_there_are_no_sources_of_a_fact_that_is_not_stored() -> None:
    assert trade_sources(a_store([]), "form4:none") is None


def test_details_are_no_numbers() -> None:
    names = the_origins(a_row(), accepted_at=ACCEPTED).keys()
    assert not [name for name in names if INSIDER_TRADE.by_name[name].type is Type.DETAIL]
