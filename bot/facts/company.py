"""The kinds of what companies and sellers file besides: Forms 144, 8-K and the like."""

from bot.facts.field import Field, Type, day, money, number, ratio, text, word
from bot.facts.kind import Kind

FORM144 = Kind(
    name="form144",
    doc="One stage of a notice of proposed sale: announced, then executed, or at the "
    "end of 90 days and of the time to report sales in them, partly or not executed.",
    subject="issuer CIK",
    fires="every",
    fields=(
        text("accession_number", "EDGAR accession number of the notice."),
        word("form", "Form type as filed.", "144", "144/A"),
        word(
            "stage",
            "What became of it.",
            "announced",
            "executed",
            "partly_executed",
            "not_executed",
            plain={
                "executed": "carried out",
                "partly_executed": "carried out in part",
                "not_executed": "not carried out",
            },
        ),
        Field(name="issuer_cik", type=Type.CIK, doc="CIK of the issuer, ten digits."),
        text("issuer_name", "Name of the issuer as filed."),
        text("seller_name", "For whose account the securities are to be sold."),
        Field(
            name="seller_cik",
            type=Type.CIK,
            doc="CIK of the one who filed it for that account; unknown where several did.",
        ),
        text("relationship", "Relationship to the issuer as filed: Officer, Director and so on."),
        text("security", "Title of the class as filed."),
        number("shares", "Shares to be sold."),
        money("value_usd", "Aggregate market value of them as filed."),
        ratio("share_of_class", "Shares to be sold ÷ shares outstanding, both as filed."),
        day("planned_on", "Approximate day of the sale."),
        day("plan_adopted_on", "Day the Rule 10b5-1 plan was adopted."),
        text("broker", "Through whom it is to be sold."),
        day("filed_on", "New York day on which EDGAR accepted the notice."),
        number(
            "executed_shares",
            "Shares sold in the market since, as Forms 4 tell; unknown before the end.",
        ),
        money("executed_value_usd", "Value of those sales."),
        text("quality", "Marks of doubt, separated by blanks; empty of marks is unknown."),
        Field(name="sellers", type=Type.DETAIL, doc="CIKs of all who filed it for that account."),
    ),
)

COMPANY_FILING = Kind(
    name="company_filing",
    doc="One filing of a watched company other than ownership forms.",
    subject="issuer CIK",
    fires="every",
    fields=(
        text("accession_number", "EDGAR accession number."),
        text("form", "Form type as filed: 8-K, 25, 15-12G, 424B5, 10-Q and so on."),
        Field(name="issuer_cik", type=Type.CIK, doc="CIK of the company, ten digits."),
        text("items", "Items of an 8-K, separated by blanks: 2.02 9.01."),
        text("issuer_name", "Name of the company at the time."),
        text("title", "What the form and its items are, in words."),
        text("url", "Page of the filing on sec.gov."),
        day("filed_on", "Filing date of EDGAR."),
    ),
)
