"""The shape of ownership documents: which element may and which must stand where.

Source: SEC, EDGAR Ownership XML Technical Specification v3; later elements from filings with schema
versions X0508 and X0609.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shape:
    """Names of the children of an element."""

    required: frozenset[str]
    known: frozenset[str]
    repeated: frozenset[str] = frozenset()


def _shape(required: str, optional: str = "", repeated: str = "") -> Shape:
    must, many = frozenset(required.split()), frozenset(repeated.split())
    return Shape(must, must | many | frozenset(optional.split()), many)


DOCUMENT = _shape(
    "documentType periodOfReport issuer",
    "schemaVersion dateOfOriginalSubmission noSecuritiesOwned notSubjectToSection16 "
    "form3HoldingsReported form4TransactionsReported aff10b5One nonDerivativeTable derivativeTable "
    "footnotes remarks",
    "reportingOwner ownerSignature",
)
ISSUER = _shape("issuerCik", "issuerName issuerTradingSymbol issuerForeignTradingSymbol")
OWNER = _shape("reportingOwnerId", "reportingOwnerAddress reportingOwnerRelationship")
RELATIONSHIP = _shape("", "isDirector isOfficer isTenPercentOwner isOther officerTitle otherText")

_CODING = "transactionCoding"
_TIMES = "deemedExecutionDate transactionTimeliness"
_RIGHT = "conversionOrExercisePrice exerciseDate expirationDate underlyingSecurity"
ROWS = {
    "nonDerivativeTransaction": _shape(
        "securityTitle transactionDate transactionCoding transactionAmounts ownershipNature",
        f"postTransactionAmounts {_TIMES}",
    ),
    "nonDerivativeHolding": _shape(
        "securityTitle ownershipNature", f"postTransactionAmounts {_CODING}"
    ),
    "derivativeTransaction": _shape(
        "securityTitle transactionDate transactionCoding transactionAmounts ownershipNature",
        f"postTransactionAmounts {_RIGHT} {_TIMES}",
    ),
    "derivativeHolding": _shape(
        "securityTitle ownershipNature", f"postTransactionAmounts {_RIGHT} {_CODING}"
    ),
}
LEAVES = {
    "transactionCoding": _shape(
        "transactionCode", "transactionFormType equitySwapInvolved", "footnoteId"
    ),
    "transactionAmounts": _shape(
        "transactionAcquiredDisposedCode transactionPricePerShare",
        "transactionShares transactionTotalValue",
    ),
    "underlyingSecurity": _shape(
        "", "underlyingSecurityTitle underlyingSecurityShares underlyingSecurityValue"
    ),
    "postTransactionAmounts": _shape(
        "", "sharesOwnedFollowingTransaction valueOwnedFollowingTransaction"
    ),
    "ownershipNature": _shape("directOrIndirectOwnership", "natureOfOwnership"),
}
"""Elements of a row that group leaves."""

POSITION_LEAVES = frozenset({"postTransactionAmounts", "ownershipNature"})
"""Their footnotes speak of the position, not of the trade."""
