"""Rule 10b5-1 plans: which trades were planned, and when the plan was adopted.

Source: 17 CFR 240.10b5-1(c); SEC Release 33-11138 (checkbox on Forms 4 and 5 from 2023-04-01).
The checkbox is for the whole form, so that it alone does not say which of several trades it means.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from functools import lru_cache

from bot.insider.filing import LONGEST_TEXT, Filing, Line, Table
from bot.insider.words import Words


class Planned(StrEnum):
    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


_DASH = r"\s?[-‐‑‒–—−]?\s?"
_RULE = rf"10\s?\(?b\)?{_DASH}\(?5\)?{_DASH}1(?!\d)"
_NAMED = Words(_RULE, re.IGNORECASE)
_WRONGLY = r"(?:inadvertently|erroneously|mistakenly|incorrectly)"
_SOLD = r"\b(?:pursuant|under|effected|made|sold|sales?)\b"
_DENIALS = (
    r"(?:\bnot\b|\bneither\b|\bnone\b|\bnever\b|n['’]t\b)"
    r"(?:(?!discretion|\bcommissions?\b|\bfees?\b|\bexpenses\b|\bbut\b|[.;]).){0,80}?" + _RULE,
    r"\b(?:other than|outside(?: of)?|independent(?:ly)? of|unrelated to|rather than|instead of"
    r"|without|absent|absence of)\b(?:(?!\b(?:but|direction|discretion|knowledge|involvement"
    r"|influence|input|control)\b|[.;]).){0,60}?" + _RULE,
    r"\b(?:in addition to|apart from|aside from|separate(?:ly)? from)\b"
    r"(?:(?!\bwas\b|\bwere\b)[^.;,]){0,60}?" + _RULE,
    r"\bnon-(?:rule )?" + _RULE,
    r"\bno (?:\w+ ){0,3}?" + _RULE,
    r"\bno (?:\w+ )?(?:sales?|shares?|trades?|transactions?|purchases?)\b"
    r"(?:(?!\bbut\b|\bother than\b|\bexcept\b)[^.;,]){0,60}?" + _RULE,
    _RULE + r"[^.;:]{0,30}: ?(?:none|no|n/a|not applicable)\b",
    r"\b(?:uncheck\w*|un-check\w*|" + _WRONGLY + r" (?:checked|marked|indicated|stated|reported))"
    r"\b[^.;]{0,80}?" + _RULE,
    _RULE + r"[^.;]{0,60}\b" + _WRONGLY + r" (?:checked|marked|indicated|selected)\b",
    _RULE + r"[^.;]{0,60}(?<!not )\b(?:checked|marked|ticked|indicated|selected)"
    r" (?:in error|by mistake|" + _WRONGLY + ")",
)  # fmt: skip
_DENIED = Words("|".join(_DENIALS), re.IGNORECASE)
_NOT_IN_FORCE = Words(
    r"(?:^|[.;]\s)(?:(?!" + _SOLD + r")[^.;]){0,80}" + _RULE
    + r"(?:(?: \w+){0,5}|(?:(?!\bwhich\b|\bthat\b|" + _SOLD + r")[^.;]){0,60}"
    r" (?:had|was|has)(?: already| been| since){0,2}) (?:terminated|expired|cancell?ed)\b"
    r"|\b(?:after|following|upon|since|prior to|before) (?:the )?"
    r"(?:terminat\w+|expir\w+|cancell?ation|end|adoption)(?: of)?\b[^.;]{0,60}?" + _RULE
    + r"|\bno longer\b[^.;]{0,60}?" + _RULE
    + r"|\b(?:intends?|plans|expects?|proposes?|may|will)(?: to)?"
    r" (?:adopt|enter into|establish)\b[^.;]{0,60}?" + _RULE
    + "|" + _RULE + r"(?:(?!" + _SOLD + r")[^.;]){0,60}?"
    r"\b(?:not|no longer|never) (?:yet )?(?:been )?(?:in (?:effect|force|place)|effective|active)",
    re.IGNORECASE,
)  # fmt: skip
"""A plan that had ended, or had not begun, made no trade; another plan may have made it."""

_NOT_UNDER_IT = Words(
    r"(?:\bnot\b|n['’]t\b|\bnone\b|\bno\b|\bnever\b|\bneither\b|\boutside(?: of)?\b|\bother than\b)"
    r"(?:(?!\bbut\b|discretion|\bcommissions?\b|\bfees?\b)[^.;]){0,60}?"
    r"\b(?:(?:under|to|of|by|with|outside) )?(?:that|this|such|the|said)"
    r" (?:trading |sales? )?(?:plan|arrangement)\b(?!\s+adopted)",
    re.IGNORECASE,
)
"""A denial that points back to the plan: "but the sale was not made under that plan"."""

_ONLY_HAD = Words(
    r"\b(?:adopted|entered into|established|has|had|have|maintains?|maintained)\b"
    rf"(?:(?!{_SOLD})[^.;]){{0,60}}?" + _RULE,
    re.IGNORECASE,
)
_EXCEPT = Words(r"\b(?:except(?:ing)?|save)\b", re.IGNORECASE)
_ONLY_BY_PLAN = Words(
    r"\b(?:no|not|none)\b[^.;]{0,60}?\b(?:other than|except)\b(?=[^.;]{0,60}?" + _RULE + ")",
    re.IGNORECASE,
)
"""Two negations that affirm: "no shares were sold other than under a Rule 10b5-1 plan"."""

_DAY = (
    r"(?:(?P<month>January|February|March|April|May|June|July|August|September|October|November"
    r"|December|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)\.?\s+(?P<day>\d{1,2})"
    r"(?:st|nd|rd|th)?,?\s+(?P<year>\d{4})"
    r"|(?P<day2>\d{1,2})(?:st|nd|rd|th)?(?: day of)? (?P<month2>[A-Z][a-z]{2,8}),? (?P<year2>\d{4})"
    r"|(?P<m>\d{1,2})/(?P<d>\d{1,2})/(?P<y>\d{4}|\d{2})"
    r"|(?P<iso>\d{4}-\d\d-\d\d))"
)
_ADOPTED = Words(
    r"\b(?:adopted|entered into|executed|established|dated|effective|adoption date|"
    r"date of adoption)\b[^;]{0,120}?" + _DAY,
    re.IGNORECASE | re.DOTALL,
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


_BUT = Words(
    r"\b(?:no|not|none|non|never|neither|other|outside|independent\w*|unrelated|rather|instead"
    r"|without|absen\w+|un-?check\w*|" + _WRONGLY + r"|error|mistake|terminat\w*|expir\w*"
    r"|cancel\w*|addition|apart|aside|separate\w*|after|following|upon|since|prior|before"
    r"|intends?|plans|expects?|proposes?|may|will|n/a|except\w*|save)\b|n['’]t\b",
    re.IGNORECASE,
)
"""Without one of these words a text that names the rule states a plan: most do."""


@lru_cache(maxsize=4096)
def told_by(text: str) -> Planned | None:
    """What a text says of the trades it stands at; None where it names no Rule 10b5-1.

    What is denied ("not pursuant to a Rule 10b5-1 plan") is NO, and so is a plan that had ended or
    had yet to come, alone.  A text that both states and denies is UNKNOWN.
    """
    text = text[:LONGEST_TEXT]
    if _NAMED.search(text) is None:
        return None
    if _BUT.search(text) is None:
        return Planned.YES
    text = _ONLY_BY_PLAN.sub("", text)
    named = {mention.start() for mention in _NAMED.finditer(text)}
    if not named:
        return None
    denied = _mentions(text, _DENIED)
    stated = named - denied - _mentions(text, _NOT_IN_FORCE)
    if _NOT_UNDER_IT.search(text):
        return Planned.UNKNOWN if stated - _mentions(text, _ONLY_HAD) else Planned.NO
    if denied and (stated or _EXCEPT.search(text)):
        return Planned.UNKNOWN
    return Planned.YES if stated else Planned.NO


def _mentions(text: str, words: Words) -> set[int]:
    """Where the mentions of the rule begin that some words take in."""
    return {
        found.start() + mention.start()
        for found in words.finditer(text)
        for mention in _NAMED.finditer(found[0])
    }


def names_plan(text: str) -> bool:
    """Whether a text states that trades were made under a Rule 10b5-1 plan."""
    return told_by(text) is Planned.YES


@lru_cache(maxsize=4096)
def adopted_on(text: str) -> date | None:
    """The day on which a plan was adopted, as a text that names a plan tells it."""
    text = text[:LONGEST_TEXT]
    plan = _NAMED.search(text)
    if plan is None:
        return None
    after = _ADOPTED.search(text, plan.start())
    found = after or _ADOPTED.search(text)
    return _day(found) if found else None


def document_planned(filing: Filing) -> Planned:
    """The plan of the whole document: the box, or a footnote of a row or the remarks say so."""
    if filing.plan_box or states_plan(filing, filing.lines):
        return Planned.YES
    return Planned.UNKNOWN if filing.plan_box is None else Planned.NO


def planned_lines(
    filing: Filing, transactions: Sequence[Line], market_trades: int
) -> list[Planned]:
    """Whether each transaction was planned.

    market_trades: how many different purchases and sales stand in Table I, lots merged.  A row
    whose own note names a plan is planned.  A ticked box with one market trade means that trade;
    with several it leaves those without a note unknown.  A row whose note denies a plan is not
    planned where the box means another row.  Text against the box, and a text that both states and
    denies a plan, leave it unknown.
    """
    told = [_told(plan_texts(filing, (line,))) for line in transactions]
    elsewhere = any(Planned.YES in each for each in told)
    return [
        _planned(filing, line, each, elsewhere, market_trades)
        for line, each in zip(transactions, told, strict=True)
    ]


def _planned(
    filing: Filing, line: Line, told: set[Planned], elsewhere: bool, trades: int
) -> Planned:
    named = Planned.YES in told
    if filing.plan_box is None:
        return Planned.YES if named else Planned.UNKNOWN
    if not filing.plan_box:
        return Planned.UNKNOWN if named or Planned.UNKNOWN in told else Planned.NO
    if named:
        return Planned.YES
    if Planned.UNKNOWN in told:
        return Planned.UNKNOWN
    if Planned.NO in told:
        return Planned.NO if elsewhere else Planned.UNKNOWN
    return Planned.YES if trades == 1 and is_market(line) else Planned.UNKNOWN


def states_plan(filing: Filing, lines: Iterable[Line]) -> bool:
    """Whether a note of these rows, or the remarks, state a plan."""
    return any(map(names_plan, plan_texts(filing, lines)))


def denies_plan(texts: Iterable[str]) -> bool:
    """Whether texts speak of a plan only to deny it."""
    return _told(texts) == {Planned.NO}


def _told(texts: Iterable[str]) -> set[Planned]:
    return {told for text in texts if (told := told_by(text)) is not None}


def is_market(line: Line) -> bool:
    """A purchase or sale in Table I, in the market or privately."""
    return line.table is Table.NON_DERIVATIVE and line.code in ("P", "S")


def plan_day(filing: Filing, lines: Iterable[Line]) -> date | None:
    """When the plan of these rows was adopted; None where no text tells, or two days are told."""
    days = {
        day for text in plan_texts(filing, lines) if names_plan(text) and (day := adopted_on(text))
    }
    return days.pop() if len(days) == 1 else None


COOLING_OFF_SINCE = date(2023, 2, 27)
"""From this day on a new plan may trade only after a wait (17 CFR 240.10b5-1(c)(1)(ii)(B))."""

_COOLING_OFF_DAYS, _COOLING_OFF_DAYS_OTHERS = 90, 30


def is_short_cooling_off(adopted: date, days: int, *, insider: bool) -> bool:
    """Whether a plan traded sooner after its adoption than the rule allows: a question, no verdict.

    days: from the adoption to the first trade.  insider: a director or officer, who waits for at
    least 90 days, all others but the issuer for 30.
    """
    least = _COOLING_OFF_DAYS if insider else _COOLING_OFF_DAYS_OTHERS
    return adopted > COOLING_OFF_SINCE and days < least


def plan_texts(filing: Filing, lines: Iterable[Line]) -> list[str]:
    """The notes on any part of these rows, and the remarks."""
    notes: Mapping[str, str] = filing.footnotes
    ids = dict.fromkeys(note for line in lines for note in line.notes)
    texts = [notes[note] for note in ids if note in notes]
    return [*texts, filing.remarks] if filing.remarks else texts


def _day(found: re.Match[str]) -> date | None:
    try:
        if found["iso"]:
            return date.fromisoformat(found["iso"])
        if found["m"]:
            year = int(found["y"]) + (2000 if len(found["y"]) == 2 else 0)
            return date(year, int(found["m"]), int(found["d"]))
        month = _MONTHS.index((found["month"] or found["month2"])[:3].lower()) + 1
        return date(int(found["year"] or found["year2"]), month, int(found["day"] or found["day2"]))
    except ValueError:
        return None
