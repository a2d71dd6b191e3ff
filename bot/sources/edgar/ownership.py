"""Ownership documents (Forms 3, 4, 5 and amendments) of every schema version, bytes to Filing.

Source: SEC, EDGAR Ownership XML Technical Specification v3, and the elements that real filings have
added since (``aff10b5One``, ``issuerForeignTradingSymbol``, addresses outside the US).
"""

from collections.abc import Iterator
from dataclasses import replace
from xml.etree.ElementTree import Element

from bot.insider.filing import Filing, Line, Owner, Table
from bot.sources.edgar.container import Contained, Refused, accession_in_name
from bot.sources.edgar.reader import (
    FormReader,
    cik_of,
    kept_aside,
    read_form,
    refuse_text,
    short,
    text_of,
)
from bot.sources.edgar.schema import (
    DOCUMENT,
    GROUPS,
    IDENTITY,
    ISSUER,
    NAMES,
    OWNER,
    PLAIN,
    POSITION_GROUPS,
    RELATIONSHIP,
    ROWS,
    Shape,
)

_FORMS = ("3", "3/A", "4", "4/A", "5", "5/A")
_TABLES = {"nonDerivativeTable": Table.NON_DERIVATIVE, "derivativeTable": Table.DERIVATIVE}


def read_filing(body: bytes, *, name: str) -> Filing:
    """The filing in a document; SourceUnreadable with the reason where it can not be read.

    name: the document's file name, which may carry the accession number.
    """
    with kept_aside(name):
        contained, root, marks = read_form(body)
        return _Reader([*contained.marks, *marks]).filing(root, contained, name)


class _Reader(FormReader):
    """Reads one ownership document."""

    names = NAMES

    def filing(self, root: Element, contained: Contained, name: str) -> Filing:
        if root.tag != "ownershipDocument":
            raise Refused(f"the root is <{str(root.tag)[:60]}>, not <ownershipDocument>")
        parts = self.parts(root, DOCUMENT)
        form = text_of(parts["documentType"])
        if form not in _FORMS:
            raise Refused(f"document type {form!r}: no ownership form (3, 4, 5 or an amendment)")
        issuer = self.parts(parts["issuer"], ISSUER)
        filing = Filing(
            accession_number=contained.accession_number or accession_in_name(name),
            accepted_at=contained.accepted_at,
            schema_version=text_of(parts.get("schemaVersion")),
            form=form,
            period_of_report=self.day(text_of(parts["periodOfReport"])),
            original_filed_on=self.day(text_of(parts.get("dateOfOriginalSubmission"))),
            not_subject_to_section16=self.flag(parts.get("notSubjectToSection16")) or False,
            no_securities_owned=self.flag(parts.get("noSecuritiesOwned")) or False,
            issuer_cik=cik_of(issuer["issuerCik"], "issuer"),
            issuer_name=text_of(issuer.get("issuerName")),
            issuer_ticker=text_of(issuer.get("issuerTradingSymbol")),
            owners=tuple(self.owner(each) for each in root.findall("reportingOwner")),
            plan_box=self.flag(parts.get("aff10b5One")),
            lines=tuple(self.lines(parts)),
            footnotes=self.footnotes(parts.get("footnotes")),
            remarks=text_of(parts.get("remarks")),
            signatures=tuple(_signatures(root)),
        )
        self.check(filing)
        return replace(filing, quality=tuple(dict.fromkeys(self.marks))) if self.marks else filing

    # Parts.

    def owner(self, element: Element) -> Owner:
        parts = self.parts(element, OWNER)
        identity = self.parts(parts["reportingOwnerId"], IDENTITY)
        relation = parts.get("reportingOwnerRelationship")
        held = {} if relation is None else self.parts(relation, RELATIONSHIP)
        return Owner(
            cik=cik_of(identity["rptOwnerCik"], "reporting owner"),
            name=text_of(identity.get("rptOwnerName")),
            is_director=self.flag(held.get("isDirector")) or False,
            is_officer=self.flag(held.get("isOfficer")) or False,
            is_ten_percent_owner=self.flag(held.get("isTenPercentOwner")) or False,
            is_other=self.flag(held.get("isOther")) or False,
            officer_title=text_of(held.get("officerTitle")),
            other_text=text_of(held.get("otherText")),
        )

    def lines(self, parts: dict[str, Element]) -> Iterator[Line]:
        for tag, table in _TABLES.items():
            if tag in parts:
                refuse_text(parts[tag])
                for number, row in enumerate(parts[tag], start=1):
                    yield self.line(row, table, number)

    def line(self, row: Element, table: Table, number: int) -> Line:
        shape = ROWS.get(row.tag)
        if shape is None or (table is Table.DERIVATIVE) != row.tag.startswith("derivative"):
            raise Refused(f"<{str(row.tag)[:60]}> is no row of the {table.value} table")
        leaves, notes, trade_notes = self.leaves(row, shape)
        value = leaves.get
        is_transaction = row.tag.endswith("Transaction")
        if is_transaction:
            _refuse_without_amount(leaves)
        return Line(
            table=table,
            number=number,
            is_transaction=is_transaction,
            security=value("securityTitle"),
            code=value("transactionCode"),
            acquired_disposed=self.word(value("transactionAcquiredDisposedCode"), ("A", "D")),
            date=self.day(value("transactionDate")),
            deemed_date=self.day(value("deemedExecutionDate")),
            timeliness=value("transactionTimeliness"),
            equity_swap=self.boolean(value("equitySwapInvolved")) or False,
            shares=self.number(value("transactionShares")),
            total_value=self.number(value("transactionTotalValue")),
            price=self.number(value("transactionPricePerShare")),
            shares_after=self.number(value("sharesOwnedFollowingTransaction")),
            value_after=self.number(value("valueOwnedFollowingTransaction")),
            direct_indirect=self.word(value("directOrIndirectOwnership"), ("D", "I")),
            nature=value("natureOfOwnership"),
            exercise_price=self.number(value("conversionOrExercisePrice")),
            exercise_date=self.day(value("exerciseDate")),
            expiration_date=self.day(value("expirationDate")),
            underlying_security=value("underlyingSecurityTitle"),
            underlying_shares=self.number(value("underlyingSecurityShares")),
            underlying_value=self.number(value("underlyingSecurityValue")),
            notes=notes,
            trade_notes=trade_notes,
        )

    def leaves(
        self, row: Element, shape: Shape
    ) -> tuple[dict[str, str | None], tuple[str, ...], tuple[str, ...]]:
        """The texts of a row by name, and its footnote ids: all, and those about the trade."""
        found: dict[str, str | None] = {}
        notes: dict[str, None] = {}
        position_notes: dict[str, None] = {}
        for tag, part in self.parts(row, shape).items():
            group = GROUPS.get(tag)
            into = position_notes if tag in POSITION_GROUPS else notes
            if group is None:
                found[tag] = _leaf(part, into)
            else:
                for name, leaf in self.parts(part, group).items():
                    if name != "footnoteId":
                        found[name] = _leaf(leaf, into)
                _note_ids(part, into)
        return found, tuple(notes | position_notes), tuple(notes)

    def footnotes(self, element: Element | None) -> dict[str, str]:
        notes: dict[str, str] = {}
        if element is None:
            return notes
        refuse_text(element)
        for note in element:
            note_id, text = (note.get("id") or "").strip(), text_of(note)
            if note.tag != "footnote" or not note_id:
                raise Refused(f"<{short(str(note.tag))}> with id {note_id!r} in <footnotes>")
            if note_id in notes:
                raise Refused(f"footnote {note_id} stands twice")
            if text:
                notes[note_id] = text
        return notes

    # The whole.

    def check(self, filing: Filing) -> None:
        if not filing.owners:
            raise Refused("no reporting owner")
        if not filing.lines and not _may_be_empty(filing):
            raise Refused("no transaction and no holding, and nothing that explains it")
        told = {note for line in filing.lines for note in line.notes}
        if told - filing.footnotes.keys():
            self.marks.append("footnote_missing")


def _may_be_empty(filing: Filing) -> bool:
    """Form 3 of somebody who owns nothing, an exit from section 16, a withdrawal."""
    if filing.form.startswith("3") or filing.not_subject_to_section16:
        return True
    texts = [*filing.footnotes.values(), filing.remarks or ""]
    words = ("withdr", "no securities", "no transaction", "no longer subject", "in error")
    return any(word in text.lower() for text in texts for word in words)


def _refuse_without_amount(leaves: dict[str, str | None]) -> None:
    """A transaction has a number of shares or a value, and a code where it is coded at all."""
    if "transactionShares" not in leaves and "transactionTotalValue" not in leaves:
        raise Refused("<transactionAmounts> has no <transactionShares> or <transactionTotalValue>")
    if "transactionFormType" in leaves and "transactionCode" not in leaves:
        raise Refused("<transactionCoding> has no <transactionCode>")


def _signatures(root: Element) -> Iterator[tuple[str | None, str | None]]:
    for signature in root.findall("ownerSignature"):
        signed = text_of(signature.find("signatureDate"))
        yield text_of(signature.find("signatureName")), signed[:10] if signed else None


def _leaf(leaf: Element, notes: dict[str, None]) -> str | None:
    """The text of a leaf of a row, inside ``<value>`` but for those that the schema has plain; its
    footnote ids are added to notes."""
    refuse_text(leaf)
    if len(leaf) == 1 and leaf[0].tag == "value" and len(leaf[0]) == 0:
        return text_of(leaf[0])
    if leaf.tag in PLAIN and len(leaf) == 0:
        return text_of(leaf)
    value = None
    for child in leaf:
        if child.tag == "value" and value is None and len(child) == 0:
            value = child
        elif child.tag != "footnoteId":
            raise Refused(f"<{short(str(child.tag))}> in <{leaf.tag}>, beside one plain <value>")
    _note_ids(leaf, notes)
    return text_of(value)


def _note_ids(element: Element, notes: dict[str, None]) -> None:
    for note in element.findall("footnoteId"):
        note_id = (note.get("id") or "").strip()
        if not note_id:
            raise Refused(f"a footnote without id in <{element.tag}>")
        notes[note_id] = None
