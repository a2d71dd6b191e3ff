"""What companies report, as the SEC handed it out last, whose a ticker is, and expected P/Es.

Of each company the newest document is kept, packed: it repeats every fact of the ones before with
its filing and its day, and a weekly copy of 500 companies would be 10 GB a year.  What a valuation
was made of stands in its fact.
"""

import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from bot.clock import from_day_number, from_ms, to_day_number, to_ms
from bot.store.database import Connections

_OF_FIGURES = (
    "(form IN ('10-Q', '10-K', '20-F', '40-F', '10-Q/A', '10-K/A', '20-F/A', '40-F/A') "
    "OR (form = '8-K' AND ' ' || items || ' ' LIKE '% 2.02 %'))"
)
"""Filings after which a company's figures read otherwise, or soon will."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """How asking for one company's figures stands.

    answered_at: when it was answered last, also that there are none.  changed_at: since when the
    document reads as it does; None where there is none.  digest: of the document.
    tries: how often it was asked for in vain since.  not_before: when to ask again after that.
    reason: why in vain, the last time.
    """

    cik: str
    answered_at: datetime | None = None
    changed_at: datetime | None = None
    digest: str | None = None
    tries: int = 0
    not_before: datetime | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """A forward P/E as a provider of quotes told it after the close of a session."""

    ticker: str
    pe: float
    method: str
    provider: str
    session: date
    asked_at: datetime


class CompanyFigures:
    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    # What companies report.

    def asked(self) -> dict[str, Asked]:
        """Every company whose figures were asked for, by CIK."""
        return {each.cik: each for each in self._asked("1", ())}

    def asked_for(self, cik: str) -> Asked | None:
        """How asking for one company stands; None where it never was asked for."""
        return next(iter(self._asked("cik = ?", (cik,))), None)

    def body(self, cik: str) -> bytes | None:
        """The newest document of a company as it came; None where there is none."""
        row = self._connections.connection.execute(
            "SELECT body FROM company_figures WHERE cik = ?", (cik,)
        ).fetchone()
        return zlib.decompress(row[0]) if row and row[0] is not None else None

    def keep(self, cik: str, body: bytes | None, at: datetime) -> bool:
        """Keep an answer, None that there are no figures; whether it reads otherwise now."""
        digest = None if body is None else sha256(body).hexdigest()
        held = self.asked_for(cik)
        changed = held is None or held.digest != digest
        now, packed = to_ms(at), None if body is None else zlib.compress(body, 6)
        with self._connections.writing() as connection:
            connection.execute(
                "INSERT INTO company_figures (cik, answered_at, changed_at, digest, tries, body) "
                "VALUES (?, ?, ?, ?, 0, ?) ON CONFLICT (cik) DO UPDATE SET "
                "changed_at = CASE WHEN digest IS excluded.digest THEN changed_at "
                "ELSE excluded.changed_at END, answered_at = excluded.answered_at, "
                "digest = excluded.digest, body = excluded.body, tries = 0, not_before = NULL, "
                "reason = NULL",
                (cik, now, now if body is not None else None, digest, packed),
            )
        return changed

    def failed(self, cik: str, reason: str, *, not_before: datetime) -> None:
        """Note why no answer of use came, and when to ask again."""
        with self._connections.writing() as connection:
            connection.execute(
                "INSERT INTO company_figures (cik, tries, not_before, reason) VALUES (?, 1, ?, ?) "
                "ON CONFLICT (cik) DO UPDATE SET tries = tries + 1, "
                "not_before = excluded.not_before, reason = excluded.reason",
                (cik, to_ms(not_before), reason),
            )

    # What their lists of filings tell.

    def reported_at(self, cik: str, since: datetime) -> datetime | None:
        """When the newest filing with figures was accepted after an instant; None without one."""
        row = self._connections.connection.execute(
            "SELECT MAX(known_at) FROM company_filing "
            f"WHERE subject = ? AND known_at > ? AND {_OF_FIGURES}",
            (cik, to_ms(since)),
        ).fetchone()
        return _instant(row[0])

    def accepted(self, accession_numbers: Iterable[str], cik: str) -> dict[str, datetime]:
        """When those of a company's filings were accepted that its list tells."""
        wanted = set(accession_numbers)
        rows = self._connections.connection.execute(
            "SELECT accession_number, known_at FROM company_filing WHERE subject = ?", (cik,)
        )
        return {number: from_ms(at) for number, at in rows if number in wanted}

    def results_at(self, cik: str) -> list[datetime]:
        """When a company told quarterly results (8-K item 2.02), the earliest first."""
        rows = self._connections.connection.execute(
            "SELECT known_at FROM company_filing WHERE subject = ? AND form = '8-K' "
            "AND ' ' || items || ' ' LIKE '% 2.02 %' ORDER BY known_at",
            (cik,),
        )
        return [from_ms(at) for (at,) in rows]

    # Whose a ticker is.

    def ciks(self) -> dict[str, str]:
        """CIK by ticker, as the SEC's map told last."""
        return dict(self._connections.connection.execute("SELECT ticker, cik FROM ticker_ciks"))

    def ciks_at(self) -> datetime | None:
        """When the map came; None where it never did."""
        row = self._connections.connection.execute("SELECT MAX(seen_at) FROM ticker_ciks")
        return _instant(row.fetchone()[0])

    def keep_ciks(self, ciks: Mapping[str, str], at: datetime) -> None:
        """Keep the SEC's map in the place of the one before."""
        with self._connections.writing() as connection:
            connection.execute("DELETE FROM ticker_ciks")
            connection.executemany(
                "INSERT INTO ticker_ciks (ticker, cik, seen_at) VALUES (?, ?, ?)",
                [(ticker, cik, to_ms(at)) for ticker, cik in ciks.items()],
            )

    # What is expected of them.

    def expected(self) -> dict[str, Expected]:
        """The newest forward P/E of each ticker."""
        rows = self._connections.connection.execute(
            "SELECT ticker, pe, method, provider, session, asked_at FROM expected_pes"
        )
        return {
            ticker: Expected(
                ticker=ticker, pe=pe, method=method, provider=provider,
                session=from_day_number(session), asked_at=from_ms(at),
            )
            for ticker, pe, method, provider, session, at in rows
        }  # fmt: skip

    def keep_expected(self, expected: Iterable[Expected]) -> None:
        with self._connections.writing() as connection:
            connection.executemany(
                "INSERT OR REPLACE INTO expected_pes "
                "(ticker, pe, method, provider, session, asked_at) VALUES (?, ?, ?, ?, ?, ?)",
                [
                    (e.ticker, e.pe, e.method, e.provider, to_day_number(e.session),
                     to_ms(e.asked_at))
                    for e in expected
                ],
            )  # fmt: skip

    def _asked(self, where: str, parameters: tuple[str, ...]) -> list[Asked]:
        rows = self._connections.connection.execute(
            "SELECT cik, answered_at, changed_at, digest, tries, not_before, reason "
            f"FROM company_figures WHERE {where}",
            parameters,
        )
        return [
            Asked(
                cik=cik, answered_at=_instant(answered), changed_at=_instant(changed),
                digest=digest, tries=tries, not_before=_instant(not_before), reason=reason,
            )
            for cik, answered, changed, digest, tries, not_before, reason in rows
        ]  # fmt: skip


def _instant(ms: int | None) -> datetime | None:
    return None if ms is None else from_ms(ms)
