"""The sandbox EDGAR publishes notices of sale as the real one does."""

from datetime import timedelta
from pathlib import Path

from bot.sandbox.edgar_market import SandboxMarket
from bot.sandbox.edgar_publication import REPORTING, SUBJECT, published
from bot.sources.edgar.container import contained_form
from bot.sources.edgar.form144 import read_notice
from tests.insider.notices import NOTICED, a_notice


def test_a_notice_is_about_its_subject_and_from_its_seller() -> None:
    publication = published(a_notice())

    assert [(party.role, party.cik) for party in publication.parties] == [
        (SUBJECT, "0001849056"), (REPORTING, "0007654321"),
    ]  # fmt: skip
    assert publication.primary_document == "xsl144X01/primary_doc.xml"


def test_a_notice_of_the_evening_keeps_its_day() -> None:
    late = published(a_notice(accepted_at=NOTICED + timedelta(hours=5)))  # 21:30 in New York
    assert late.filed_on.isoformat() == "2025-09-02"


def test_a_bare_notice_in_a_folder_is_put_into_a_submission(tmp_path: Path) -> None:
    (tmp_path / "notice.xml").write_text(a_notice().xml())

    market, refused = SandboxMarket.from_folder(tmp_path)

    (publication,) = market.publications
    assert refused == {}
    assert publication.form == "144"
    assert contained_form(publication.body).accession_number == publication.accession_number
    notice = read_notice(publication.body, name="x.txt")
    assert notice.seller_ciks == ("0007654321",)
    assert notice.accepted_at == publication.accepted_at
    assert b"SUBJECT COMPANY:" in publication.body
