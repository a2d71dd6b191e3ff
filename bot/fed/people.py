"""Who speaks for monetary policy: offices by date, and who votes by law.

What is not listed here is unknown, never guessed.  The page of a speech names the office too, and
what it says goes first; this list fills in where a title has a surname alone.
Sources: the Board's list of its members since 1914; the pages of the twelve banks; for votes
Federal Reserve Act, section 12A (12 U.S.C. 263).
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

_FAR = date.max

_TERMS = """
Jerome H. Powell|Chair|2018-02-05|2026-05-22
Kevin M. Warsh|Chair|2026-05-22|
Richard H. Clarida|Vice Chair|2018-09-17|2022-01-15
Lael Brainard|Governor|2014-06-16|2022-05-23
Lael Brainard|Vice Chair|2022-05-23|2023-02-19
Philip N. Jefferson|Governor|2022-05-23|2023-09-13
Philip N. Jefferson|Vice Chair|2023-09-13|
Randal K. Quarles|Vice Chair for Supervision|2017-10-13|2021-10-14
Randal K. Quarles|Governor|2021-10-14|2021-12-26
Michael S. Barr|Vice Chair for Supervision|2022-07-19|2025-03-01
Michael S. Barr|Governor|2025-03-01|
Michelle W. Bowman|Governor|2018-11-26|2025-06-09
Michelle W. Bowman|Vice Chair for Supervision|2025-06-09|
Christopher J. Waller|Governor|2020-12-18|
Lisa D. Cook|Governor|2022-05-23|
Adriana D. Kugler|Governor|2023-09-13|2025-08-09
Stephen I. Miran|Governor|2025-09-16|2026-05-22
Susan M. Collins|President of Boston|2022-07-01|
John C. Williams|President of New York|2018-06-18|
Patrick T. Harker|President of Philadelphia|2015-07-01|2025-07-01
Anna Paulson|President of Philadelphia|2025-07-01|
Loretta J. Mester|President of Cleveland|2014-06-01|2024-07-01
Beth M. Hammack|President of Cleveland|2024-08-21|
Thomas I. Barkin|President of Richmond|2018-01-01|
Raphael W. Bostic|President of Atlanta|2017-06-05|2026-03-01
Charles L. Evans|President of Chicago|2007-09-01|2023-01-09
Austan D. Goolsbee|President of Chicago|2023-01-09|
James Bullard|President of St. Louis|2008-04-01|2023-07-14
Alberto G. Musalem|President of St. Louis|2024-04-02|
Neel Kashkari|President of Minneapolis|2016-01-01|
Esther L. George|President of Kansas City|2011-10-01|2023-02-01
Jeffrey R. Schmid|President of Kansas City|2023-08-21|
Robert S. Kaplan|President of Dallas|2015-09-08|2021-10-09
Lorie K. Logan|President of Dallas|2022-08-22|
Mary C. Daly|President of San Francisco|2018-10-01|
"""
"""Name, office, first day, the day after the last one; without one the office is held still.

Of those who held it a few years ago at the earliest: older pages name the office themselves.
"""

_ROTATION = (
    ("Boston", "Philadelphia", "Richmond"),
    ("Chicago", "Cleveland"),
    ("St. Louis", "Dallas", "Atlanta"),
    ("Kansas City", "Minneapolis", "San Francisco"),
)
"""The banks that take turns a year each, in the order of 2025; New York votes in every year."""

_BOARD = ("Chair", "Vice Chair", "Vice Chair for Supervision", "Governor")


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One person in one office.

    office: Chair, Vice Chair, Vice Chair for Supervision, Governor or President of a bank.
    until: the first day on which it was not held any more.
    """

    name: str
    office: str
    since: date
    until: date

    @property
    def bank(self) -> str | None:
        """The city of the bank of a president; None of a member of the Board."""
        return self.office.removeprefix("President of ") if "President" in self.office else None

    @property
    def surname(self) -> str:
        return _plain(self.name.split()[-1])


def _terms() -> tuple[Term, ...]:
    rows = (line.split("|") for line in _TERMS.strip().splitlines())
    return tuple(
        Term(
            name=name,
            office=office,
            since=date.fromisoformat(since),
            until=date.fromisoformat(until) if until else _FAR,
        )
        for name, office, since, until in rows
    )


_KNOWN = _terms()


def office_on(name: str, day: date) -> Term | None:
    """The office that somebody held on a day; None of a person who is not listed or held none.

    name: whole ("Michael S. Barr", "Beth Hammack") or a surname alone ("Barr").  Where a first name
    is told it must begin as the listed one does: another Barr is nobody that is known here.
    """
    words = _plain(name).split()
    if not words:
        return None
    for term in _KNOWN:
        first = _plain(term.name).split()[0]
        same = words[-1] == term.surname and (len(words) == 1 or words[0] == first)
        if same and term.since <= day < term.until:
            return term
    return None


def president_of(bank: str, day: date) -> Term | None:
    """Who presided over the bank of a city on a day; None where nobody is listed."""
    held = (each for each in _KNOWN if each.bank == bank and each.since <= day < each.until)
    return next(held, None)


def banks_voting_in(year: int) -> frozenset[str]:
    """The banks whose presidents vote from January on, by the rotation that the law sets."""
    turns = {cities[(year - 2025) % len(cities)] for cities in _ROTATION}
    return frozenset({"New York", *turns})


def votes_on(term: Term, day: date) -> bool:
    """Whether somebody in that office votes on monetary policy on a day, as the law has it.

    Members of the Board always do.  An alternate who votes in place of somebody is not told.
    """
    return term.office in _BOARD or term.bank in banks_voting_in(day.year)


def _plain(name: str) -> str:
    """Small letters without accents and full stops: as names are compared."""
    bare = unicodedata.normalize("NFKD", re.sub(r",? (Jr|Sr)\.?$", "", name.strip()))
    return "".join(each for each in bare if each.isalpha() or each in " -'").casefold()
