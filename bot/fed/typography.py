"""One spelling of blanks, quotes, dashes and fractions: typography never changes what was said."""

import re

_DASHES = dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d", "-")
_QUOTES = {
    **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u00b4`", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033", '"'),
}
_SLASHES = dict.fromkeys("\u2044\u2215\uff0f", "/")
_NOTHING = dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff", "")
_BLANKS = dict.fromkeys("\u00a0\u202f\u2009\u2007\u2008\u200a\u2002\u2003", " ")
_FRACTIONS = {
    "\u00bc": " 1/4",
    "\u00bd": " 1/2",
    "\u00be": " 3/4",
    "\u215b": " 1/8",
    "\u215c": " 3/8",
    "\u215d": " 5/8",
    "\u215e": " 7/8",
}
_BETWEEN_WORDS = re.compile(r"(?<=[^\W\d_]|[.,)\"'])\s*(?:[\u2014\u2015]|--)\s*(?=[^\W\d_]|[\"'(])")
"""A dash that stands for a comma: one between two words, not one between two numbers."""

_PLAIN = str.maketrans({**_DASHES, **_QUOTES, **_SLASHES, **_NOTHING, **_BLANKS, **_FRACTIONS})


def plain(text: str) -> str:
    """The text with plain hyphens, quotes, blanks and fractions: '3-1/2' whatever the hyphen.

    A dash between two words keeps them apart: 'against - Ann Able', never one word.
    """
    apart = _BETWEEN_WORDS.sub(" - ", text)
    return re.sub(r"\s+", " ", apart.translate(_PLAIN)).strip()
