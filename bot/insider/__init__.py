"""Insider trades: what a filing says, what each trade was, and the facts that rules judge."""

from bot.insider.amendments import NEAR_DAYS
from bot.insider.beside import beside
from bot.insider.entries import Entry, stored_entry
from bot.insider.facts import digest_of, insider_trades, known_at
from bot.insider.filing import Filing, Line, Owner, Table
from bot.insider.filing_json import filing_json
from bot.insider.ledger import Entered, enter, remainder
from bot.insider.market import weighed
from bot.insider.notices import ANNOUNCED, Notice, announced_at, announcement
from bot.insider.peers import peer_prices
from bot.insider.signals import Past, signals
from bot.insider.trades import Trade, trades_of

__all__ = [
    "ANNOUNCED",
    "Entered",
    "Entry",
    "remainder",
    "NEAR_DAYS",
    "beside",
    "enter",
    "stored_entry",
    "Filing",
    "Line",
    "Owner",
    "Notice",
    "Table",
    "Trade",
    "announced_at",
    "announcement",
    "digest_of",
    "filing_json",
    "insider_trades",
    "known_at",
    "Past",
    "peer_prices",
    "signals",
    "trades_of",
    "weighed",
]
