"""The small tables of a folder of prices: corporate actions, and how its closes are to be read."""

import csv
import math
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.errors import SourceUnreadable
from bot.prices.bars import Action, ActionKind

_SOURCE = "folder"
_DECLARATION = 'write basis = "split" or basis = "raw"'


class Basis(StrEnum):
    """Which share basis the closes of a folder stand on."""

    SPLIT = "split"  # adjusted for the actions of splits.csv: the usual download
    RAW = "raw"  # as traded on their day
    TOTAL = "total"  # adjusted for dividends too: refused, its highs are false


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """What ``folder.toml`` says.

    as_of: the day on whose share basis adjusted closes stand: later actions are not in them.
    Without one every action of splits.csv is in them.
    """

    basis: Basis = Basis.SPLIT
    as_of: date = date.max


def read_declaration(text: str, where: str) -> Declaration:
    """``basis`` and ``as_of``.  Raises SourceUnreadable on anything else, and on total returns."""
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SourceUnreadable(f"no TOML: {error}", where=where, mend=_DECLARATION) from error
    if unknown := sorted(set(told) - {"basis", "as_of"}):
        raise SourceUnreadable(f"unknown name '{unknown[0]}'", where=where, mend=_DECLARATION)
    basis, as_of = told.get("basis", Basis.SPLIT), told.get("as_of", date.max)
    if basis not in list(Basis):
        raise SourceUnreadable(f"unknown basis {basis!r}", where=where, mend=_DECLARATION)
    if basis == Basis.TOTAL:
        raise SourceUnreadable(
            "closes adjusted for dividends give false highs, lows and returns",
            where=where, mend="download closes adjusted for splits only (no auto_adjust)",
        )  # fmt: skip
    if type(as_of) is not date:
        raise SourceUnreadable(
            f"as_of {as_of!r} is no day", where=where, mend="write as_of = 2026-05-29"
        )
    return Declaration(basis=Basis(basis), as_of=as_of)


def read_splits(text: str, where: str) -> Sequence[Action]:
    """``ticker,ex_date,kind,price_ratio`` and maybe ``eps_ratio``: splits and spin-offs.

    Without an eps_ratio earnings follow the price, of a spin-off they stay.
    Raises SourceUnreadable with the line of the first mistake.
    """
    found = []
    for row in _rows(text, where, ("ticker", "ex_date", "kind", "price_ratio")):
        kind = row.kind()
        price_ratio = row.positive("price_ratio")
        spinoff = kind is ActionKind.SPINOFF
        eps_ratio = row.positive("eps_ratio", default=1.0 if spinoff else price_ratio)
        found.append(
            Action(
                ticker=row.ticker(), ex_day=row.day(), kind=kind,
                price_ratio=price_ratio, eps_ratio=eps_ratio, source=_SOURCE,
            )
        )  # fmt: skip
    return found


def read_dividends(text: str, where: str) -> Sequence[Action]:
    """``ticker,ex_date,amount``: cash a share on the share basis of the closes, in USD."""
    return [
        Action(
            ticker=row.ticker(), ex_day=row.day(), kind=ActionKind.DIVIDEND,
            cash_usd=row.positive("amount"), source=_SOURCE,
        )
        for row in _rows(text, where, ("ticker", "ex_date", "amount"))
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Row:
    """One line of a table and where it stands."""

    cells: Mapping[str, str]
    where: str

    def ticker(self) -> str:
        if not self.cells["ticker"]:
            raise self._mistake("no ticker", "name the ticker")
        return self.cells["ticker"].upper()

    def day(self) -> date:
        try:
            return date.fromisoformat(self.cells["ex_date"])
        except ValueError:
            what = f"ex_date '{self.cells['ex_date']}' is no day"
            raise self._mistake(what, "write it as 2024-06-10") from None

    def kind(self) -> ActionKind:
        kinds = [each for each in ActionKind if each is not ActionKind.DIVIDEND]
        if self.cells["kind"] not in kinds:
            what = f"kind '{self.cells['kind']}' is unknown"
            raise self._mistake(what, f"write {', '.join(kinds[:-1])} or {kinds[-1]}")
        return ActionKind(self.cells["kind"])

    def positive(self, name: str, *, default: float | None = None) -> float:
        cell = self.cells.get(name, "")
        if not cell and default is not None:
            return default
        try:
            number = float(cell)
        except ValueError:
            number = math.nan
        if not 0 < number < math.inf:
            raise self._mistake(f"{name} '{cell}' is no number above 0", "write it like 4 or 0.125")
        return number

    def _mistake(self, what: str, mend: str) -> SourceUnreadable:
        return SourceUnreadable(what, where=self.where, mend=mend)


def _rows(text: str, where: str, needed: Sequence[str]) -> Iterator[_Row]:
    table = csv.DictReader(text.splitlines(), strict=True, restval="")
    names = [name.strip().lower() for name in table.fieldnames or ()]
    table.fieldnames = names
    if missing := [name for name in needed if name not in names]:
        raise SourceUnreadable(
            f"no column {', '.join(missing)}", where=f"{where}:1",
            mend=f"head it: {','.join(needed)}",
        )  # fmt: skip
    try:
        for row in table:
            cells = {name: (row[name] or "").strip() for name in names}
            yield _Row(cells, f"{where}:{table.line_num}")
    except csv.Error as error:
        raise SourceUnreadable(
            f"no CSV: {error}", where=f"{where}:{table.line_num}", mend="write it as CSV again"
        ) from error
