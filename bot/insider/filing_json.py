"""A filing as the JSON that other tools read: ``bot parse form4 --json``."""

from decimal import Decimal
from typing import Any

from bot.clock import from_ms, to_ms
from bot.insider.filing import Filing, Line, Owner
from bot.insider.plans import document_planned
from bot.insider.tickers import is_none_like
from bot.insider.trades import Trade, trades_of


def filing_json(filing: Filing) -> dict[str, Any]:
    """Numbers are texts exactly as filed, absent ones null; a none-like ticker is null."""
    ticker = filing.issuer_ticker
    return {
        "accession_number": filing.accession_number,
        "form": filing.form,
        "accepted_at": _instant(filing),
        "period_of_report": filing.period_of_report,
        "issuer": {
            "cik": filing.issuer_cik,
            "name": filing.issuer_name,
            "ticker": None if ticker is None or is_none_like(ticker) else ticker,
        },
        "owners": [_owner(owner) for owner in filing.owners],
        "planned": document_planned(filing).value,
        "lines": [_line(line) for line in filing.lines],
        "footnotes": dict(filing.footnotes),
        "remarks": filing.remarks,
        "trades": [_trade(trade) for trade in trades_of(filing)],
        "quality": list(filing.quality),
    }


def _instant(filing: Filing) -> str | None:
    if filing.accepted_at is None:
        return None
    return from_ms(to_ms(filing.accepted_at)).strftime("%Y-%m-%dT%H:%M:%SZ")


def _owner(owner: Owner) -> dict[str, Any]:
    return {
        "cik": owner.cik,
        "name": owner.name,
        "is_director": owner.is_director,
        "is_officer": owner.is_officer,
        "is_ten_percent_owner": owner.is_ten_percent_owner,
        "is_other": owner.is_other,
        "officer_title": owner.officer_title,
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "table": line.table.value,
        "line": line.number,
        "kind": "transaction" if line.is_transaction else "holding",
        "security": line.security,
        "code": line.code,
        "acquired_disposed": line.acquired_disposed,
        "date": line.date,
        "shares": line.shares,
        "price_usd": line.price,
        "shares_after": line.shares_after,
        "direct_indirect": line.direct_indirect,
        "nature": line.nature,
        "exercise_price_usd": line.exercise_price,
        "underlying_shares": line.underlying_shares,
        "expiration_date": line.expiration_date,
        "equity_swap": line.equity_swap,
        "footnotes": list(line.notes),
    }


def _trade(trade: Trade) -> dict[str, Any]:
    return {
        "table": trade.table.value,
        "code": trade.code,
        "acquired_disposed": trade.acquired_disposed,
        "security": trade.security,
        "class": trade.trade_class.value,
        "side": trade.side.value,
        "planned": trade.planned.value,
        "shares": _plain(trade.shares),
        "price_usd": _plain(trade.price_usd),
        "value_usd": _plain(trade.value_usd),
        "quality": list(trade.quality),
    }


def _plain(number: Decimal | None) -> str | None:
    return None if number is None else f"{number:f}"
