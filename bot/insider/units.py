"""What notes say of the unit of a price: another currency, or an ADS beside ordinary shares.

Directors and officers of foreign private issuers file Forms 3, 4 and 5 from 2026-03-18 on; what
they trade at home is priced in the money of home, and what they trade as depositary shares (ADS)
may be counted in ordinary ones.
"""

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

from bot.insider.filing import LONGEST_TEXT
from bot.insider.wording import SENTENCE_END
from bot.insider.words import Words

_DOLLARS_OF = (
    "canadian", "australian", "hong kong", "singapore", "new zealand", "taiwan", "nt", "bermuda",
    "bermudian", "jamaican", "namibian",
)  # fmt: skip
_COINS = (
    "euro", "british pound", "pound sterling", "pounds sterling", "pence", "yen", "renminbi",
    "yuan", "korean won", "rupee", "reais", "peso", "kron", "shekel", "swiss franc",
    "african rand", "lira", "zloty", "koruna", "forint", "baht", "rupiah", "ringgit", "dirham",
    "riyal", "dinar", "rouble", "ruble", "hryvnia", "naira",
)  # fmt: skip
_CODES = (
    "cad", "aud", "hkd", "sgd", "twd", "eur", "gbp", "gbx", "chf", "jpy", "rmb", "cny", "ils",
    "nis", "inr", "brl", "mxn", "krw", "sek", "nok", "dkk",
    "zar", "pln", "czk", "huf", "thb", "idr", "myr", "aed", "qar", "nzd", "clp", "vnd", "php",
)  # fmt: skip
_ONLY_AFTER_IN = ("rand", "won", "try", "sar")
"""Money only as "in rand": else a name, a verb or an appreciation right."""

_SIGNED = ("c$", "a$", "cdn$", "hk$", "nt$", "s$", "r$")
_SIGNS = "€£¥₪₩₹"
_CURRENCY = (
    rf"(?:{'|'.join(_DOLLARS_OF)}) dollars?\b|(?:{'|'.join(_COINS)})\w{{0,2}}\b"
    rf"|(?:{'|'.join(_CODES)})\b|(?<=\bin )(?:{'|'.join(_ONLY_AFTER_IN)})\b"
    rf"|rs\.? ?(?=\d)|(?:{'|'.join(map(re.escape, _SIGNED))})"
)
_MONEY = rf"(?:\b(?:{_CURRENCY})|[{_SIGNS}])"
_HINTS = (
    *(f"{of} dollar" for of in _DOLLARS_OF), *(f"in {word}" for word in _ONLY_AFTER_IN),
    *_COINS, *_CODES, *_SIGNED, *_SIGNS, "rs.", "rs ",
)  # fmt: skip
"""Without one of these no currency is named: asked first, since most notes have none."""

_FOREIGN = Words(
    rf"\b(?:price\w*|amounts?|reported|paid|denominated|sold|purchased|bought|executed)\b"
    rf"[^;]{{0,80}}?{_MONEY}|{_MONEY}[^;]{{0,40}}?\bper (?:\w+ )?share"
)
_FEES_LEFT_OUT = Words(
    r"\b(?:not (?:include|reflect)|excludes?|excluding|exclusive of|before|without)\b[^;,]{0,40}?"
    rf"\b(?:fees?|commissions?|tax(?:es)?|dut(?:y|ies)|charges?) (?:of|totall?ing) {_MONEY}"
)
"""What was paid beside the price, in the money of the place."""

_EXERCISE = Words(r"\b(?:exercise|strike|conversion) prices?\b")
_DOLLARS = Words(r"(?<!not in )(?<!not )(?:\bu\.?\s?s\.? dollars?|\bus\s?\$|\busd\b)")
_CONVERTED = Words(r"\bconver(?:ted|sion|ting)\b|\btranslated\b|\bequivalent\b")
_OF_MONEY = Words(rf"\bdollars?\b|\bcurrenc(?:y|ies)\b|\bexchange rates?\b|{_MONEY}")

_ADS = r"(?:american deposit[ao]ry shares?|\bads\b)"
_PER_ADS = Words(rf"(?:\bprice|\$\s?\d[\d.,]*)[^;]{{0,80}}?\b(?:per|for each|an) {_ADS}")
_ADS_TITLE = Words(r"\bads|\badr|deposit[ao]ry")
_ADS_CONVERTED = Words(r"\bconver(?:ted|sion|ting)\b|\bper (?:ordinary|common) share\b")
_SOLD_AS_ADS = Words(
    rf"\b(?:sold|sales?|purchased?|bought|acquired|traded)\b[^;]{{0,60}}?"
    rf"\b(?:as|in the form of) (?:{_ADS}|adss\b)[^;]{{0,40}}?(?:\bprices?\b|\$\s?\d)"
)
_RATIO = Words(
    rf"(?:\b(?:each|one|1|every|an) {_ADS}(?:\s*\([^)]{{0,30}}\))?,?"
    r" (?:currently |now )?(?:represents|representing)"
    rf"|(?:{_ADS}|\badss\b)(?:\s*\([^)]{{0,30}}\))?,? each (?:of which )?represent(?:s|ing))"
    r" (?:the right to receive )?(?P<count>(?:[^\s;]+ ){1,10}?)(?:ordinary|common) shares?"
)
_OF_SHARES = Words(
    r"(?: (?:class [a-z]|of|the|our|its|(?:company|issuer)['’]s|underlying|deposited|registered"
    r"|fully paid|(?:non )?voting))+$"
)
"""Words between a count and its ordinary shares that do not change it."""

_FIGURE = Words(r"\d{1,3}(?:,\d{3})+|\d+(?:\.\d{1,2})?")
_SMALL = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14,
    "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20,
    "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip


def is_in_foreign_money(texts: Sequence[str]) -> bool:
    """Whether a note says that the price is in another currency, and none that it was converted."""
    together = " ".join(text[:LONGEST_TEXT] for text in texts).lower()
    if not any(hint in together for hint in _HINTS):
        return False
    sentences = [
        sentence.lower() for text in texts for sentence in SENTENCE_END.split(text[:LONGEST_TEXT])
    ]
    return any(map(_tells_foreign, sentences)) and not any(map(_tells_dollars, sentences))


def _tells_foreign(sentence: str) -> bool:
    """What the price of an option or a fee left out is in says nothing of the trade's."""
    priced = _FOREIGN.search(_FEES_LEFT_OUT.sub("", sentence))
    return priced is not None and not _EXERCISE.search(sentence)


def _tells_dollars(sentence: str) -> bool:
    """Securities are converted too: only what speaks of money counts."""
    told = _DOLLARS.search(sentence) or (_CONVERTED.search(sentence) and _OF_MONEY.search(sentence))
    return told is not None


def is_priced_per_ads(security: str | None, texts: Sequence[str]) -> bool:
    """Whether ordinary shares are counted while a note prices an ADS, and none says converted."""
    title = (security or "").lower()
    if not re.search(r"\b(?:ordinary|common)\b", title) or _ADS_TITLE.search(title):
        return False
    lowered = [text[:LONGEST_TEXT].lower() for text in texts]
    spoken = [text for text in lowered if "ads" in text or "american deposit" in text]
    if not any(_PER_ADS.search(text) or _SOLD_AS_ADS.search(text) for text in spoken):
        return False
    return not any(_ADS_CONVERTED.search(text) for text in lowered)


def ads_ratio(texts: Iterable[str]) -> Decimal | None:
    """Ordinary shares that one ADS stands for; None where no text tells, or texts disagree.

    A count that is not read to its last word ("one fifth", "two dozen") proves nothing, and no
    other count beside it does.
    """
    found = {
        _count(match["count"])
        for text in texts
        for match in _RATIO.finditer(text[:LONGEST_TEXT].lower().replace("“", "").replace("”", ""))
    }
    ratio = found.pop() if len(found) == 1 else None
    return ratio if ratio and ratio >= 1 else None


def _count(text: str) -> Decimal | None:
    """``five``, ``5`` or ``five (5)``; None where a word is unknown or the two disagree."""
    plain = " ".join(text.replace("-", " ").replace("(", " (").split())
    told, _, beside = _OF_SHARES.sub("", f" {plain}").strip().partition(" (")
    counts = {_number(told)} | ({_number(beside.removesuffix(")"))} if beside else set())
    return counts.pop() if len(counts) == 1 else None


def _number(text: str) -> Decimal | None:
    """A count below a million, in figures or in words."""
    if _FIGURE.fullmatch(text):
        return Decimal(text.replace(",", ""))
    thousands, scale, rest = text.rpartition("thousand")
    above = _below_thousand(thousands.split()) if scale else 0
    below = _below_thousand(rest.split()) if rest.strip() or not scale else 0
    return None if above is None or below is None else Decimal(above * 1000 + below)


def _below_thousand(words: Sequence[str]) -> int | None:
    """What words count together, "and" left out; None where one is unknown or does not follow."""
    total = 0
    for word in words:
        value = _SMALL.get(word)
        if word == "hundred" and 0 < total < 10:
            total *= 100
        elif value is not None and _follows(total, value):
            total += value
        elif word != "and" or total == 0:
            return None
    return total or None


def _follows(total: int, value: int) -> bool:
    """``five`` after ``twenty`` or ``hundred``, not after ``ten``; ``twenty`` after ``hundred``."""
    room = 10 if value < 10 and total % 100 != 10 else 100
    return total % room == 0
