"""Ownership documents (Forms 3, 4, 5 and amendments) of every schema version, bytes to Filing.

Source: SEC, EDGAR Ownership XML Technical Specification v3, and the elements that real filings have
added since (``aff10b5One``, ``issuerForeignTradingSymbol``, addresses outside the US).
"""

from collections.abc import Iterable, Iterator, KeysView
from datetime import datetime
from difflib import get_close_matches
from xml.etree.ElementTree import Element

from bot.errors import SourceUnreadable
from bot.insider.filing import Filing, Line, Owner, Table, read_day
from bot.numbers import read_decimal
from bot.sources.edgar.characters import read_tree
from bot.sources.edgar.container import Refused, accession_in_name, contained_form
from bot.sources.edgar.schema import (
    DOCUMENT,
    ISSUER,
    LEAVES,
    OWNER,
    POSITION_LEAVES,
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
    try:
        contained = contained_form(body)
        root, marks = read_tree(contained.xml)
        accession = contained.accession_number or accession_in_name(name)
        return _Reader(root, marks).filing(accession, contained.accepted_at)
    except Refused as refusal:
        raise SourceUnreadable(
            str(refusal), where=name, mend="kept aside; compare it with the document on sec.gov"
        ) from refusal


class _Reader:
    """Reads one tree; what is unknown to the schema is noted, and refused where a part is lost."""

    def __init__(self, root: Element, marks: Iterable[str]) -> None:
        self.root = _without_namespace(root)
        self.marks = list(marks)

    def filing(self, accession: str | None, accepted_at: datetime | None) -> Filing:
        if self.root.tag != "ownershipDocument":
            raise Refused(f"the root is <{self.root.tag[:60]}>, not <ownershipDocument>")
        parts = self.parts(self.root, DOCUMENT)
        form = _text(parts.get("documentType"))
        if form not in _FORMS:
            raise Refused(f"document type {form!r}: no ownership form (3, 4, 5 or an amendment)")
        issuer = self.parts(_there(parts, "issuer"), ISSUER)
        filing = Filing(
            accession_number=accession,
            accepted_at=accepted_at,
            schema_version=_text(parts.get("schemaVersion")),
            form=form,
            period_of_report=self.day(_text(parts.get("periodOfReport"))),
            original_filed_on=self.day(_text(parts.get("dateOfOriginalSubmission"))),
            not_subject_to_section16=self.flag(parts.get("notSubjectToSection16")) or False,
            no_securities_owned=self.flag(parts.get("noSecuritiesOwned")) or False,
            issuer_cik=_cik(issuer.get("issuerCik"), "issuer"),
            issuer_name=_text(issuer.get("issuerName")),
            issuer_ticker=_text(issuer.get("issuerTradingSymbol")),
            owners=tuple(self.owner(e) for e in self.root.findall("reportingOwner")),
            plan_box=self.flag(parts.get("aff10b5One")),
            lines=tuple(self.lines(parts)),
            footnotes=self.footnotes(parts.get("footnotes")),
            remarks=_text(parts.get("remarks")),
            signatures=tuple(self.signatures()),
            quality=(),
        )
        self.check(filing)
        object.__setattr__(filing, "quality", tuple(dict.fromkeys(self.marks)))
        return filing

    # Parts.

    def parts(self, element: Element, shape: Shape) -> dict[str, Element]:
        """The children by name.  One that is unknown beside a required one that is missing, and one
        that stands twice, are lost structure."""
        found: dict[str, Element] = {}
        strange = None
        for child in element:
            tag = child.tag
            if tag in found and tag not in shape.repeated:
                raise Refused(f"<{tag}> stands twice in <{element.tag}>")
            if tag not in shape.known:
                strange = tag
            found[tag] = child
        if strange is not None:
            _refuse_misspelt(element.tag, str(strange), shape, found.keys())
            self.marks.append("unknown_element")
        return found

    def owner(self, element: Element) -> Owner:
        parts = self.parts(element, OWNER)
        identity = _there(parts, "reportingOwnerId", "reportingOwner")
        relation = parts.get("reportingOwnerRelationship")
        held = {} if relation is None else self.parts(relation, RELATIONSHIP)
        return Owner(
            cik=_cik(identity.find("rptOwnerCik"), "reporting owner"),
            name=_text(identity.find("rptOwnerName")),
            is_director=self.flag(held.get("isDirector")) or False,
            is_officer=self.flag(held.get("isOfficer")) or False,
            is_ten_percent_owner=self.flag(held.get("isTenPercentOwner")) or False,
            is_other=self.flag(held.get("isOther")) or False,
            officer_title=_text(held.get("officerTitle")),
            other_text=_text(held.get("otherText")),
        )

    def lines(self, parts: dict[str, Element]) -> Iterator[Line]:
        for tag, table in _TABLES.items():
            if tag in parts:
                for number, row in enumerate(parts[tag], start=1):
                    yield self.line(row, table, number)

    def line(self, row: Element, table: Table, number: int) -> Line:
        shape = ROWS.get(row.tag)
        if shape is None or (table is Table.DERIVATIVE) != row.tag.startswith("derivative"):
            raise Refused(f"<{str(row.tag)[:60]}> is no row of the {table.value} table")
        leaves, notes, trade_notes = self.leaves(row, shape)
        value = {name: _value(leaf) for name, leaf in leaves.items()}.get
        return Line(
            table=table,
            number=number,
            is_transaction=row.tag.endswith("Transaction"),
            security=value("securityTitle"),
            code=value("transactionCode"),
            acquired_disposed=self.word(value("transactionAcquiredDisposedCode"), ("A", "D")),
            date=self.day(value("transactionDate")),
            deemed_date=self.day(value("deemedExecutionDate")),
            timeliness=value("transactionTimeliness"),
            equity_swap=self.flag(leaves.get("equitySwapInvolved")) or False,
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
    ) -> tuple[dict[str, Element], tuple[str, ...], tuple[str, ...]]:
        """The leaves of a row by name, and its footnote ids: all, and those about the trade."""
        found: dict[str, Element] = {}
        notes: dict[str, None] = {}
        trade_notes: dict[str, None] = {}
        for part in self.parts(row, shape).values():
            group = LEAVES.get(part.tag)
            if group is None:
                found[part.tag] = part
            else:
                found |= self.parts(part, group)
            for note in part.iter("footnoteId"):
                if note_id := note.get("id"):
                    notes[note_id] = None
                    if part.tag not in POSITION_LEAVES:
                        trade_notes[note_id] = None
        return found, tuple(notes), tuple(trade_notes)

    def footnotes(self, element: Element | None) -> dict[str, str]:
        notes: dict[str, str] = {}
        for note in element if element is not None else ():
            note_id, text = note.get("id"), _text(note)
            if note_id in notes:
                raise Refused(f"footnote {note_id} stands twice")
            if note_id and text:
                notes[note_id] = text
        return notes

    def signatures(self) -> Iterator[tuple[str | None, str | None]]:
        for signature in self.root.findall("ownerSignature"):
            signed = _text(signature.find("signatureDate"))
            yield _text(signature.find("signatureName")), signed[:10] if signed else None

    # Values.

    def flag(self, element: Element | None) -> bool | None:
        """1, 0, true or false; None where the element is absent or empty."""
        text = _value(element) if element is not None else None
        if text is None:
            return None
        if text.lower() in ("1", "true"):
            return True
        if text.lower() not in ("0", "false"):
            self.marks.append("flag_unreadable")
            return None
        return False

    def number(self, text: str | None) -> str | None:
        if text is not None and read_decimal(text) is None:
            self.marks.append("number_unreadable")
            return None
        return text

    def day(self, text: str | None) -> str | None:
        """The first ten characters: xs:date allows a zone suffix."""
        if text is None:
            return None
        if read_day(text) is None:
            self.marks.append("date_unreadable")
            return None
        return text[:10]

    def word(self, text: str | None, words: tuple[str, ...]) -> str | None:
        if text is not None and text not in words:
            self.marks.append("word_unreadable")
            return None
        return text

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


def _refuse_misspelt(inside: str, strange: str, shape: Shape, found: KeysView[str]) -> None:
    """A later schema may add an element; one in the place of a missing one is a lost part."""
    near = get_close_matches(strange, shape.known - found, n=1, cutoff=0.8)
    missing = near or sorted(shape.required - found)
    if missing:
        raise Refused(f"<{inside}> has <{strange[:60]}> but no <{missing[0]}>")


def _there(parts: dict[str, Element], tag: str, inside: str = "ownershipDocument") -> Element:
    if tag not in parts:
        raise Refused(f"<{inside}> has no <{tag}>")
    return parts[tag]


def _cik(element: Element | None, whose: str) -> str:
    """A CIK, ten digits; SEC archives pad it with zeros."""
    text = _text(element)
    if text is None or not (text.isascii() and text.isdigit() and len(text) <= 10):
        raise Refused(f"the CIK of the {whose} is {text!r}")
    return text.zfill(10)


def _value(leaf: Element) -> str | None:
    """The text of a leaf: inside ``<value>``, or its own where the schema has plain text."""
    value = leaf.find("value")
    if value is None:
        if any(child.tag != "footnoteId" for child in leaf):
            raise Refused(f"<{leaf.tag}> has <{leaf[0].tag[:60]}> but no <value>")
        return _text(leaf)
    if len(leaf) > 1 and len(leaf.findall("value")) > 1:
        raise Refused(f"<value> stands twice in <{leaf.tag}>")
    return _text(value)


def _text(element: Element | None) -> str | None:
    """The text of an element with runs of white space as one blank; None where it is empty."""
    if element is None:
        return None
    text = element.text if len(element) == 0 else "".join(element.itertext())
    return " ".join(text.split()) or None if text else None


def _without_namespace(root: Element) -> Element:
    """The tree with names as the schema has them, where the root puts all into one namespace."""
    if not root.tag.startswith("{"):
        return root
    space = root.tag.partition("}")[0] + "}"
    for element in root.iter():
        if isinstance(element.tag, str):
            element.tag = element.tag.removeprefix(space)
    return root
