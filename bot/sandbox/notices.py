"""Notices of proposed sale written from a few words: what the sandbox serves and tests read.

The documents have the shape that EDGAR gives real ones; what they tell is made up.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from xml.sax.saxutils import escape

from bot.clock import NEW_YORK
from bot.sandbox.filings import Company, Insider

_SPACES = 'xmlns="http://www.sec.gov/edgar/ownership" xmlns:com="http://www.sec.gov/edgar/common"'
_ADDRESS = (
    "<com:street1>1 Main Street</com:street1><com:city>Springfield</com:city>"
    "<com:stateOrCountry>NY</com:stateOrCountry><com:zipCode>10000</com:zipCode>"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SyntheticLot:
    """One class to be sold.  planned_on: month/day/year, as filed."""

    shares: Decimal | str
    value: Decimal | str
    planned_on: str
    security: str = "Common"
    outstanding: Decimal | str = "140000000"
    broker: str = "Example Brokers LLC"


@dataclass(frozen=True, slots=True, kw_only=True)
class SyntheticNotice:
    """A Form 144 to write down."""

    accession: str
    accepted_at: datetime
    company: Company
    seller: Insider
    lots: Sequence[SyntheticLot]
    form: str = "144"
    relationship: str = "Officer"
    plans_adopted_on: Sequence[str] = ()

    def submission(self) -> bytes:
        """The full submission: header, then the document."""
        local = self.accepted_at.astimezone(NEW_YORK)
        parties = "".join(
            f"\n{role}:\n\n\t{kind} DATA:\t\n\t\tCOMPANY CONFORMED NAME:\t\t\t{name}"
            f"\n\t\tCENTRAL INDEX KEY:\t\t\t{cik}\n"
            for role, kind, name, cik in (
                ("SUBJECT COMPANY", "COMPANY", self.company.name.upper(), self.company.cik),
                ("REPORTING-OWNER", "OWNER", self.seller.name, self.seller.cik),
            )
        )
        text = (
            f"<SEC-DOCUMENT>{self.accession}.txt : {local:%Y%m%d}\n"
            f"<SEC-HEADER>{self.accession}.hdr.sgml : {local:%Y%m%d}\n"
            f"<ACCEPTANCE-DATETIME>{local:%Y%m%d%H%M%S}\nACCESSION NUMBER:\t\t{self.accession}\n"
            f"CONFORMED SUBMISSION TYPE:\t{self.form}\nPUBLIC DOCUMENT COUNT:\t\t1\n"
            f"FILED AS OF DATE:\t\t{local:%Y%m%d}\n{parties}</SEC-HEADER>\n<DOCUMENT>\n"
            f"<TYPE>{self.form}\n<SEQUENCE>1\n<FILENAME>primary_doc.xml\n<TEXT>\n<XML>\n"
            f"{self.xml()}\n</XML>\n</TEXT>\n</DOCUMENT>\n</SEC-DOCUMENT>\n"
        )
        return text.encode()

    def xml(self) -> str:
        """The notice."""
        credentials = _tag("cik", self.seller.cik) + _tag("ccc", "XXXXXXXX")
        filer = f"<filer><filerCredentials>{credentials}</filerCredentials></filer>"
        return (
            f'<?xml version="1.0" encoding="UTF-8"?><edgarSubmission {_SPACES}>\n<headerData>'
            f"{_tag('submissionType', self.form)}<filerInfo>{filer}"
            f"<liveTestFlag>LIVE</liveTestFlag></filerInfo></headerData>\n<formData>\n"
            f"{self._issuer()}\n{''.join(map(_lot, self.lots))}{''.join(map(_origin, self.lots))}"
            "<nothingToReportFlagOnSecuritiesSoldInPast3Months>Y"
            "</nothingToReportFlagOnSecuritiesSoldInPast3Months>\n"
            f"{self._signature()}\n</formData>\n</edgarSubmission>"
        )

    def _issuer(self) -> str:
        seller = "nameOfPersonForWhoseAccountTheSecuritiesAreToBeSold"
        return (
            f"<issuerInfo>{_tag('issuerCik', self.company.cik)}"
            f"{_tag('issuerName', self.company.name)}{_tag('secFileNumber', '001-00001')}"
            f"<issuerAddress>{_ADDRESS}</issuerAddress>{_tag('issuerContactPhone', '5550100')}"
            f"{_tag(seller, self.seller.name)}<relationshipsToIssuer>"
            f"{_tag('relationshipToIssuer', self.relationship)}</relationshipsToIssuer>"
            "</issuerInfo>"
        )

    def _signature(self) -> str:
        day = f"{self.accepted_at.astimezone(NEW_YORK):%m/%d/%Y}"
        plans = "".join(_tag("planAdoptionDate", each) for each in self.plans_adopted_on)
        adopted = f"<planAdoptionDates>{plans}</planAdoptionDates>" if plans else ""
        signed = _tag("signature", f"/s/ {self.seller.name}")
        return f"<noticeSignature>{_tag('noticeDate', day)}{adopted}{signed}</noticeSignature>"


def _lot(lot: SyntheticLot) -> str:
    return (
        f"<securitiesInformation>{_tag('securitiesClassTitle', lot.security)}"
        f"<brokerOrMarketmakerDetails>{_tag('name', lot.broker)}<address>{_ADDRESS}</address>"
        f"</brokerOrMarketmakerDetails>{_tag('noOfUnitsSold', lot.shares)}"
        f"{_tag('aggregateMarketValue', lot.value)}{_tag('noOfUnitsOutstanding', lot.outstanding)}"
        f"{_tag('approxSaleDate', lot.planned_on)}{_tag('securitiesExchangeName', 'NYSE')}"
        "</securitiesInformation>\n"
    )


def _origin(lot: SyntheticLot) -> str:
    return (
        f"<securitiesToBeSold>{_tag('securitiesClassTitle', lot.security)}"
        f"{_tag('acquiredDate', '01/02/2020')}"
        f"{_tag('natureOfAcquisitionTransaction', 'Restricted stock units')}"
        f"{_tag('nameOfPersonfromWhomAcquired', 'Issuer')}{_tag('isGiftTransaction', 'N')}"
        f"{_tag('amountOfSecuritiesAcquired', lot.shares)}{_tag('paymentDate', '01/02/2020')}"
        f"{_tag('natureOfPayment', 'Services')}</securitiesToBeSold>\n"
    )


def _tag(name: str, text: object) -> str:
    return f"<{name}>{escape(str(text))}</{name}>"
