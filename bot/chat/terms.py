"""One term: a field with its value, a phrase or a word."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NoReturn

from bot.chat.amounts import Ambiguous, Moment, Reader, with_dots
from bot.chat.canonical import term_text
from bot.chat.known import Known
from bot.chat.misread import Misread
from bot.chat.words import Line, Word, cut, parts
from bot.rules.problems import nearest
from bot.store.query import Term
from bot.store.searchable import BOUNDS, BY_ALIAS, BY_NAME, FIELDS, NAMES, Holds, Searchable

MOST = 1_000
"""No answer has more rows than this; an export has all."""

_FIELD = re.compile(r"([A-Za-z_]+):(?!//)(.*)", re.DOTALL)
_COMPARED = re.compile(r"(>=|<=|>|<)(.*)", re.DOTALL)
_CAPITALS = re.compile(r"[A-Z]{1,5}(?:[.\-][A-Z]{1,2})?")
_TICKER = re.compile(r"\$?[A-Za-z]{1,6}(?:[.\-][A-Za-z]{1,2})?", re.ASCII)
_ID = re.compile(r"#(\d{1,15})|(\d{3,15})", re.ASCII)
_ANY_ID = re.compile(r"#?(\d{1,15})", re.ASCII)
_SPAN = re.compile(r"-?\d{1,8} ?[a-z]+", re.ASCII)
_THOUSANDS = re.compile(r"[<>=]*\$?\d{1,3}(?:,\d{3})+(?:\.\d+)?", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d(?:-\d\d\S*)?(?:\.\.\S+)?", re.ASCII)
_SENTENCE = "?!.;:)"
"""What ends a word in a sentence, as in ``HLBK?``; a ticker that our data know is meant without."""
_RESERVED = (
    dict.fromkeys(("insider", "price", "fed"), "kind")
    | {kind: "kind" for kind in BY_NAME["kind"].words if "-" in kind}
    | dict.fromkeys(("buy", "buys", "sell", "sells"), "side")
    | dict.fromkeys(("ceo", "cfo", "officer", "director"), "role")
    | dict.fromkeys(("today", "yesterday"), "on")
)
"""Words that say a field by themselves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A term with the words it was made of.

    named: the field as it was typed, None for a plain word.
    lasting: the term in words that mean the same at any later time; relative days stay relative.
    """

    term: Term
    words: tuple[Word, ...]
    named: str | None
    lasting: str

    @property
    def typed(self) -> str:
        return " ".join(map(str, self.words))


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Reads the terms of one line."""

    line: Line
    reader: Reader
    known: Known

    def read(self, word: Word) -> Item | None:
        """The term; None for a word without a letter or digit.  Raises Misread."""
        text = word.text.lstrip("-")
        negated = text != word.text
        if match := _FIELD.fullmatch(text):
            return self._named(word, match[1].lower(), match[2], negated)
        term = self._plain(word, text)
        if term is None:
            return None
        if term.field == "on" and _SPAN.fullmatch(word.text.lower()):
            negated = False  # -24h is how some write 24h ago
        term = replace(term, negated=negated)
        lasting = term_text(term)
        if term.field == "on":
            name = "since" if term.high is None else "on"
            lasting = f"{'-' * negated}{name}:{text.lower().replace(' ', '')}"
        return Item(term=term, words=(word,), named=None, lasting=lasting)

    # A field and its value.

    def _named(self, word: Word, name: str, raw: str, negated: bool) -> Item:
        field, compares = BY_ALIAS.get(name), ""
        if name in BOUNDS:
            bounded, compares = BOUNDS[name]
            field = BY_NAME[bounded]
        if field is None:
            self._unknown_field(word, name)
        if not parts(raw):
            example = field.examples[0] if not compares else f"{name}:1m"
            raise Misread(
                f"`{name}:` needs a value, e.g. `{example}`.",
                at=word.at,
                mend=f"Write it behind the colon: `{example}`.",
            )
        term = replace(self._term(word, field, name, compares + raw), negated=negated)
        lasting = term_text(term)
        if field.holds is Holds.DATE:
            plain = raw.replace(" ", "").replace('"', "")
            lasting = f"{'-' * negated}{field.name}:{plain}"
        return Item(term=term, words=(word,), named=name, lasting=lasting)

    def _term(self, word: Word, field: Searchable, name: str, raw: str) -> Term:
        if field.holds is Holds.DATE:
            return self._dates(word, field, name, raw)
        if field.holds.measured:
            return self._measured(word, field, raw)
        if match := _COMPARED.fullmatch(raw):
            better = f"{name}:{match[2]}"
            raise Misread(
                f"`{name}:` does not compare; drop the `{match[1]}`: `{better}`.",
                at=word.at,
                mend=f"Write `{better}`.",
                corrected=self.line.with_((word, better)),
            )
        values = tuple(self._value(word, field, name, part) for part in parts(raw))
        return Term(field=field.name, values=tuple(dict.fromkeys(values)))

    def _value(self, word: Word, field: Searchable, name: str, part: str) -> Any:
        if field.name == "ticker":
            return self._ticker(word, part)
        if field.holds is Holds.COUNT:
            return self._count(word, field, part)
        if field.holds is Holds.WORD:
            return field.word(part) or self._unknown_word(word, field, name, part)
        if field.holds is Holds.TEXT and not _says_something(part):
            raise Misread(
                f"`{cut(part)}` has no letter and no digit.",
                at=word.at,
                mend=f"Write a name or a word, e.g. `{field.examples[0]}`.",
            )
        return part.lower() if field.name == "rule" else part

    def _ticker(self, word: Word, part: str) -> str:
        if not _TICKER.fullmatch(part):
            raise Misread(
                f"`{cut(part)}` is not a ticker.",
                at=word.at,
                mend="A ticker has up to six letters, e.g. `ticker:OKLO`, `ticker:BRK.B`.",
            )
        return part.lstrip("$").upper().replace(".", "-")

    def _count(self, word: Word, field: Searchable, part: str) -> int:
        match = _ANY_ID.fullmatch(part)
        if match and field.name == "id":
            return int(match[1])
        if match and 1 <= int(match[1]) <= MOST:
            return int(match[1])
        if field.name == "id":
            what, mend = f"`{cut(part)}` is not the number of an alert.", "Write it as in `#10482`."
        else:
            what = f"`{cut(part)}` is not a number of alerts."
            mend = f"Write `last 1` to `last {MOST}`, or a time: `since:7d`."
        raise Misread(what, at=word.at, mend=mend)

    # What is measured.

    def _measured(self, word: Word, field: Searchable, raw: str) -> Term:
        if _THOUSANDS.fullmatch(raw):
            plain = raw.replace(",", "")
            raise Misread(
                f"A comma means 'or', so `{cut(raw)}` is several amounts.",
                at=word.at,
                mend=f"Write it without: `{field.name}:{plain}`.",
                corrected=self.line.with_((word, f"{field.name}:{plain}")),
            )
        try:
            term = _measures(field, raw.replace('"', ""), self.reader)
        except (ValueError, ArithmeticError) as error:
            raise self._no_amount(word, field, raw) from error
        if field.holds is not Holds.PERCENT and _is_below_zero(term):
            tried = ", ".join(f"`{each}`" for each in field.examples)
            shown = cut(raw.replace('"', "").lstrip("<>="))
            what = f"`{shown}` is below zero, which no `{field.name}:` is."
            raise Misread(what, at=word.at, mend=f"Try {tried}.")
        return term

    def _no_amount(self, word: Word, field: Searchable, raw: str) -> Misread:
        part = raw.lstrip("<>=")
        tried = ", ".join(f"`{each}`" for each in field.examples)
        article = "an" if field.holds is Holds.MONEY else "a"
        return Misread(
            f"`{cut(part)}` is not {article} {field.holds}.", at=word.at, mend=f"Try {tried}."
        )

    def _dates(self, word: Word, field: Searchable, name: str, raw: str) -> Term:
        match = _COMPARED.fullmatch(raw)
        if match and field.name != "on":
            better = f"{name}:{match[2]}"
            raise Misread(
                f"`{name}:` does not compare; drop the `{match[1]}`: `{better}`.",
                at=word.at,
                mend=f"Write `{better}`.",
                corrected=self.line.with_((word, better)),
            )
        low, dots, high = raw.replace('"', "").partition("..")
        if dots:
            return self._between(word, low, high)
        when = self._moment(word, match[2] if match else low)
        if match:
            return {
                ">": Term(field="on", low=when.end),
                ">=": Term(field="on", low=when.start),
                "<": Term(field="on", high=when.start, open_high=True),
                "<=": Term(field="on", high=when.end, open_high=True),
            }[match[1]]
        if field.name == "since":
            return Term(field="on", low=when.start)
        if field.name == "until":
            return Term(field="on", high=when.end, open_high=True)
        if when.start == when.end:
            when = self.reader.day(when.start.astimezone(self.reader.zone).date())
        return Term(field="on", low=when.start, high=when.end, open_high=True)

    def _between(self, word: Word, low: str, high: str) -> Term:
        first = None if low in ("", "*") else self._moment(word, low).start
        end = None if high in ("", "*") else self._moment(word, high).end
        if first is None and end is None:
            self._no_date(word, f"{low}..{high}")
        return Term(field="on", low=first, high=end, open_high=end is not None)

    def _moment(self, word: Word, text: str) -> Moment:
        try:
            return self.reader.moment(text.strip())
        except Ambiguous as error:
            raise _ambiguous(word, text, str(error), self.line) from error
        except (ValueError, OverflowError):
            self._no_date(word, text)

    def _no_date(self, word: Word, text: str) -> NoReturn:
        raise Misread(
            f"`{cut(text)}` is not a date I know.",
            at=word.at,
            mend="Try `since:90d`, `since:2026-08-01`, `since:yesterday`; units: min h d w mo y.",
        )

    # Plain words.

    def _plain(self, word: Word, text: str) -> Term | None:
        if '"' in text:
            return _text_term(parts(text))
        if _SPAN.fullmatch(_small_unit(text)) and (term := self._ago(word, text)):
            return term
        if _DATE.fullmatch(text):
            return self._dates(word, BY_NAME["on"], "on", text)
        if _COMPARED.fullmatch(text) and _says_something(text):
            return self._measured(word, BY_NAME["value"], text)
        if text.startswith("#") and not _ID.fullmatch(text.split(",")[0]):
            return Term(field="in", values=(text,)) if _says_something(text) else None
        found = [self._meant(part) for part in text.split(",") if part]
        fields = {term.field for term in found}
        if found and len(fields) == 1 and fields.isdisjoint(("text", "on")):
            values = tuple(dict.fromkeys(value for term in found for value in term.values))
            return Term(field=fields.pop(), values=values)
        if fields == {"on"} and len(found) == 1:
            return self._dates(word, BY_NAME["on"], "on", text.lower())
        return _text_term([text.strip(",")])

    def _meant(self, part: str) -> Term:
        """What one word means by itself."""
        small = part.lower().replace("_", "-")
        if match := _ID.fullmatch(part):
            return Term(field="id", values=(int(match[1] or match[2]),))
        if part.startswith("$") and _TICKER.fullmatch(part):
            return Term(field="ticker", values=(part[1:].upper().replace(".", "-"),))
        if (bare := part.rstrip(_SENTENCE)) != part and self._is_known_ticker(bare):
            return self._meant(bare)
        capitals = _CAPITALS.fullmatch(part) is not None
        symbol = part.upper().replace(".", "-")
        if small in _RESERVED and not (capitals and self.known.is_ticker(symbol)):
            field = BY_NAME[_RESERVED[small]]
            return Term(field=field.name, values=(field.word(small) or small,))
        as_ticker = _CAPITALS.fullmatch(part.upper()) and part.islower()
        if capitals or (as_ticker and self.known.is_ticker(symbol)):
            return Term(field="ticker", values=(symbol,))
        return Term(field="text", values=(part,))

    def _is_known_ticker(self, text: str) -> bool:
        symbol = text.lstrip("$").upper().replace(".", "-")
        return _TICKER.fullmatch(text) is not None and self.known.is_ticker(symbol)

    def _ago(self, word: Word, text: str) -> Term | None:
        """``30d`` is since then; other words that begin with digits are text."""
        try:
            return Term(field="on", low=self.reader.moment(text).start)
        except Ambiguous as error:
            raise _ambiguous(word, text, str(error), self.line) from error
        except (ValueError, OverflowError):
            return None

    # Mistakes.

    def _unknown_field(self, word: Word, name: str) -> NoReturn:
        near = nearest(name, NAMES)
        fields = f"Fields: {', '.join(each.name for each in FIELDS)}, min, max."
        if near is None:
            quoted = f'"{word.text.lstrip("-")}"'
            raise Misread(
                f"I don't know `{cut(name)}:`.",
                at=word.at,
                mend=f"{fields} Put it in quotes to search for the words: `{quoted}`.",
            )
        better = re.sub(rf"{name}:", f"{near}:", word.text, count=1, flags=re.IGNORECASE)
        corrected = self.line.with_((word, better))
        raise Misread(
            f"I don't know `{cut(name)}:`. Did you mean `{near}:`?",
            at=word.at,
            mend=f"{self.line.example(corrected)} · {fields}",
            corrected=corrected,
        )

    def _unknown_word(self, word: Word, field: Searchable, name: str, part: str) -> NoReturn:
        near = nearest(part, (*field.words, *field.spellings))
        corrected = self.line.with_((word, word.text.replace(part, near))) if near else None
        raise Misread(
            f"`{cut(name)}:{cut(part)}` is unknown. "
            f"One of: {', '.join(field.listed or field.words)}."
            + (f" Did you mean `{near}`?" if near else ""),
            at=word.at,
            mend=self.line.example(corrected) if corrected else f"Write `{field.examples[0]}`.",
            corrected=corrected,
        )


def _measures(field: Searchable, raw: str, reader: Reader) -> Term:
    read = reader.of(field.holds)
    if match := _COMPARED.fullmatch(raw):
        bound, name = read(match[2].strip()), field.name
        if match[1].startswith(">"):
            return Term(field=name, low=bound, open_low=match[1] == ">")
        return Term(field=name, high=bound, open_high=match[1] == "<")
    raw = raw if field.holds is Holds.PERCENT else with_dots(raw)
    low, dots, high = raw.partition("..")
    if not dots:
        values = dict.fromkeys(read(part) for part in parts(raw))
        return Term(field=field.name, values=tuple(values))
    first, last = (None if end in ("", "*") else read(end) for end in (low, high))
    if first is None and last is None:
        raise ValueError(f"{raw!r} has no bound")
    return Term(field=field.name, low=first, high=last)


def _is_below_zero(term: Term) -> bool:
    return any(each is not None and each < 0 for each in (*term.values, term.low, term.high))


def _ambiguous(word: Word, text: str, count: str, line: Line) -> Misread:
    return Misread(
        f"`{cut(text.strip())}` could be months or minutes.",
        at=word.at,
        mend=f"Write `{count}mo` or `{count}min`.",
        corrected=line.with_((word, word.text.replace(text, f"{count}mo"))),
    )


def _small_unit(text: str) -> str:
    """``7D`` is 7d; a capital M or B behind a number is an amount as often as a time."""
    return text.lower() if text[-1:] in "HDWY" else text


def _text_term(values: Sequence[str]) -> Term | None:
    said = tuple(dict.fromkeys(value for value in values if _says_something(value)))
    return Term(field="text", values=said) if said else None


def _says_something(text: str) -> bool:
    return any(character.isalnum() for character in text)
