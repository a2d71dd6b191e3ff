"""The shape of ownership documents: which element may and which must stand where.

Source: SEC, EDGAR Ownership XML Technical Specification v3; later elements from filings with schema
versions X0508 and X0609.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shape:
    """Names of the children of an element.

    required: without one of these the element says nothing.
    usual, one_of: every schema demands all of the first and one of the second, yet filings without
    them can be read; where an unknown element stands in the place of one, it is lost.
    """

    required: frozenset[str]
    known: frozenset[str]
    repeated: frozenset[str]
    one_of: frozenset[str]
    usual: frozenset[str]


def shape(
    required: str, optional: str = "", repeated: str = "", one_of: str = "", usual: str = ""
) -> Shape:
    """The shape of an element from names with blanks between them."""
    must, may, many, any_of, mostly = (
        frozenset(names.split()) for names in (required, optional, repeated, one_of, usual)
    )
    return Shape(must, must | may | many | any_of | mostly, many, any_of, mostly)


DOCUMENT = shape(
    "documentType periodOfReport issuer",
    "schemaVersion dateOfOriginalSubmission noSecuritiesOwned notSubjectToSection16 "
    "form3HoldingsReported form4TransactionsReported aff10b5One nonDerivativeTable derivativeTable "
    "footnotes remarks",
    "reportingOwner ownerSignature",
)
ISSUER = shape("issuerCik", "issuerForeignTradingSymbol", usual="issuerName issuerTradingSymbol")
IDENTITY = shape("rptOwnerCik", "rptOwnerCcc", usual="rptOwnerName")
OWNER = shape("reportingOwnerId", "reportingOwnerAddress reportingOwnerRelationship")
RELATIONSHIP = shape("", "isDirector isOfficer isTenPercentOwner isOther officerTitle otherText")

_CODING = "transactionCoding"
_AFTER = "postTransactionAmounts"
_TIMES = "deemedExecutionDate transactionTimeliness"
_RIGHT = "conversionOrExercisePrice exerciseDate expirationDate underlyingSecurity"
_TRANSACTION = "securityTitle transactionDate transactionAmounts ownershipNature"
_HOLDING = "securityTitle ownershipNature"
ROWS = {
    "nonDerivativeTransaction": shape(_TRANSACTION, _TIMES, usual=f"{_CODING} {_AFTER}"),
    "nonDerivativeHolding": shape(_HOLDING, _CODING, usual=_AFTER),
    "derivativeTransaction": shape(_TRANSACTION, _TIMES, usual=f"{_CODING} {_AFTER} {_RIGHT}"),
    "derivativeHolding": shape(_HOLDING, f"{_CODING} {_AFTER}", usual=_RIGHT),
}
GROUPS = {
    _CODING: shape("", "transactionFormType transactionCode equitySwapInvolved", "footnoteId"),
    "transactionAmounts": shape(
        "transactionAcquiredDisposedCode",
        one_of="transactionShares transactionTotalValue",
        usual="transactionPricePerShare",
    ),
    "underlyingSecurity": shape(
        "",
        one_of="underlyingSecurityShares underlyingSecurityValue",
        usual="underlyingSecurityTitle",
    ),
    "postTransactionAmounts": shape(
        "", one_of="sharesOwnedFollowingTransaction valueOwnedFollowingTransaction"
    ),
    "ownershipNature": shape("", "natureOfOwnership", usual="directOrIndirectOwnership"),
}
"""Elements of a row that group leaves."""

POSITION_GROUPS = frozenset({"postTransactionAmounts", "ownershipNature"})
"""Their footnotes speak of the position, not of the trade."""

PLAIN = frozenset({"transactionFormType", "transactionCode", "equitySwapInvolved"})
"""Leaves of a row that have their text without a ``<value>`` around it."""

NAMES = frozenset(ROWS).union(
    *(shape.known for shape in (DOCUMENT, ISSUER, OWNER, IDENTITY, RELATIONSHIP)),
    *(shape.known for shape in (*ROWS.values(), *GROUPS.values())),
    {"footnote", "signatureName"},
) - {"footnoteId"}
"""All elements but ``<value>`` and marks of footnotes."""
