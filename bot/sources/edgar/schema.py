"""The shape of ownership documents: which element may and which must stand where.

Source: SEC, EDGAR Ownership XML Technical Specification v3; later elements from filings with schema
versions X0508 and X0609.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shape:
    """Names of the children of an element.

    required: without one of these the element says nothing.
    one_of: at least one of these stands in it, where there are any.
    """

    required: frozenset[str]
    known: frozenset[str]
    repeated: frozenset[str] = frozenset()
    one_of: frozenset[str] = frozenset()


def _shape(required: str, optional: str = "", repeated: str = "", one_of: str = "") -> Shape:
    must, many, any_of = (frozenset(names.split()) for names in (required, repeated, one_of))
    return Shape(must, must | many | any_of | frozenset(optional.split()), many, any_of)


DOCUMENT = _shape(
    "documentType periodOfReport issuer",
    "schemaVersion dateOfOriginalSubmission noSecuritiesOwned notSubjectToSection16 "
    "form3HoldingsReported form4TransactionsReported aff10b5One nonDerivativeTable derivativeTable "
    "footnotes remarks",
    "reportingOwner ownerSignature",
)
ISSUER = _shape("issuerCik", "issuerName issuerTradingSymbol issuerForeignTradingSymbol")
IDENTITY = _shape("rptOwnerCik", "rptOwnerName rptOwnerCcc")
OWNER = _shape("reportingOwnerId", "reportingOwnerAddress reportingOwnerRelationship")
RELATIONSHIP = _shape("", "isDirector isOfficer isTenPercentOwner isOther officerTitle otherText")

_CODING = "transactionCoding"
_TIMES = "deemedExecutionDate transactionTimeliness"
_RIGHT = "conversionOrExercisePrice exerciseDate expirationDate underlyingSecurity"
ROWS = {
    "nonDerivativeTransaction": _shape(
        "securityTitle transactionDate transactionAmounts ownershipNature",
        f"{_CODING} postTransactionAmounts {_TIMES}",
    ),
    "nonDerivativeHolding": _shape(
        "securityTitle ownershipNature", f"postTransactionAmounts {_CODING}"
    ),
    "derivativeTransaction": _shape(
        "securityTitle transactionDate transactionAmounts ownershipNature",
        f"{_CODING} postTransactionAmounts {_RIGHT} {_TIMES}",
    ),
    "derivativeHolding": _shape(
        "securityTitle ownershipNature", f"postTransactionAmounts {_RIGHT} {_CODING}"
    ),
}
GROUPS = {
    _CODING: _shape("", "transactionFormType transactionCode equitySwapInvolved", "footnoteId"),
    "transactionAmounts": _shape(
        "transactionAcquiredDisposedCode",
        "transactionPricePerShare",
        one_of="transactionShares transactionTotalValue",
    ),
    "underlyingSecurity": _shape(
        "underlyingSecurityTitle", one_of="underlyingSecurityShares underlyingSecurityValue"
    ),
    "postTransactionAmounts": _shape(
        "", one_of="sharesOwnedFollowingTransaction valueOwnedFollowingTransaction"
    ),
    "ownershipNature": _shape("directOrIndirectOwnership", "natureOfOwnership"),
}
"""Elements of a row that group leaves."""

POSITION_GROUPS = frozenset({"postTransactionAmounts", "ownershipNature"})
"""Their footnotes speak of the position, not of the trade."""

PLAIN = frozenset({"transactionFormType", "transactionCode", "equitySwapInvolved"})
"""Leaves of a row that have their text without a ``<value>`` around it."""
