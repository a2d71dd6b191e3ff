"""What people type behind ``/alerts`` and ``bot history``, as a command.

The first word decides: it is a verb, or begins a search.  Facts: the grammar is in docs/chat.md.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.chat.amounts import Ambiguous, Reader, span
from bot.chat.canonical import canonical, quoted, term_text, understood
from bot.chat.command import Command, Target, Verb
from bot.chat.known import Known
from bot.chat.misread import Misread
from bot.chat.normalise import normalise
from bot.chat.questions import Question, read_question
from bot.chat.terms import Terms
from bot.chat.words import Line, Word, cut
from bot.rules.spans import Span
from bot.store.query import Term

CHAT = "/alerts"
TERMINAL = "bot history"
FORMATS = ("csv", "json")
_OTHER_FORMATS = frozenset({"xls", "xlsx", "excel", "tsv", "txt", "pdf", "xml", "ods", "jsonl"})
CONFIRMED = "confirmed"
"""Behind the time of a mute: its preview was seen."""

_SEARCHES = (Verb.SEARCH, Verb.STATS, Verb.SUBSCRIBE, Verb.EXPORT)
_OF_A_NUMBER = {
    Verb.SHOW: ("Which alert?", "1234", "(the number is at the foot of every alert)"),
    Verb.ACK: ("Which alert?", "1234", "(the number is at the foot of every alert)"),
    Verb.UNSUBSCRIBE: ("Which subscription?", "3", "(`subs` lists them)"),
}
_FIELDS_OF_A_MUTE = ("ticker", "rule", "who")


def read_command(
    text: str, *, now: datetime, zone: ZoneInfo, known: Known, prompt: str = CHAT
) -> Command:
    """The command that a text is.

    now, zone: of the one who asks; days are theirs.  A relative day is fixed by ``now``, but stays
    relative in the ``canonical`` of a subscription, which is read again when it is looked at.
    Raises Misread, a QueryError, with what is wrong, where, and the line to copy.
    """
    line = Line(text=normalise(text), prompt=prompt)
    reader = Reader(now=now, zone=zone)
    reading = _Reading(line=line, terms=Terms(line=line, reader=reader, known=known))
    words = line.words()
    verb = _verb(words)
    return reading.command(verb or Verb.SEARCH, words[1:] if verb else words)


def _verb(words: Sequence[Word]) -> Verb | None:
    first = words[0].text.lower() if words else ""
    return Verb(first) if first in list(Verb) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    line: Line
    terms: Terms

    def command(self, verb: Verb, words: Sequence[Word]) -> Command:
        if verb in _SEARCHES:
            return self._search(verb, words)
        if verb in _OF_A_NUMBER:
            return self._numbered(verb, words)
        readers: dict[Verb, Callable[[Sequence[Word]], Command]] = {
            Verb.WHY: self._why,
            Verb.MUTE: self._mute,
            Verb.UNMUTE: self._unmute,
            Verb.HELP: lambda words: self._worded(Verb.HELP, words),
            Verb.RULES: lambda words: self._worded(Verb.RULES, words),
        }
        if verb in readers:
            return readers[verb](words)
        return Command(verb=verb, canonical=verb, understood=verb, hints=_left_out(words))

    # Searches.

    def _search(self, verb: Verb, words: Sequence[Word]) -> Command:
        form = FORMATS[0] if verb is Verb.EXPORT else None
        if form and words and words[0].text.lower() in FORMATS:
            form, words = words[0].text.lower(), words[1:]
        self._check_format(verb, words)
        question = read_question(words, self.terms)
        if verb is Verb.SUBSCRIBE and words and not question.query.terms:
            raise self._says_nothing(words)
        begins = [] if verb is Verb.SEARCH else [verb, *([form] if form else [])]
        query = question.lasting if verb is Verb.SUBSCRIBE else canonical(question.query)
        said = self._understood(question) or ("all alerts" if begins else "the newest alerts")
        return Command(
            verb=verb,
            canonical=" ".join([*begins, query]).strip(),
            understood=" · ".join([*begins, said]),
            query=question.query,
            word=form,
            typed=question.typed,
            lasting=question.by_term,
            hints=question.hints,
        )

    def _check_format(self, verb: Verb, words: Sequence[Word]) -> None:
        """A format of spreadsheets that there is not would be searched for as a word."""
        if verb is not Verb.EXPORT or not words or words[0].text.lower() not in _OTHER_FORMATS:
            return
        corrected = self.line.with_((words[0], FORMATS[0]))
        raise Misread(
            f"An export is csv or json, not `{words[0]}`.",
            at=words[0].at,
            mend=f"Every spreadsheet opens csv: {self.line.example(corrected)}.",
            corrected=corrected,
        )

    def _says_nothing(self, words: Sequence[Word]) -> Misread:
        """Left out, it would become a subscription to every alert."""
        return Misread(
            f"`{' '.join(map(str, words))}` says nothing to search for.",
            at=words[0].at,
            mend=f"Say which alerts: {self.line.example('subscribe OKLO insider')}; without any "
            "word it is every alert.",
        )

    def _understood(self, question: Question) -> str:
        reader = self.terms.reader
        return understood(question.query, now=reader.now, zone=reader.zone)

    # Numbers and names.

    def _numbered(self, verb: Verb, words: Sequence[Word]) -> Command:
        number = _number(words[0]) if words else None
        if number is None:
            raise self._which(verb, words)
        others, rest = _numbers(words[1:]) if verb is Verb.ACK else ((), words[1:])
        numbers = (number, *others)
        return Command(
            verb=verb,
            canonical=" ".join([verb, *map(str, numbers)]),
            understood=" ".join([verb, *(f"#{each}" for each in numbers)]),
            number=number,
            others=others,
            hints=_left_out(rest),
        )

    def _which(self, verb: Verb, words: Sequence[Word]) -> Misread:
        what, example, where = _OF_A_NUMBER[verb]
        if words:
            which = " that we gave" if words[0].text.lstrip("#").isdecimal() else ""
            what = f"`{cut(words[0].text)}` is not a number{which}. {what}"
        at = words[0].at if words else len(self.line.text)
        return Misread(what, at=at, mend=f"{self.line.example(f'{verb} {example}')} {where}.")

    def _why(self, words: Sequence[Word]) -> Command:
        """Why an alert fired; or why a rule fired or did not for a ticker: ``why RULE TICKER``."""
        if words and (number := _number(words[0])) is not None:
            return Command(
                verb=Verb.WHY, canonical=f"why {number}", understood=f"why #{number}",
                number=number, hints=_left_out(words[1:]),
            )  # fmt: skip
        if len(words) < 2:
            at = words[0].at if words else len(self.line.text)
            mend = f"{self.line.example('why 1234')} or {self.line.example('why RULE TICKER')}."
            raise Misread("Why what?", at=at, mend=mend)
        rule, key = (each.text.replace('"', "").strip() for each in words[:2])
        rule = rule.lower().removeprefix("rule:")
        key = key.removeprefix("ticker:").lstrip("$").upper()
        return Command(
            verb=Verb.WHY,
            canonical=f"why {quoted(rule)} {quoted(key)}",
            understood=f"why {rule} for {key}",
            word=rule,
            target=Target(ticker=key, rule=rule),
            hints=_left_out(words[2:]),
        )

    def _worded(self, verb: Verb, words: Sequence[Word]) -> Command:
        word = words[0].text.replace('"', "").strip().lower() if words else None
        said = f"{verb} {quoted(word)}" if word else str(verb)
        return Command(
            verb=verb, canonical=said, understood=said, word=word, hints=_left_out(words[1:])
        )

    # Mutes.

    def _mute(self, words: Sequence[Word]) -> Command:
        target, rest = self._target(words)
        if rest and not self._is_span(rest[0]) and (target is None or ":" in rest[0].text):
            raise self._not_muted(rest[0])
        if target is None or not rest:
            raise self._how(
                "Mute what, for how long?", words, "mute OKLO 7d", "mute rule:cluster-buy 4h"
            )
        length, rest = self._span(rest[0]), list(rest[1:])
        confirmed = bool(rest) and rest[0].text.lower() == CONFIRMED
        told = rest[confirmed:]
        reason = " ".join(map(str, told)).replace('"', "").strip() or None
        muted = f"mute {target_text(target)} {length.text}"
        said = [muted, *([CONFIRMED] if confirmed else []), *([f'"{reason}"'] if reason else [])]
        because = f" because “{reason}”" if reason else ""
        return Command(
            verb=Verb.MUTE,
            canonical=" ".join(said),
            understood=f"mute {target_words(target)} for {length.text}{because}",
            target=target,
            span=length,
            reason=reason,
            confirmed=confirmed,
        )

    def _unmute(self, words: Sequence[Word]) -> Command:
        if words and (number := _number(words[0])) is not None:
            return Command(
                verb=Verb.UNMUTE, canonical=f"unmute {number}", understood=f"unmute #{number}",
                number=number, hints=_left_out(words[1:]),
            )  # fmt: skip
        target, rest = self._target(words)
        if target is None:
            raise self._how("Unmute what?", words, "unmute OKLO", "unmute 3", after=" (`mutes`"
                            " lists them)")  # fmt: skip
        return Command(
            verb=Verb.UNMUTE,
            canonical=f"unmute {target_text(target)}",
            understood=f"unmute {target_words(target)}",
            target=target,
            hints=_left_out(rest),
        )

    def _target(self, words: Sequence[Word]) -> tuple[Target | None, Sequence[Word]]:
        """What is muted, and the words behind it; a span ends it, ``for`` says nothing."""
        given, rest = dict[str, str](), list(words)
        while rest and not self._is_span(rest[0]):
            word = rest[0]
            if word.text.lower() == "for":
                rest.pop(0)
                continue
            item = self.terms.read(word)
            if item is None or item.term.field not in _FIELDS_OF_A_MUTE:
                break
            self._check_target(word, item.term)
            if item.term.field in given:
                raise self._one_at_a_time(word)
            given[item.term.field] = str(item.term.values[0])
            rest.pop(0)
        return (Target(**given) if given else None), rest

    def _check_target(self, word: Word, term: Term) -> None:
        if term.field == "who" and str(term.values[0]).startswith("@"):
            raise Misread(
                f"`{word}`: a mute of a person is of an insider, by the name in the filing.",
                at=word.at,
                mend=self.line.example('mute who:"Sam Altman" 7d') + ".",
            )
        if term.negated:
            raise Misread(
                f"`{word}`: a mute says what is to be silent, not what is to be heard.",
                at=word.at,
                mend=f"Write it without the `-`: {self.line.example('mute OKLO 7d')}.",
                corrected=self.line.with_((word, word.text.lstrip("-"))),
            )
        if len(term.values) > 1:
            raise self._one_at_a_time(word)

    def _one_at_a_time(self, word: Word) -> Misread:
        mend = f"Mute each by itself: {self.line.example('mute OKLO 7d')}."
        return Misread("A mute has one of each.", at=word.at, mend=mend)

    def _how(self, what: str, words: Sequence[Word], *examples: str, after: str = "") -> Misread:
        shown = " or ".join(self.line.example(each) for each in examples)
        at = words[-1].end if words else len(self.line.text)
        return Misread(what, at=at, mend=f"{shown}{after}.")

    def _not_muted(self, word: Word) -> Misread:
        shown = ("OKLO 7d", "rule:cluster-buy 4h", 'who:"Sam Altman" 1d')
        return Misread(
            f"`{cut(word.text)}` can not be muted: a ticker, a rule or an insider can.",
            at=word.at,
            mend=f"{', '.join(self.line.example(f'mute {each}') for each in shown)}.",
        )

    def _is_span(self, word: Word) -> bool:
        return word.text[0].isdigit()

    def _span(self, word: Word) -> Span:
        try:
            return span(word.text)
        except Ambiguous as error:
            raise Misread(
                f"`{word}` could be months or minutes.",
                at=word.at,
                mend=f"Write `{error}mo` or `{error}min`.",
                corrected=self.line.with_((word, f"{error}min")),
            ) from error
        except ValueError as error:
            raise Misread(
                f"`{word}` is not a length of time.",
                at=word.at,
                mend="Try `4h`, `7d`, `2w`; units: min h d w mo y.",
            ) from error


def target_text(target: Target) -> str:
    """A target as it could have been typed."""
    return " ".join(term_text(term) for term in target.terms())


def target_words(target: Target) -> str:
    """A target for a reader."""
    said = [target.ticker, target.rule and f"the rule {target.rule}", target.who]
    return " and ".join(each for each in said if each)


def _number(word: Word) -> int | None:
    text = word.text.removeprefix("#")
    return int(text) if text.isdecimal() and text.isascii() and len(text) <= 15 else None


def _numbers(words: Sequence[Word]) -> tuple[tuple[int, ...], Sequence[Word]]:
    """The numbers with which words begin, and the words behind them."""
    found = list[int]()
    for word in words:
        if (number := _number(word)) is None:
            break
        found.append(number)
    return tuple(found), words[len(found) :]


def _left_out(words: Sequence[Word]) -> tuple[str, ...]:
    left = " ".join(map(str, words))
    return (f"`{left}` was left out: nothing is asked of it.",) if left else ()
