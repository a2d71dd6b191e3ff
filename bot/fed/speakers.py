"""Who speaks: a name apart from the offices that stand before it."""

import re

from bot.fed.tokens import one_of

_OFFICES = one_of(
    "governor chair chairman chairwoman vice president director deputy associate secretary "
    "board supervision regulation division system reserve bank council adviser advisor "
    "counsel general senior member designate stability and for of the first executive officer "
    "federal"
)


def speaker_of(line: str | None) -> tuple[str | None, str | None]:
    """Name and office of a speaker's line: 'Vice Chair Richard H. Clarida' -> the two apart.

    The name begins behind the last word of an office, or the line begins with it and the office
    stands behind a comma.
    """
    if line is None or not line.split():
        return None, None
    words = line.replace("\u00a0", " ").split()
    if words[0].strip(",").lower() not in _OFFICES:
        named = re.fullmatch(
            r"(?P<name>[^,]+(?:, (?:Jr|Sr)\.)?)(?:, (?P<office>.+))?", " ".join(words)
        )
        return (named["name"], named["office"]) if named else (" ".join(words), None)
    starts = [at + 1 for at, word in enumerate(words) if word.strip(",").lower() in _OFFICES]
    start = max((at for at in starts if at < len(words)), default=0)
    name = " ".join(words[start:]).strip(" ,")
    return name or None, " ".join(words[:start]).strip(" ,") or None
