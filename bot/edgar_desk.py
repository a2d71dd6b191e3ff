"""Wires the client of EDGAR from a configuration: its pace, its silence, and who is watched."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from bot.clock import system_clock
from bot.collect import Watch
from bot.config import Config
from bot.errors import ConfigError
from bot.pipeline import EDGAR
from bot.sources.edgar.client import EdgarClient
from bot.sources.edgar.shared_pace import SharedPace
from bot.sources.edgar.tickers import read_ciks
from bot.store import Store

REQUESTS_PER_SECOND = 8
"""To all SEC hosts together, this bot and its back-fills; the SEC allows 10."""


class StoredSilence:
    """Until when the SEC wants no request, kept in the store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def until(self) -> datetime | None:
        return self._store.collection.silent_until(EDGAR, system_clock())

    def keep(self, until: datetime) -> None:
        self._store.collection.keep_silence(EDGAR, until)


def edgar_client(config: Config, store: Store | None) -> EdgarClient:
    """The client of EDGAR; ConfigError without a contact.

    store: keeps the silence that the SEC asks for; None where there is none yet.
    """
    return EdgarClient(
        contact=config.edgar.contact,
        clock=system_clock,
        www_url=config.edgar.www_url,
        data_url=config.edgar.data_url,
        requests_per_second=REQUESTS_PER_SECOND,
        turns=SharedPace(pace_file(config), REQUESTS_PER_SECOND),
        silence=StoredSilence(store) if store else None,
    )


def pace_file(config: Config) -> Path:
    """Where all processes of this store take their turns at the SEC from."""
    return config.store.path.with_name(config.store.path.name + ".pace")


def watch_of(config: Config, client: EdgarClient) -> Watch:
    """The watched issuers by CIK; tickers are looked up in the SEC's own map.

    One that it does not have, as after a delisting, keeps nobody from watching the others;
    ConfigError where no other is left.
    """
    wanted = config.edgar.watch
    ciks = {each.zfill(10) for each in wanted if each.isdigit()}
    tickers = {each for each in wanted if not each.isdigit()}
    known = read_ciks(client.company_tickers()) if tickers else {}
    ciks |= {known[ticker] for ticker in tickers & known.keys()}
    unknown = tuple(sorted(tickers - known.keys()))
    if unknown and not ciks:
        raise ConfigError(unknown_told(unknown), where="[edgar] watch", mend=UNKNOWN_MEND)
    return Watch(ciks=frozenset(ciks), unknown=unknown)


UNKNOWN_MEND = (
    "take it out of [edgar] watch where it was delisted; else give the new ticker, or the CIK from "
    "https://www.sec.gov/search-filings, and start again"
)


def unknown_told(tickers: Sequence[str]) -> str:
    return f"the SEC's map of tickers has no {', '.join(tickers)}"
