"""The user's own tables for valuations, read again when they change: P/Es of indexes, fair values,
what funds hold.

What is wrong in one is told with its line, once for each content, and the good rows are used; a
file that can not be read for the moment leaves what was read of it before.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, partial
from typing import Any, TypeVar

import structlog
from structlog.typing import FilteringBoundLogger

from bot.errors import BotError, SourceUnavailable
from bot.insider.tickers import plain_ticker
from bot.sources.prices.folder import FolderProvider, UserFile
from bot.valuation.tables import (
    FairValue,
    Holding,
    IndexPe,
    Table,
    read_fair_values,
    read_holdings,
    read_index_pes,
)
from bot.valuation.unused import unused_rows

T = TypeVar("T")

INDEX_PE, FAIR_VALUES = "index_pe.csv", "fair_values.csv"


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """A table as it was read, and since when it reads so."""

    path: str
    text: str
    changed_at: datetime
    rows: tuple[Any, ...]
    problems: tuple[BotError, ...]


@dataclass(frozen=True, kw_only=True)
class Told:
    """All that the tables say at one time; ``contents`` by place in the folder."""

    contents: Mapping[str, Content]

    @cached_property
    def index_pes(self) -> Mapping[str, tuple[IndexPe, ...]]:
        return self._by_ticker(INDEX_PE)

    @cached_property
    def fair_values(self) -> Mapping[str, tuple[FairValue, ...]]:
        return self._by_ticker(FAIR_VALUES)

    @cached_property
    def holdings(self) -> Mapping[str, tuple[Holding, ...]]:
        """By fund."""
        return {fund: content.rows for fund, content in self._funds()}

    @cached_property
    def tickers(self) -> tuple[str, ...]:
        """Whom the tables are about, without what the funds hold."""
        return tuple(dict.fromkeys((*self.index_pes, *self.fair_values, *self.holdings)))

    @cached_property
    def members(self) -> frozenset[str]:
        """What the funds hold that is traded under a symbol."""
        held = (each.ticker for rows in self.holdings.values() for each in rows)
        return frozenset(ticker for ticker in held if plain_ticker(ticker) == ticker)

    @property
    def problems(self) -> list[BotError]:
        return [each for content in self.contents.values() for each in content.problems]

    def unused(self, session: date, today: date) -> Iterator[BotError]:
        """Rows that say nothing of a session, though nothing is wrong with them."""
        for by_ticker in (self.index_pes, self.fair_values):
            for rows in by_ticker.values():
                yield from unused_rows(rows, session, today)

    def is_fund(self, ticker: str) -> bool:
        """Whether its trailing P/E is told or made of holdings, and not of reports of its own."""
        told = any(row.pe_trailing is not None for row in self.index_pes.get(ticker, ()))
        return told or ticker in self.holdings

    def file_of(self, fund: str) -> Content:
        """The holdings of a fund; KeyError where there are none."""
        return dict(self._funds())[fund]

    def changed_at(self, ticker: str) -> Iterator[datetime]:
        """Since when each table that tells of a ticker reads as it does."""
        for place, by_ticker in ((INDEX_PE, self.index_pes), (FAIR_VALUES, self.fair_values)):
            if ticker in by_ticker:
                yield self.contents[place].changed_at
        if ticker in self.holdings:
            yield self.file_of(ticker).changed_at

    def _by_ticker(self, place: str) -> Mapping[str, tuple[Any, ...]]:
        found: dict[str, list[Any]] = {}
        for row in self.contents[place].rows if place in self.contents else ():
            found.setdefault(row.ticker, []).append(row)
        return {ticker: tuple(rows) for ticker, rows in found.items()}

    def _funds(self) -> Iterable[tuple[str, Content]]:
        for place, content in self.contents.items():
            if place not in (INDEX_PE, FAIR_VALUES):
                yield place, content


NOTHING = Told(contents={})


class UserTables:
    """The tables of a folder; ``told`` may be read from any thread."""

    def __init__(self, folder: FolderProvider | None) -> None:
        self._folder, self.told = folder, NOTHING
        self._unread: dict[str, BotError] = {}
        self._changing = False
        self._said: set[str] = set()
        self._log: FilteringBoundLogger = structlog.get_logger().bind(source="tables")

    @property
    def unread(self) -> list[BotError]:
        """Why files can not be read at all."""
        return list(self._unread.values())

    def look(self) -> Told:
        """Read what has changed; the same object as long as nothing has."""
        if self._folder is None:
            return self.told
        before, found = self.told.contents, dict[str, Content]()
        for place, read, file in self._places(self._folder):
            content = self._content(place, read, file, before.get(place))
            if content is not None:
                found[place] = content
        if found != before:
            self._say(found)
            self.told = Told(contents=found)
        return self.told

    def say_unused(self, session: date, today: date) -> None:
        """Log rows that say nothing of a session, each once."""
        for each in self.told.unused(session, today):
            if str(each) not in self._said:
                self._said.add(str(each))
                self._log.warning("table.unused", what=each.what, where=each.where, mend=each.mend)

    def _places(self, folder: FolderProvider) -> Iterator[tuple[str, "_Read", "_Open"]]:
        yield INDEX_PE, read_index_pes, partial(folder.table, INDEX_PE)
        yield FAIR_VALUES, read_fair_values, partial(folder.table, FAIR_VALUES)
        funds: Mapping[str, str] = self._tried("holdings", folder.fund_files) or {}
        for fund, place in funds.items():
            yield fund, read_holdings, partial(folder.user_file, place)

    def _content(
        self, place: str, read: "_Read", open_file: "_Open", before: Content | None
    ) -> Content | None:
        file = self._tried(place, open_file)
        if place in self._unread or self._changing:
            return before
        if file is None or (before is not None and before.text == file.text):
            return None if file is None else before
        table = read(file.text, str(file.path))
        return Content(
            path=str(file.path),
            text=file.text,
            changed_at=file.changed_at,
            rows=table.rows,
            problems=table.problems,
        )

    def _tried(self, place: str, ask: Callable[[], T]) -> T | None:
        """The answer, or None where a file can not be read, which is told once, or changes."""
        self._changing = False
        try:
            answer = ask()
        except SourceUnavailable:
            self._changing = True
            return None
        except BotError as error:
            if str(self._unread.get(place)) != str(error):
                self._log.warning(
                    "table.unreadable", what=error.what, where=error.where, mend=error.mend
                )
            self._unread[place] = error
            return None
        self._unread.pop(place, None)
        return answer

    def _say(self, found: Mapping[str, Content]) -> None:
        for place, content in found.items():
            if content is self.told.contents.get(place):
                continue
            for each in content.problems:
                self._log.warning("table.mistake", what=each.what, where=each.where, mend=each.mend)


_Read = Callable[[str, str], Table[Any]]
_Open = Callable[[], UserFile | None]
