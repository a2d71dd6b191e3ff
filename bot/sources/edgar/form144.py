"""Form 144, the notice of a proposed sale, and its amendment: bytes to Notice.

Source: SEC, Form 144 as filed in XML (``edgarSubmission`` of the types 144 and 144/A), with the
namespace of the ownership forms and that of common elements for addresses.
"""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from xml.etree.ElementTree import Element

from bot.insider.notices import Lot, Notice
from bot.numbers import read_decimal
from bot.sources.edgar.container import (
    SUBMISSION,
    Contained,
    Refused,
    accession_in_name,
)
from bot.sources.edgar.reader import FormReader, cik_of, kept_aside, read_form, text_of
from bot.sources.edgar.schema import shape

_US_DAY = re.compile(r"(\d\d?)/(\d\d?)/(\d{4})", re.ASCII)
_FORMS = ("144", "144/A")
_SELLER = "nameOfPersonForWhoseAccountTheSecuritiesAreToBeSold"
_NOTHING_SOLD = "nothingToReportFlagOnSecuritiesSoldInPast3Months"

_DOCUMENT = shape("headerData formData", "schemaVersion documents")
_HEADER = shape("submissionType filerInfo", "previousAccessionNumber")
_FILERS = shape("", "liveTestFlag flags contact notifications", "filer")
_FILER = shape("filerCredentials", "fileNumber")
_CREDENTIALS = shape("cik", "ccc")
_FORM = shape(
    "issuerInfo securitiesInformation noticeSignature",
    f"{_NOTHING_SOLD} remarks",
    "securitiesInformation securitiesToBeSold securitiesSoldInPast3Months",
)
_ISSUER = shape(
    f"issuerCik {_SELLER}",
    "secFileNumber issuerAddress issuerContactPhone",
    usual="issuerName relationshipsToIssuer",
)
_LOT = shape(
    "noOfUnitsSold aggregateMarketValue",
    "securitiesExchangeName",
    usual="securitiesClassTitle brokerOrMarketmakerDetails noOfUnitsOutstanding approxSaleDate",
)
_BROKER = shape("", "address", usual="name")
_SIGNATURE = shape("", "planAdoptionDates", usual="noticeDate signature")


def read_notice(body: bytes, *, name: str) -> Notice:
    """The notice in a document; SourceUnreadable with the reason where it can not be read.

    name: the document's file name, which may carry the accession number.
    """
    with kept_aside(name):
        contained, root, marks = read_form(body)
        return _Reader([*contained.marks, *marks]).notice(root, contained, name)


class _Reader(FormReader):
    """Reads one notice."""

    names = frozenset().union(
        *(each.known for each in (_HEADER, _FILER, _CREDENTIALS, _FORM, _ISSUER, _LOT)),
        *(each.known for each in (_FILERS, _SIGNATURE)),
    )

    def notice(self, root: Element, contained: Contained, name: str) -> Notice:
        if root.tag != SUBMISSION.decode():
            raise Refused(f"the root is <{str(root.tag)[:60]}>, not <{SUBMISSION.decode()}>")
        parts = self.parts(root, _DOCUMENT)
        header = self.parts(parts["headerData"], _HEADER)
        form = text_of(header["submissionType"])
        if form not in _FORMS:
            raise Refused(f"submission type {form!r}: no notice of sale (144 or 144/A)")
        body = self.parts(parts["formData"], _FORM)
        issuer = self.parts(body["issuerInfo"], _ISSUER)
        issuer_cik = cik_of(issuer["issuerCik"], "issuer")
        signature = self.parts(body["noticeSignature"], _SIGNATURE)
        relationships = self.repeated(issuer.get("relationshipsToIssuer"), "relationshipToIssuer")
        plans = self.repeated(signature.get("planAdoptionDates"), "planAdoptionDate")
        filers = dict.fromkeys(self.filers(header["filerInfo"]))
        return Notice(
            accession_number=contained.accession_number or accession_in_name(name),
            accepted_at=contained.accepted_at,
            form=form,
            issuer_cik=issuer_cik,
            issuer_name=text_of(issuer.get("issuerName")),
            seller_name=text_of(issuer[_SELLER]),
            seller_ciks=tuple(cik for cik in filers if cik != issuer_cik),
            relationships=tuple(filter(None, map(text_of, relationships))),
            lots=tuple(map(self.lot, parts["formData"].findall("securitiesInformation"))),
            noticed_on=self.us_day(signature.get("noticeDate")),
            plans_adopted_on=tuple(filter(None, map(self.us_day, plans))),
            quality=tuple(dict.fromkeys(self.marks)),
        )

    def filers(self, element: Element) -> Iterator[str]:
        self.parts(element, _FILERS)
        for filer in element.findall("filer"):
            credentials = self.parts(filer, _FILER)["filerCredentials"]
            yield cik_of(self.parts(credentials, _CREDENTIALS)["cik"], "filer")

    def lot(self, element: Element) -> Lot:
        parts = self.parts(element, _LOT)
        broker = parts.get("brokerOrMarketmakerDetails")
        return Lot(
            security=text_of(parts.get("securitiesClassTitle")),
            broker=None if broker is None else text_of(self.parts(broker, _BROKER).get("name")),
            shares=self.amount(parts["noOfUnitsSold"]),
            value_usd=self.amount(parts["aggregateMarketValue"]),
            outstanding=self.amount(parts.get("noOfUnitsOutstanding")),
            planned_on=self.us_day(parts.get("approxSaleDate")),
        )

    def repeated(self, element: Element | None, name: str) -> list[Element]:
        """All children, which have this name."""
        if element is None:
            return []
        self.parts(element, shape("", repeated=name))
        return element.findall(name)

    def amount(self, element: Element | None) -> Decimal | None:
        """A number of shares or dollars; None where it is absent, unreadable or negative."""
        text = self.number(text_of(element))
        found = None if text is None else read_decimal(text)
        return None if found is None or found < 0 else found

    def us_day(self, element: Element | None) -> date | None:
        """A day as month/day/year; None where it is absent or, marked, no date."""
        text = text_of(element)
        if text is None:
            return None
        found = _US_DAY.fullmatch(text)
        try:
            if found:
                return date(int(found[3]), int(found[1]), int(found[2]))
        except ValueError:
            pass
        self.marks.append("date_unreadable")
        return None
