"""Names of voters as a roll call writes them, and where a list of them ends."""

from bot.fed.tokens import Cursor, one_of

TITLES = one_of(
    "mr. ms. mrs. dr. mr ms mrs dr messrs. messrs mses. mses president presidents governor "
    "governors chair chairman chairwoman chairperson vice member members"
)
"""Words before a name that are none of it."""

_OFFICES = one_of(
    "chair chairman chairwoman vice president governor acting pro tem tempore for supervision"
)
"""Words behind a name, after its comma, that say an office."""

_SUFFIXES = one_of("jr. jr sr. sr ii iii iv")
_PARTICLES = one_of("van von de der den la le da di del")
_NO_NAMES = one_of(
    "the this that in at on for with as voting absent none who whom whose each both all they "
    "he she it and or not committee federal board statement implementation information"
)


def name(cursor: Cursor) -> str | None:
    """'Roger W. Ferguson, Jr.', 'Governor Bowman' without its title; None where no name stands."""
    cursor.skip(TITLES)
    words: list[str] = []
    while cursor.attempt(lambda c: _word_of_a_name(c, words)):
        cursor.attempt(_nickname)
    if not any(len(word) > 2 or (word.isalpha() and len(word) > 1) for word in words):
        return None
    if suffix := cursor.attempt(_suffix):
        return f"{' '.join(words)}, {suffix}"
    return " ".join(words)


def _word_of_a_name(cursor: Cursor, words: list[str]) -> bool | None:
    token = cursor.peek()
    if token is None or token.kind != "word" or token.low in _NO_NAMES | _SUFFIXES:
        return None
    if not token.text[0].isupper() and not (token.low in _PARTICLES and words):
        return None
    cursor.at += 1
    words.append(token.text)
    return True


def _nickname(cursor: Cursor) -> bool | None:
    """'"Bob"', which is left out."""
    if cursor.low() != '"' or cursor.kind(1) != "word":
        return None
    return cursor.phrase('"', cursor.low(1), '"') or None


def _suffix(cursor: Cursor) -> str | None:
    cursor.word((",",))
    if cursor.low() not in _SUFFIXES:
        return None
    token = cursor.peek()
    cursor.at += 1
    assert token is not None
    if token.text in ("Jr", "Sr"):
        cursor.word((".",))
        return token.text + "."
    return token.text


def names(cursor: Cursor) -> list[str] | None:
    """Names joined by ';', ',' and 'and', each with its office behind a comma; None without one."""
    found: list[str] = []
    while True:
        start = cursor.at
        if found and not cursor.skip((";", ",", "and", "&")):
            return found
        read = cursor.attempt(name)
        if read is None:
            cursor.at = start
            return found or None
        found.append(read)
        cursor.attempt(_office)


def _office(cursor: Cursor) -> bool | None:
    cursor.word((",", "("))
    if cursor.word(("alternate",)):
        cursor.phrase("member")
        if cursor.word(("for",)):
            name(cursor)
    elif not cursor.skip(_OFFICES):
        return None
    elif cursor.phrase("of", "the", "federal", "reserve", "bank", "of"):
        name(cursor)
    cursor.word((")",))
    return True


def surname(full: str) -> str:
    """The last word of a name without 'Jr.', for finding the person again in a later sentence."""
    return full.split(",")[0].split()[-1]
