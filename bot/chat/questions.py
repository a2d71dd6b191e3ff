"""A query out of its terms: bounds of one field joined, nothing said twice, hints given."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from bot.chat.canonical import term_text
from bot.chat.misread import Misread
from bot.chat.terms import Item, Terms
from bot.chat.words import Line, Word, cut
from bot.rules.problems import nearest
from bot.store.query import Query, Sort, Term
from bot.store.searchable import BY_NAME, Holds

_MOST_TERMS = 64
_YEARS = range(1990, 2100)
_MANY_AT_ONCE = ("text", "who", "is")
"""Fields that an alert may have several values of, so that two terms may both hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A query as it was read.

    typed: of each term of the query the words it was made of, in their order.
    lasting: the query in words that mean the same at any later time: relative days stay relative.
    by_term: the same, of each term.
    hints: how it could be said better.
    """

    query: Query
    typed: tuple[str, ...]
    lasting: str
    by_term: tuple[str, ...]
    hints: tuple[str, ...]


def read_question(words: Sequence[Word], terms: Terms) -> Question:
    """The query that these words ask.  Raises Misread."""
    if len(words) > _MOST_TERMS:
        what = f"There are more than {_MOST_TERMS} terms."
        raise Misread(what, at=words[_MOST_TERMS].at, mend="Leave some out.")
    _check_junctions(words, terms)
    read = [(word, terms.read(word)) for word in _with_last(words, terms.line)]
    items = [item for _, item in read if item is not None]
    for item in items:
        _check_person(item, terms.line)
    joined = _joined(items, terms.line)
    own = [item for item in joined if item.term.field not in ("sort", "limit")]
    rest = {item.term.field: item.term.values[0] for item in joined if item not in own}
    return Question(
        query=Query(
            terms=tuple(item.term for item in own),
            sort=Sort(rest.get("sort", Sort.NEW)),
            limit=rest.get("limit"),
        ),
        typed=tuple(item.typed for item in own),
        lasting=" ".join(item.lasting for item in joined),
        by_term=tuple(item.lasting for item in own),
        hints=(*_hints(read), *_unheard_rules(own, terms.known.rules)),
    )


def _check_person(item: Item, line: Line) -> None:
    """Somebody of the workspace is no insider; what they can be asked for is what they did."""
    term = item.term
    if term.field != "who" or not any(value.startswith("@") for value in term.values):
        return
    better = term_text(replace(term, field="by"))
    corrected = line.with_((item.words[0], better))
    raise Misread(
        f"`{item.named}:` is an insider, by the name in the filing.",
        at=item.words[0].at,
        mend=f"Who acknowledged an alert is `by:`. Write {line.example(corrected)}.",
        corrected=corrected,
    )


def _check_junctions(words: Sequence[Word], terms: Terms) -> None:
    """``A OR B`` and ``A and B`` as other searches write them; inside of quotes they are words."""
    line = terms.line
    for before, word, after in zip(words, words[1:], words[2:], strict=False):
        both = word.text in ("AND", "and")
        if word.text in ("OR", "or") or (both and _exclude_one_another(terms, before, after)):
            joined = f"{before},{after.text.rpartition(':')[2]}"
            corrected = line.with_((before, joined), (word, ""), (after, ""))
            raise Misread(
                "No alert is both; one of them is written with a comma."
                if both
                else f"`{word}` is written as a comma.",
                at=word.at,
                mend=f"{line.example(corrected)}.",
                corrected=corrected,
            )
        if both:
            corrected = line.with_((word, ""))
            raise Misread(
                f"`{word}` is not needed: all words must hold.",
                at=word.at,
                mend=f"{line.example(corrected)}.",
                corrected=corrected,
            )


def _exclude_one_another(terms: Terms, one: Word, other: Word) -> bool:
    """Whether two words ask for different values of what an alert has one of, as two tickers."""
    read = [item for item in (terms.read(one), terms.read(other)) if item is not None]
    return len(read) == 2 and _clash(*read) and not BY_NAME[read[0].term.field].holds.measured


def _with_last(words: Sequence[Word], line: Line) -> list[Word]:
    """``last 20`` is limit:20, ``last 30d`` since:30d."""
    found, rest = list[Word](), list(words)
    while rest:
        word = rest.pop(0)
        if word.text.lower() == "last":
            word = _last(word, rest, line)
        found.append(word)
    return found


def _last(word: Word, rest: list[Word], line: Line) -> Word:
    if not rest:
        raise Misread(
            "Last how many?", at=word.at, mend=f"{line.example('last 20')}, `last 7d`, `$LAST`."
        )
    count = rest.pop(0)
    named = (
        "limit" if count.text.lstrip("-").isdecimal() or not count.text[0].isdigit() else "since"
    )
    return Word(text=f"{named}:{count.text}", at=word.at, end=count.end)


# Terms of one field.


def _joined(items: Sequence[Item], line: Line) -> list[Item]:
    kept = list[Item]()
    for item in items:
        place = next((n for n, held in enumerate(kept) if _clash(held, item)), None)
        if place is None:
            kept.append(item)
        else:
            kept[place] = _together(kept[place], item, line)
    for item in kept:
        _check_bounds(item)
    return kept


def _clash(held: Item, item: Item) -> bool:
    term = item.term
    if held.term.field != term.field or held.term.negated or term.negated:
        return False
    return term.field not in _MANY_AT_ONCE


def _together(held: Item, item: Item, line: Line) -> Item:
    """Two bounds as one term; a set given twice is an error that teaches the comma."""
    one, other = held.term, item.term
    holds = BY_NAME[one.field].holds
    if not holds.measured and one.field != "on":
        raise _twice(held, item, line)
    if one.values or other.values or _both(one.low, other.low) or _both(one.high, other.high):
        name = item.named or one.field
        raise Misread(
            f"`{name}:` is there twice.",
            at=item.words[0].at,
            mend="One lower and one upper bound: "
            + ("`on:2026-08-01..2026-08-15`." if one.field == "on" else f"`{one.field}:A..B`."),
        )
    upper, lower = (one, other) if one.low is None else (other, one)
    term = replace(
        one, low=lower.low, open_low=lower.open_low, high=upper.high, open_high=upper.open_high
    )
    lasting = term_text(term) if holds is not Holds.DATE else f"{held.lasting} {item.lasting}"
    return Item(term=term, words=held.words + item.words, named=held.named, lasting=lasting)


def _both(one: Any, other: Any) -> bool:
    return one is not None and other is not None


def _twice(held: Item, item: Item, line: Line) -> Misread:
    one, name = held.term, held.named or item.named or held.term.field
    if one.field in ("sort", "limit"):
        mend, corrected = "Give it once.", line.with_((item.words[0], ""))
    else:
        values = tuple(dict.fromkeys(one.values + item.term.values))
        better = term_text(replace(one, values=values))
        mend = f"Write `{better}`."
        corrected = line.with_((held.words[0], better), (item.words[0], ""))
    return Misread(
        f"`{name}:` is there twice. {mend}",
        at=item.words[0].at,
        mend=line.example(corrected),
        corrected=corrected,
    )


def _check_bounds(item: Item) -> None:
    term = item.term
    if term.low is None or term.high is None:
        return
    if term.low > term.high or (term.low == term.high and (term.open_low or term.open_high)):
        what = "ends before it begins" if term.field == "on" else "has its bounds the wrong way"
        raise Misread(
            f"`{item.typed}` {what}: nothing can be both.",
            at=item.words[0].at,
            mend=_order_of(item),
        )


def _order_of(item: Item) -> str:
    if item.term.field != "on":
        return "Write the lower one first, then the greater one."
    return "Write the earlier day first, then the later one: `since:7d until:2d`."


# Hints.


def _hints(read: Sequence[tuple[Word, Item | None]]) -> list[str]:
    hints = []
    for word, item in read:
        if item is None and any(not sign.isspace() and sign != "-" for sign in word.text):
            hints.append(f"`{word}` says nothing to search for and was left out.")
        if item is not None and item.term.field == "text" and word.text.lstrip("-")[:1] == "@":
            hints.append(f"What somebody acknowledged is `by:{word.text.lstrip('-')}`.")
        if item is not None and _looks_like_a_year(word, item.term):
            hints.append(f"`{word}` is the alert #{word}; for the year write `since:{word}-01`.")
    for (word, item), (following, after) in pairwise(read):
        if _splits_a_name(word, item, after):
            name = word.text.partition(":")[2]
            hints.append(f'For the whole name write `who:"{name} {following}"`.')
    return hints


def _unheard_rules(items: Sequence[Item], known: Collection[str]) -> list[str]:
    """Rules may have gone since, so a name nobody knows is no mistake."""
    asked = [rule for item in items if item.term.field == "rule" for rule in item.term.values]
    unheard = [rule for rule in asked if known and rule not in known]
    return [
        f"I know no rule `{cut(rule)}`." + (f" Did you mean `{near}`?" if near else "")
        for rule in unheard
        for near in [nearest(rule, known)]
    ]


def _looks_like_a_year(word: Word, term: Term) -> bool:
    return term.field == "id" and word.text.isdecimal() and int(word.text) in _YEARS


def _splits_a_name(word: Word, item: Item | None, after: Item | None) -> bool:
    if item is None or after is None or item.term.field != "who" or '"' in word.text:
        return False
    return after.named is None and after.term.field == "text" and '"' not in after.typed
