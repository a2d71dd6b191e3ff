"""The reference provider: a folder of files that somebody keeps up to date.

Everything is read when it is asked for, so files may change under a running bot.  A file that is
being written is waited for, and one that can not be read takes no ticker away unsaid.
"""

import gzip
import re
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path, PurePosixPath

import numpy as np

from bot.calendar import NYSE
from bot.clock import EPOCH, Clock, new_york_day, sleep, system_clock
from bot.errors import SourceUnavailable, SourceUnreadable
from bot.prices.adjust import as_traded, price_factors
from bot.prices.bars import Action, Bars, Conflict, joined
from bot.prices.complete import sessions
from bot.prices.identity import Identity, of_this_company, read_identities
from bot.sources.edgar.files import read_file
from bot.sources.prices.columns import BarsFile, ticker_of
from bot.sources.prices.files import ENDINGS, read_bars_file
from bot.sources.prices.folder_tables import (
    Basis,
    Declaration,
    read_declaration,
    read_dividends,
    read_splits,
)
from bot.sources.prices.provider import Daily, Quote

TABLES = ("splits", "dividends", "identity", "index_pe", "fair_values")
"""Names of the files at the folder's top that hold no bars."""

SETTLED_S = 1.0
"""Seconds that a file has to rest before it is taken as whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UserFile:
    """A table that people keep in the folder, where it stands, for errors about it, and since when
    it reads as it does."""

    path: Path
    text: str
    changed_at: datetime


class FolderProvider:
    """Bars from ``bars/`` or the top of the folder, actions and identities beside them.

    The files are described in docs/operations.md.  It has no quotes.
    """

    name = "folder"
    quotes_at_once = 0

    def __init__(
        self,
        folder: Path,
        *,
        clock: Clock = system_clock,
        sleep: Callable[[float], None] = sleep,
        settled_s: float = SETTLED_S,
    ) -> None:
        self._folder, self._clock, self._sleep, self._settled_s = folder, clock, sleep, settled_s
        self._names: dict[Path, tuple[tuple[int, int], frozenset[str]]] = {}

    def daily(self, tickers: Sequence[str], since: date, until: date) -> Daily:
        """Closed sessions as traded; bars of another company under the same ticker are cut.

        Raises SourceUnavailable where a file is being written, SourceUnreadable where a table is
        wrong or no file can be read.
        """
        wanted = sorted(set(tickers))
        declared, actions = self._declaration(), self._actions()
        identities = self.identities()
        pieces, refused = self._bars(wanted, since, until)
        bars = {}
        for ticker in wanted:
            if ticker in refused:
                continue
            try:
                whole = joined(pieces[ticker])
            except Conflict as conflict:
                refused[ticker] = f"{conflict} in the files of {self._folder}: leave one"
                continue
            bars[ticker] = self._answer(whole, declared, actions, identities.get(ticker))
        told = [a for a in actions if a.ticker in bars and since <= a.ex_day <= until]
        if declared.basis is not Basis.RAW:
            told = [_as_paid(action, actions, declared.as_of) for action in told]
        return Daily(bars=bars, actions=told, refused=refused)

    def quotes(self, tickers: Sequence[str]) -> Mapping[str, Quote]:
        """None: files know no price of this moment."""
        del tickers
        return {}

    def close(self) -> None:
        """Nothing is held."""

    def tickers(self) -> Iterable[str]:
        """Every ticker of which there is a file, or rows in a file of many; a file is read for that
        when it has changed."""
        found = dict[Path, tuple[tuple[int, int], frozenset[str]]]()
        for path in self._files():
            look, known = _look(path), self._names.get(path)
            if known is None or known[0] != look:
                known = look, self._names_in(path)
            found[path] = known
        self._names = found
        return sorted(frozenset[str]().union(*(names for _, names in found.values())))

    def _names_in(self, path: Path) -> frozenset[str]:
        try:
            file = read_bars_file(path)
        except SourceUnreadable:
            return frozenset({ticker_of(path)})
        return frozenset(file.series) | frozenset(file.refused)

    def identities(self) -> Mapping[str, Identity]:
        """What ``identity.csv`` says, by ticker."""
        file = self.table("identity.csv")
        return read_identities(file.text, str(file.path)) if file else {}

    def user_file(self, name: str) -> UserFile | None:
        """A table by its place in the folder: ``index_pe.csv``, ``holdings/IWM.csv``.

        None where there is none.  Raises SourceUnreadable where it can not be read, ValueError on
        a name that leads out of the folder.
        """
        place = PurePosixPath(name)
        if place.is_absolute() or ".." in place.parts:
            raise ValueError(f"{name!r} is no place in the folder")
        path = self._folder / place
        if not path.exists():
            return None
        self._wait_for(path)
        body = read_file(path)
        try:
            if path.suffix == ".gz":
                body = gzip.decompress(body)
            changed_at = EPOCH + timedelta(microseconds=path.stat().st_mtime_ns // 1000)
            return UserFile(path=path, text=body.decode("utf-8-sig"), changed_at=changed_at)
        except (UnicodeDecodeError, OSError, EOFError, zlib.error) as error:
            raise SourceUnreadable(
                f"no text: {error}", where=str(path), mend="save it as UTF-8"
            ) from error

    def fund_files(self) -> Mapping[str, str]:
        """Places of the holdings that people keep, ``holdings/IWM.csv``, by fund.

        Raises SourceUnreadable where the folder of them can not be looked into.
        """
        folder = self._folder / "holdings"
        try:
            found = sorted(folder.iterdir()) if folder.is_dir() else []
        except OSError as error:
            raise SourceUnreadable(
                (error.strerror or str(error)).lower(),
                where=str(folder),
                mend="let the bot read it",
            ) from error
        return {
            ticker_of(path): f"holdings/{path.name}"
            for path in found
            if path.name.lower().endswith((".csv", ".csv.gz"))
            and not path.name.startswith((".", "~"))
        }

    def table(self, name: str) -> UserFile | None:
        """A table at the top of the folder, packed or not; None where there is none."""
        return self.user_file(name) or self.user_file(f"{name}.gz")

    def _declaration(self) -> Declaration:
        file = self.user_file("folder.toml")
        return read_declaration(file.text, str(file.path)) if file else Declaration()

    def _actions(self) -> Sequence[Action]:
        found: list[Action] = []
        for name, read in (("splits.csv", read_splits), ("dividends.csv", read_dividends)):
            if file := self.table(name):
                found += read(file.text, str(file.path))
        return found

    def _bars(
        self, wanted: Sequence[str], since: date, until: date
    ) -> tuple[Mapping[str, list[Bars]], dict[str, str]]:
        """The pieces of each ticker, and why the others have none.

        An unreadable file refuses the ticker that it is named after; where files hold many
        tickers it may hold any, and a part of a history is none: SourceUnreadable.
        """
        pieces: dict[str, list[Bars]] = {}
        refused: dict[str, str] = {}
        broken: dict[str, SourceUnreadable] = {}
        others = {spelling: ticker for ticker in wanted for spelling in _spellings(ticker)}
        many = False
        for path in self._files():
            try:
                file = self._read(path, [*wanted, *others], since, until)
            except SourceUnreadable as mistake:
                broken[ticker_of(path)] = mistake
                continue
            many |= "ticker" in file.columns
            for ticker, series in file.series.items():
                pieces.setdefault(ticker, []).append(series.bars)
            refused |= {ticker: str(mistake) for ticker, mistake in file.refused.items()}
        for named, unread in broken.items():
            if named not in wanted and (many or not pieces):
                raise unread
            refused[named] = str(unread)
        nowhere = dict.fromkeys(wanted, f"no file of {self._folder} has it")
        for spelling, ticker in others.items():
            if spelling in pieces and spelling not in wanted:
                nowhere[ticker] += f"; of {spelling} there are bars: write {ticker} in the file"
        return pieces, {
            ticker: refused.get(ticker, nowhere[ticker])
            for ticker in wanted
            if ticker in refused or ticker not in pieces
        }

    def _read(self, path: Path, wanted: Sequence[str], since: date, until: date) -> BarsFile:
        """One file, as it stood still from before to after."""
        before = self._wait_for(path)
        file = read_bars_file(path, only=wanted, since=since, until=until)
        if _look(path) != before:
            raise _being_written(path)
        return file

    def _files(self) -> Sequence[Path]:
        """The files of bars, those of ``bars/`` where there is such a folder."""
        inner = self._folder / "bars"
        folder = inner if inner.is_dir() else self._folder
        try:
            found = sorted(
                path
                for path in folder.iterdir()
                if path.name.lower().endswith(ENDINGS)
                and not path.name.startswith((".", "~"))
                and path.name.split(".")[0] not in TABLES
            )
        except OSError as error:
            raise SourceUnreadable(
                (error.strerror or str(error)).lower(), where=str(folder), mend="name a folder"
            ) from error
        if not found:
            raise SourceUnreadable(
                "no file of bars", where=str(folder),
                mend=f"put files there that end with {', '.join(ENDINGS)}",
            )  # fmt: skip
        return found

    def _wait_for(self, path: Path) -> tuple[int, int]:
        """Size and time of a file that rests; SourceUnavailable where it goes on changing."""
        for _ in range(3):
            look = _look(path)
            age_s = (self._clock() - EPOCH).total_seconds() - look[1] / 1e9
            if abs(age_s) >= self._settled_s:
                return look
            self._sleep(self._settled_s - age_s)
        if look != _look(path):
            raise _being_written(path)
        return look

    def _answer(
        self, bars: Bars, declared: Declaration, actions: Iterable[Action], who: Identity | None
    ) -> Bars:
        """Closed sessions of the company that the ticker means now, as traded."""
        if not len(bars):
            return bars
        first, last = (date.fromordinal(int(bars.days[i])) for i in (0, -1))
        known = np.isin(bars.days, sessions(first, last)) & (bars.close > 0)
        today = new_york_day(self._clock())
        if last >= today and not self._has_closed(today):
            known &= bars.days < today.toordinal()
        own = of_this_company(bars.take(known), who)
        return own if declared.basis is Basis.RAW else as_traded(own, actions, declared.as_of)

    def _has_closed(self, day: date) -> bool:
        return not NYSE.is_session(day) or NYSE.close_at(day) <= self._clock()


def _spellings(ticker: str) -> Iterable[str]:
    """How else people write a class of shares: BRK-B, BRK.B, BRK/B, BRK B."""
    return {re.sub(r"[-./ ]", mark, ticker) for mark in "-./ "} - {ticker}


def _look(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except OSError as error:
        raise SourceUnreadable(
            (error.strerror or str(error)).lower(), where=str(path), mend="let the bot read it"
        ) from error
    return found.st_size, found.st_mtime_ns


def _being_written(path: Path) -> SourceUnavailable:
    return SourceUnavailable(
        "it changes while it is read",
        where=str(path), mend="write another file and give it this name when it is whole",
    )  # fmt: skip


def _as_paid(dividend: Action, actions: Sequence[Action], as_of: date) -> Action:
    """A dividend of adjusted shares as it was paid on one share of its day."""
    if dividend.cash_usd is None:
        return dividend
    own = [a for a in actions if a.ticker == dividend.ticker and a.ex_day <= as_of]
    factor = price_factors(np.array([dividend.ex_day.toordinal()], np.int32), own)[0]
    return replace(dividend, cash_usd=dividend.cash_usd * float(factor))
