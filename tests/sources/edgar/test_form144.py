"""Notices of proposed sale, from bytes to what they say."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from bot.errors import SourceUnreadable
from bot.insider.filing import Filing
from bot.insider.notices import Notice
from bot.sources.edgar.form144 import read_notice
from bot.sources.edgar.forms import read_document
from tests.insider.forms import a_form
from tests.insider.notices import NOTICED, a_lot, a_notice
from tests.sources.edgar.recorded import RECORDED, needs_recorded


def read(body: bytes) -> Notice:
    return read_notice(body, name="x.txt")


def test_a_full_submission_gives_who_what_when_and_the_instant_of_its_header() -> None:
    lot = a_lot(shares="1500.5", value="99000.10", outstanding="3001")
    notice = read(a_notice(lot, plans_adopted_on=("03/11/2025",)).submission())

    assert notice.accession_number == "0001849056-25-000900"
    assert notice.accepted_at == NOTICED
    assert (notice.form, notice.issuer_cik, notice.issuer_name) == (
        "144", "0001849056", "Oklo Inc.",
    )  # fmt: skip
    assert (notice.seller_name, notice.seller_ciks) == ("DOE JANE", ("0007654321",))
    assert notice.relationships == ("Officer",)
    (found,) = notice.lots
    assert (found.shares, found.value_usd, found.outstanding) == (
        Decimal("1500.5"), Decimal("99000.10"), Decimal("3001"),
    )  # fmt: skip
    assert (found.security, found.broker) == ("Common", "Example Brokers LLC")
    assert found.planned_on == date(2025, 9, 2)
    assert notice.plans_adopted_on == (date(2025, 3, 11),)
    assert notice.quality == ()


def test_a_namespace_by_prefix_reads_as_a_default_one_does() -> None:
    plain = a_notice().xml()
    prefixed = plain.replace("xmlns=", "xmlns:own=")
    for name in {part.split(">")[0].split()[0] for part in plain.split("<")[2:]}:
        bare = name.lstrip("/")
        if not bare.startswith(("com:", "?")):
            slash = "/" if name.startswith("/") else ""
            prefixed = prefixed.replace(f"<{name}>", f"<{slash}own:{bare}>")
            prefixed = prefixed.replace(f"<{name} ", f"<{slash}own:{bare} ")

    assert "<own:issuerCik>" in prefixed
    assert read(prefixed.encode()) == read(plain.encode())


def test_the_issuer_is_never_taken_for_the_seller() -> None:
    body = a_notice().submission().replace(b"<cik>0007654321</cik>", b"<cik>1849056</cik>")
    assert read(body).seller_ciks == ()


@pytest.mark.parametrize(
    ("old", "new", "unknown", "mark"),
    [
        (b"<noOfUnitsSold>1000<", b"<noOfUnitsSold>1,000<", "shares", "number_unreadable"),
        (b"<noOfUnitsSold>1000<", b"<noOfUnitsSold>-5<", "shares", None),
        (b"<aggregateMarketValue>70000.00<", b"<aggregateMarketValue><", "value_usd", None),
        (b"<approxSaleDate>09/02/2025<", b"<approxSaleDate>13/02/2025<", "planned_on",
         "date_unreadable"),
        (b"<approxSaleDate>09/02/2025<", b"<approxSaleDate>soon<", "planned_on",
         "date_unreadable"),
    ],
)  # fmt: skip
def test_what_can_not_be_read_is_unknown_and_never_zero(
    old: bytes, new: bytes, unknown: str, mark: str | None
) -> None:
    body = a_notice().submission()
    assert old in body

    notice = read(body.replace(old, new))

    assert getattr(notice.lots[0], unknown) is None
    assert notice.quality == ((mark,) if mark else ())


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (b"<submissionType>144<", b"<submissionType>D<", "no notice of sale"),
        (b"issuerCik>", b"issuerCIK>", "<issuerInfo> has <issuerCIK> but no <issuerCik>"),
        (b"<noOfUnitsSold>1000</noOfUnitsSold>", b"", "has no <noOfUnitsSold>"),
        (b"securitiesInformation>", b"securityInformation>", "<securitiesInformation>"),
        (b"<issuerCik>", b"<issuerCik>1</issuerCik><issuerCik>", "stands twice"),
        (b"<cik>0007654321</cik>", b"<cik>Jane</cik>", "the CIK of the filer is 'Jane'"),
        (b"</formData>", b"", "not well-formed"),
        (b"<headerData>", b"left over<headerData>", "text where only elements belong"),
        (b"<noOfUnitsSold>", b"<Lots><noOfUnitsSold>1</noOfUnitsSold></Lots><noOfUnitsSold>",
         "has <Lots>"),
    ],
)  # fmt: skip
def test_a_document_with_a_lost_part_is_refused_with_the_reason(
    old: bytes, new: bytes, reason: str
) -> None:
    body = a_notice().submission()
    assert old in body

    with pytest.raises(SourceUnreadable) as refused:
        read(body.replace(old, new))

    assert reason in refused.value.what


def test_every_cut_of_the_xml_is_refused() -> None:
    body = a_notice().xml().encode()
    for end in range(0, len(body) - 1, 97):
        with pytest.raises(SourceUnreadable):
            read(body[:end])


def test_the_root_decides_what_a_document_is() -> None:
    assert isinstance(read_document(a_notice().submission(), name="x.txt"), Notice)
    assert isinstance(read_document(a_form().submission(), name="x.txt"), Filing)
    with pytest.raises(SourceUnreadable, match="the root is <other>"):
        read_document(b"<other/>", name="x.xml")


@needs_recorded
@pytest.mark.parametrize(
    ("file", "told"),
    [
        ("form144-bare.xml", ("0000076267", "Petropoulos Constantine", ("0001622588",), "2500",
                              "90000.00", "21751211", date(2026, 7, 27), ())),
        ("form144-prefixed.xml", ("0001699136", "Bender Investment Company", ("0001992549",),
                                  "100000", "5500000", "69418430", date(2026, 7, 27),
                                  (date(2026, 3, 11),))),
    ],
)  # fmt: skip
def test_a_recorded_notice_is_read_whole(file: str, told: tuple[object, ...]) -> None:
    notice = read(Path(RECORDED / "other" / file).read_bytes())
    (lot,) = notice.lots

    assert (
        notice.issuer_cik, notice.seller_name, notice.seller_ciks, str(lot.shares),
        str(lot.value_usd), str(lot.outstanding), lot.planned_on, notice.plans_adopted_on,
    ) == told  # fmt: skip
    assert notice.quality == ()
