"""How many at the table held a view, by the words of the minutes: from one to all.

Minutes count in words, and always the same ones.  Read is only what is surely a count of
participants or members: "market participants", possessives, votes, attendance and footnotes are
not, and neither are "various participants" and "a number of participants", which have no rung.
Order of the rungs: E. Meade, N. Burk, M. Josselyn, The FOMC Meeting Minutes: An Assessment of
Counting Words and the Diversity of Views, FEDS Notes, 2015.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from bot.fed.passages import Paragraph, tidy, under_headings
from bot.fed.rungs import Rung
from bot.fed.sentences import sentences


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One clause of minutes and how many held what it says.

    rung: None where the count is denied ("not all participants", "few participants").
    words: the count as written: "A couple of participants".
    subject: what it is about in a word or two, None where no word of the clause tells.
    paragraph, heading, anchor: where it stands, as ``passages.Paragraph`` has them.
    """

    rung: Rung | None
    words: str
    quote: str
    subject: str | None
    paragraph: int
    heading: str | None
    anchor: str | None


_RUNGS = (
    (None, r"not\ (?:all|many|every)(?:\ of)?|(?:very\ )?few|no"),
    (
        Rung.ALMOST_ALL,
        r"(?:almost|nearly|virtually)\ (?:all|every)|"
        r"all\ but\ (?:one|two|a\ few|a\ couple)(?:\ of)?",
    ),
    (
        Rung.MOST,
        r"(?<!the\ )most(?:,?\ (?:but|though)\ not\ all,?)?|(?:the|a)\ (?:\w+\ )?majority\ of|"
        r"(?:well\ )?more\ than\ half\ of",
    ),
    (Rung.ALL, r"all|every|each"),
    (Rung.MANY, r"(?:a\ great\ |a\ good\ )?many(?:,?\ (?:but|though)\ not\ (?:all|most),?)?"),
    (Rung.SEVERAL, r"several"),
    (Rung.SOME, r"some(?:,?\ (?:but|though)\ not\ (?:all|most|many),?)?"),
    (Rung.FEW, r"(?:only\ |quite\ )?a\ few"),
    (Rung.COUPLE, r"(?:only\ )?a\ couple(?:\ of)?|two"),
    (Rung.ONE, r"(?:only\ |just\ )?one|another"),
)
"""Each rung's words; in this order, since "almost all" holds "all", and "not all" denies it."""

_WHO = r"(?:participants?|members?|officials?|policy\ ?makers?|presidents|governors)"
_SAID = (
    r"noted|commented|remarked|observed|judged|pointed|stressed|emphasized|highlighted|suggested"
    r"|expected|expressed|viewed|saw|anticipated|cautioned|mentioned|indicated|reported|assessed"
    r"|agreed|believed|favored|preferred|supported|thought|cited|discussed|raised|stated|argued"
    r"|added|perceived|supposed|considered|underscored|warned|advocated|felt|recommended"
)
_ADVERB = r"(?:(?:also|further|additionally|nevertheless|however|instead|would\ have|did\ not)\ )?"
_COUNT = re.compile(
    r"(?<![\w'-])(?:"
    + "|".join(f"(?P<r{place}>{words})" for place, (_, words) in enumerate(_RUNGS))
    + r")\ (?:(?:of\ )?(?:the|these|those|its|their)\ (?:other\ )?|other\ |of\ them\ )?"
    + rf"(?:(?P<who>{_WHO})(?!\w|')|(?={_ADVERB}(?:{_SAID})\b))",
    re.IGNORECASE | re.VERBOSE,
)
"""A count and whom it counts: a group by its name, or none where a verb of saying follows."""

_NAMED = re.compile(rf"(?<!market )\b{_WHO}(?!\w|')", re.IGNORECASE)
"""Those at the table, counted or not."""

_ELSEWHERE = re.compile(
    r"\ (?:in|to|at|of)\ (?:the\ |a\ )?(?:\w+\ )?(?:financial|market|markets|Desk|survey|labor"
    r"|staff|facility|operations?|Board|House|Senate|Congress|public)\b",
    re.VERBOSE,
)
"""Behind the count: participants in the survey, members of the staff: nobody at the table."""

_JOINS = re.compile(
    r"(?:(?:;|,|—|–)\s*|\s(?=(?:while|whereas|although|though|but)\s))"
    r"(?:(?:while|whereas|although|though|but|and|or|with)\s+)?"
    r"(?:(?:however|at the same time|in (?:addition|contrast)|by contrast|on the other hand"
    r"|moreover|nevertheless|conversely|meanwhile|of these),?\s+)?"
)
"""Between two clauses of a sentence."""

_UNREAD = re.compile(
    r"voting\ (?:for|against)\b|absent\ and\ not\ voting|\"|\d{1,2}\.\s|effective\ ",
    re.IGNORECASE | re.VERBOSE,
)
"""How votes, the statement and the directive as quoted, and footnotes begin."""

_UNREAD_HEADINGS = re.compile(
    r"attendance|staff|notation\ vote|voting|absent|annual\ organizational|committee\ ethics"
    r"|selection\ of|developments\ in\ financial\ markets",
    re.IGNORECASE | re.VERBOSE,
)
"""Who was there, what the staff told, formal votes: no views of those at the table."""

_SUBJECTS = {
    "balance sheet": r"balance sheet|runoff|reserves|securities holdings|soma|srf|on rrp"
    r"|repo facility",
    "policy rate": r"federal funds rate|target range|policy rate|rate (?:cuts?|increases?|hikes?)"
    r"|stance of (?:monetary )?policy|policy stance|restrictive|easing|tightening|policy firming",
    "labor market": r"labor|employment|unemployment|hiring|payrolls?|layoffs|jobs?|workers|wages?",
    "inflation": r"inflation|disinflation|prices?|price stability|tariffs?",
    "financial conditions": r"financial (?:conditions|stability|system|markets)|asset (?:prices|"
    r"valuations?)|valuations?|credit|banks?|banking|leverage|equit(?:y|ies)"
    r"|treasury (?:market|yields)",
    "growth": r"growth|gdp|economic activity|spending|consumption|investment|output|demand|housing"
    r"|productivity|exports|economy|households?|business(?:es)?",
    "communication": r"communications?|consensus statement|projections"
    r"|statement on longer-run goals",
    "uncertainty": r"uncertain(?:ty|ties)?",
}
_RATE = re.compile(r"federal funds rate|target range|policy rate", re.IGNORECASE)
_SUBJECT = re.compile(
    "|".join(rf"\b(?P<s{n}>{words})\b" for n, words in enumerate(_SUBJECTS.values())), re.IGNORECASE
)


def views(paragraphs: Iterable[Paragraph]) -> list[View]:
    """Every counted view of minutes, in the order of the text.

    paragraphs: all of the page, so that headings among them tell which part one belongs to.
    """
    return [
        view
        for paragraph in under_headings(paragraphs)
        if _is_read(paragraph)
        for sentence in sentences(tidy(paragraph.text))
        for view in _views_of(sentence, paragraph)
    ]


def rungs(found: Iterable[View]) -> dict[Rung, int]:
    """How many clauses stand on each rung; denied counts stand on none."""
    counted = Counter(view.rung for view in found)
    return {rung: counted[rung] for rung in Rung}


def ladder_fields(found: Iterable[View]) -> dict[str, int]:
    """The fields ``quantifier_…`` of the kind fed_release."""
    return {f"quantifier_{rung}": count for rung, count in rungs(found).items()}


def view_json(view: View) -> dict[str, Any]:
    """For the detail ``evidence`` of facts."""
    return {
        "rung": view.rung and view.rung.value,
        "words": view.words,
        "quote": view.quote,
        "subject": view.subject,
        "paragraph": view.paragraph,
        "heading": view.heading,
        "anchor": view.anchor,
    }


def _is_read(paragraph: Paragraph) -> bool:
    if paragraph.heading and _UNREAD_HEADINGS.match(paragraph.heading):
        return False
    return not _UNREAD.match(paragraph.text)


def _views_of(sentence: str, paragraph: Paragraph) -> Iterator[View]:
    counts = [
        found for found in _COUNT.finditer(sentence) if not _ELSEWHERE.match(sentence, found.end())
    ]
    if not counts:
        return
    for found, quote in zip(counts, _clauses(sentence, counts), strict=True):
        yield View(
            rung=_rung(found),
            words=found[0].strip(),
            quote=quote,
            subject=_subject(quote, found[0]),
            paragraph=paragraph.number,
            heading=paragraph.heading,
            anchor=paragraph.anchor,
        )


def _rung(found: re.Match[str]) -> Rung | None:
    return next(rung for n, (rung, _) in enumerate(_RUNGS) if found[f"r{n}"] is not None)


def _clauses(sentence: str, counts: list[re.Match[str]]) -> Iterator[str]:
    """The clause of each count, ending with the sentence or where that of the next begins.

    One begins behind the last joint between it and those named before; with the sentence where
    nobody is.  Without a joint it begins with its count.
    """
    cuts: list[tuple[int, int]] = []
    named = next((one.end() for one in _NAMED.finditer(sentence)), len(sentence))
    for found in counts:
        joints = list(_JOINS.finditer(sentence, named, found.start()))
        begins = found.start() if cuts else 0
        cuts.append(joints[-1].span() if joints else (begins, begins))
        named = found.end()
    ends = [start for start, _ in cuts[1:]] + [len(sentence)]
    for (_, start), end in zip(cuts, ends, strict=True):
        yield sentence[start:end].strip(" ,;–—")


def _subject(quote: str, words: str) -> str | None:
    """The policy rate where it is named behind the count; else what most words there speak of, the
    first of those that are level; where they name nothing, the same of the whole clause."""
    behind = quote.partition(words)[2]
    if _RATE.search(behind):
        return "policy rate"
    for text in (behind, quote):
        named = Counter(
            int(name[1:]) for found in _SUBJECT.finditer(text) if (name := found.lastgroup)
        )
        if named:
            return list(_SUBJECTS)[named.most_common(1)[0][0]]
    return None
