"""Words to the bot that ask nothing: a greeting, thanks, its name alone.

Only where people speak to it, in a mention or a direct message: behind ``/alerts`` they are
searched for, as any word is.
"""

import re

_GREETING = re.compile(
    r"(?:hi+|hello+|hey+|hiya|hallo|howdy|yo|greetings|good (?:morning|afternoon|evening|day)"
    r"|thanks?(?: you)?|thx|ty|cheers|great|ok(?:ay)?|bye|goodbye)"
    r"(?: (?:there|all|everyone|everybody|team|again|bot|alerts|you|a lot|so much|very much"
    r"|good (?:morning|afternoon|evening|day)|thanks?))*"
)
_EMOJI = re.compile(r":[a-z0-9_+'-]+:(?::[a-z0-9-]+:)?")
_SIGN = re.compile(r"[^\w\s]|_")


def asks_nothing(text: str) -> bool:
    """Whether there is nothing to answer but what could be asked.

    Words in capitals alone may be tickers (``HI``), so they do ask.
    """
    words = " ".join(_SIGN.sub(" ", _EMOJI.sub(" ", text)).split())
    return not words or (not words.isupper() and _GREETING.fullmatch(words.lower()) is not None)
