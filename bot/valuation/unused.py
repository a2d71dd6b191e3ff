"""Rows of a user's tables that say nothing of today: too old, or of a day to come."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from bot.errors import ConfigError
from bot.valuation.priced import TOLD_DAYS
from bot.valuation.tables import FairValue, IndexPe


def unused_rows(
    rows: Iterable[IndexPe | FairValue], session: date, today: date
) -> Iterator[ConfigError]:
    """Rows of one ticker that are left out, each with its line.

    Rows of a day after ``today`` are used from then on.  A newest P/E of either kind of more than
    ``TOLD_DAYS`` before ``session`` is not today's; those before a newer one are its past.
    """
    told = list(rows)
    yield from (_to_come(row) for row in told if row.as_of > today)
    oldest = session - timedelta(days=TOLD_DAYS)
    yield from (_too_old(row) for row in _newest(told, today) if row.as_of < oldest)


def _newest(rows: Iterable[IndexPe | FairValue], today: date) -> list[IndexPe]:
    """The newest row with a forward P/E and the newest with a trailing one, each row once."""
    pes = [row for row in rows if isinstance(row, IndexPe) and row.as_of <= today]
    forward = [row for row in pes if row.pe_forward is not None]
    trailing = [row for row in pes if row.pe_trailing is not None]
    found = [max(of, key=lambda row: row.as_of) for of in (forward, trailing) if of]
    return found[:1] if found[1:] == found[:1] else found


def _to_come(row: IndexPe | FairValue) -> ConfigError:
    return ConfigError(
        f"{row.ticker}: as_of {row.as_of} is a day to come",
        where=row.where,
        mend="write the day on which it was told; the row is used from that day on",
    )


def _too_old(row: IndexPe) -> ConfigError:
    return ConfigError(
        f"{row.ticker}: the P/E of {row.as_of} is more than {TOLD_DAYS} days old and not used",
        where=row.where,
        mend="add a row with the newest P/E that the provider of the fund tells",
    )
