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

_DOLLARS_OF = ("canadian", "australian", "hong kong", "singapore", "new zealand", "taiwan", "nt")
_COINS = (
    "euro", "british pound", "pound sterling", "pounds sterling", "pence", "yen", "renminbi",
    "yuan", "korean won", "rupee", "reais", "peso", "kron", "shekel", "swiss franc",
    "south african rand",
)  # fmt: skip
_CODES = (
    "cad", "aud", "hkd", "sgd", "twd", "eur", "gbp", "gbx", "chf", "jpy", "rmb", "cny", "ils",
    "nis", "inr", "brl", "mxn", "krw", "sek", "nok", "dkk",
)  # fmt: skip
_SIGNED = ("c$", "a$", "cdn$", "hk$", "nt$", "s$", "r$")
_SIGNS = "€£¥₪₩₹"
_CURRENCY = (
    rf"(?:{'|'.join(_DOLLARS_OF)}) dollars?\b|(?:{'|'.join(_COINS)})\w{{0,2}}\b"
    rf"|(?:{'|'.join(_CODES)})\b|(?:{'|'.join(map(re.escape, _SIGNED))})"
)
_MONEY = rf"(?:\b(?:{_CURRENCY})|[{_SIGNS}])"
_HINTS = (*(f"{of} dollar" for of in _DOLLARS_OF), *_COINS, *_CODES, *_SIGNED, *_SIGNS)
"""Without one of these no currency is named: asked first, since most notes have none."""

_FOREIGN = re.compile(
    rf"\b(?:price\w*|amounts?|reported|paid|denominated|sold|purchased|bought|executed)\b"
    rf"[^;]{{0,80}}?{_MONEY}|{_MONEY}[^;]{{0,40}}?\bper (?:\w+ )?share"
)
_EXERCISE = re.compile(r"\b(?:exercise|strike|conversion) prices?\b")
_DOLLARS = re.compile(r"(?<!not in )(?<!not )(?:\bu\.?\s?s\.? dollars?|\bus\s?\$|\busd\b)")
_CONVERTED = re.compile(r"\bconver(?:ted|sion|ting)\b|\btranslated\b|\bequivalent\b")
_OF_MONEY = re.compile(rf"\bdollars?\b|\bcurrenc(?:y|ies)\b|\bexchange rates?\b|{_MONEY}")

_ADS = r"(?:american deposit[ao]ry shares?|\bads\b)"
_PER_ADS = re.compile(rf"(?:\bprice|\$\s?\d[\d.,]*)[^;]{{0,80}}?\b(?:per|for each|an) {_ADS}")
_ADS_TITLE = re.compile(r"\bads|\badr|deposit[ao]ry")
_ADS_CONVERTED = re.compile(r"\bconver(?:ted|sion|ting)\b|\bper (?:ordinary|common) share\b")
_COUNTS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "twelve": 12, "fifteen": 15, "twenty": 20, "twenty-five": 25,
    "thirty": 30, "forty": 40, "fifty": 50,
}  # fmt: skip
_RATIO = re.compile(
    rf"(?:\b(?:each|one|1|every|an) {_ADS}(?:\s*\([^)]{{0,30}}\))?,? (?:represents|representing)"
    rf"|{_ADS[:-1]}|\badss\b)(?:\s*\([^)]{{0,30}}\))?,? each (?:of which )?represent(?:s|ing))"
    rf" (?:the right to receive )?(?P<count>\d[\d,]*(?:\.\d+)?|{'|'.join(_COUNTS)})\b"
    r"(?: \(\d[\d,]*\))? (?:[\w-]+ ){0,3}?(?:ordinary|common) shares?"
)


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
    """What the price of an option is in says nothing of the trade's."""
    return _FOREIGN.search(sentence) is not None and not _EXERCISE.search(sentence)


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
    if not any(_PER_ADS.search(text) for text in spoken):
        return False
    return not any(_ADS_CONVERTED.search(text) for text in lowered)


def ads_ratio(texts: Iterable[str]) -> Decimal | None:
    """Ordinary shares that one ADS stands for; None where no text tells, or texts disagree."""
    found = {
        _count(match["count"])
        for text in texts
        for match in _RATIO.finditer(text[:LONGEST_TEXT].lower().replace("“", "").replace("”", ""))
    }
    ratio = found.pop() if len(found) == 1 else None
    return ratio if ratio and ratio >= 1 else None


def _count(text: str) -> Decimal:
    return Decimal(_COUNTS[text]) if text in _COUNTS else Decimal(text.replace(",", ""))
