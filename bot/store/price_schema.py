"""Tables of prices and of what companies report, as migrations made them."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlite_utils import Database


def price_tables(database: "Database") -> None:
    """Bars packed by ticker and quarter, and what else is known of the prices of a ticker."""
    tables: Any = database
    tables["price_sources"].create({"id": int, "name": str}, pk="id", not_null={"name"})
    tables["price_sources"].create_index(["name"], unique=True)
    tables["bars"].create(
        {"id": int, "ticker": str, "quarter": int, "bars": bytes},
        pk="id",
        not_null={"ticker", "quarter", "bars"},
    )
    tables["bars"].create_index(["ticker", "quarter"], unique=True)
    tables["restated_bars"].create(
        {"id": int, "ticker": str, "day": int, "seen_at": int, "told": str},
        pk="id",
        not_null={"ticker", "day", "seen_at", "told"},
    )
    tables["restated_bars"].create_index(["ticker"])
    tables["price_actions"].create(
        {
            "ticker": str,
            "ex_day": int,
            "kind": str,
            "price_ratio": float,
            "eps_ratio": float,
            "cash_usd": float,
            "source": str,
            "seen_at": int,
            "applied": int,
        },
        pk=("ticker", "ex_day", "kind"),
        not_null={"price_ratio", "eps_ratio", "source", "seen_at", "applied"},
    )
    tables["price_identities"].create(
        {"ticker": str, "valid_from": int, "before": str}, pk="ticker", not_null={"valid_from"}
    )
    tables["price_tickers"].create(
        {
            "ticker": str,
            "exchange": str,
            "first_day": int,
            "last_day": int,
            "told_day": int,
            "listed_day": int,
            "since_day": int,
            "asked_day": int,
            "gap_day": int,
            "tries": int,
            "not_before": int,
            "refused": str,
        },
        pk="ticker",
        not_null={"tries", "not_before"},
        defaults={"tries": 0, "not_before": 0},
    )


def figure_reasons(database: "Database") -> None:
    """Why asking for a company's figures is in vain."""
    table: Any = database["company_figures"]
    table.add_column("reason", str)


def figure_tables(database: "Database") -> None:
    """What companies report, whose a ticker is, and forward P/Es."""
    tables: Any = database
    tables["company_figures"].create(
        {
            "cik": str,
            "answered_at": int,
            "changed_at": int,
            "digest": str,
            "tries": int,
            "not_before": int,
            "body": bytes,
        },
        pk="cik",
        not_null={"tries"},
    )
    tables["ticker_ciks"].create(
        {"ticker": str, "cik": str, "seen_at": int}, pk="ticker", not_null={"cik", "seen_at"}
    )
    tables["expected_pes"].create(
        {
            "ticker": str,
            "pe": float,
            "method": str,
            "provider": str,
            "session": int,
            "asked_at": int,
        },
        pk="ticker",
        not_null={"pe", "method", "provider", "session", "asked_at"},
    )
