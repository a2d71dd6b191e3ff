"""What the words of footnotes and remarks say of a trade: read by sentence, in their sense.

A word counts where it tells how this trade was made.  The history of the shares ("acquired before
the IPO"), their place after the trade ("includes shares bought under the ESPP") and the names of
laws and markets ("Exchange Act", "New York Stock Exchange") say nothing of it.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from bot.insider.filing import LONGEST_TEXT, Filing
from bot.insider.words import Words


def _any_of(*patterns: str) -> Words:
    """Any of some patterns over small letters, each from the beginning of a word.

    That beginning stands before them all and case is told once: five times as fast as the rest.
    """
    return Words(r"\b(?:" + "|".join(patterns) + ")")


_PRIVATE = (
    r"(?<!market or )private(?:ly)?[- ]"
    r"(?:placement|negotiated|transactions?|sales?|purchases?|transfers?)",
    r"(?<!market or )negotiated (?:transactions?|sales?|purchases?|trades?|block|prices?)",
    r"private investment in public equity|pipe\b",
    r"subscription agreement",
    r"purchase(?: and sale)? agreement",
    r"(?:securit(?:y|ies)|stocks?|shares?|units?|equity|notes?|warrants?|interests?)"
    r"(?: and \w+)? (?:sale|transfer|repurchase|redemption|subscription)(?: and \w+)? agreement",
    r"registered direct\b",
    r"underwrit(?:ten|ers?|ing)\b",
    r"(?:exchange|swap) fund\b",
    r"directed[- ](?:share|unit) program",
    r"off[- ]market\b|outside (?:of )?the (?:open )?market\b",
    r"variable (?:share )?(?:pre-?paid )?forward\b|forward (?:sale|purchase) contract\b",
)
_OFFERINGS = (
    r"ipo\b",
    r"(?:public|secondary|follow-on|registered|rights|concurrent|subscription|community"
    r"|conversion|syndicated|best[- ]efforts) offering",
    r"in (?:the|this|that|such|an?) (?:\w+['’]s )?offering\b",
    r"(?:follow-on|private|equity) financing\b",
)
_PLANS = (
    r"dividends?[- ](?:and \w+ )?re-?investment",
    r"re-?invest\w*(?: of)?(?: \w+){0,3} dividends?|dividends? (?:\w+ ){0,3}re-?invested",
    r"(?:drips?|drspp|espps?|esops?)\b",
    r"(?:stock|share|unit|direct|equity|investment)s?"
    r" (?:purchase|investment|accumulation|ownership)(?: and \w+)? (?:plan|program|scheme)s?\b",
    r"employee (?:stock|share|savings|benefit)s? (?:\w+ )?(?:plan|program)s?\b",
    r"(?:optional cash|employee|payroll|voluntary)(?: \w+){0,2}"
    r" (?:purchase|investment|contribution|deduction)s?\b",
    r"401 ?\(?k\)?",
    r"(?:retirement|savings|thrift|profit[- ]sharing|deferred compensation|deferral)"
    r"(?: \w+){0,3} plans?\b",
    r"fees?\b(?: \w+){0,4} plans?\b",
    r"(?:directors?|trustees?|board|committee)(?:['’]s|s['’])?(?: \w+){0,3} (?:fee|retainer)s?\b",
    r"(?:annual|quarterly|monthly|meeting)(?: \w+){0,2} (?:retainer|fee)s?\b",
    r"in (?:lieu|payment|satisfaction) of (?:\w+ ){0,4}(?:fees?|retainers?|salary|compensation)",
)
_FROM_ISSUER = (
    r"(?:purchased|acquired|bought|subscribed for)(?: [\w,'’$.-]+){0,12}? from the"
    r" (?:issuer|company)\b(?!['’])",
    r"issued (?:and sold )?by the (?:issuer|company)\b(?!['’])",
)
_CONVERSIONS = (
    r"(?:upon|on|through|by) (?:the )?(?:\w+ )?conversion\b",
    r"(?:was|were|been|automatically) converted (?:in)?to\b(?! (?:the )?(?:u\.?s|canad|dollar))",
    r"(?:up)?on (?:the )?(?:\w+ )?exercise of(?: \w+){0,6} warrants?\b",
    r"warrants? exercises?\b|exercis(?:ed|ing)(?: [\w,]+){0,6} warrants?\b",
)
_CASH_OUTS = (
    r"merger (?:agreement|consideration)|plan of merger\b|effective time of the merger",
    r"converted into (?:the |a )?right to receive\b",
    r"tender(?:ed)? (?:in|into|offer)",
    r"(?:sold|sale|sells?|transferred|surrendered|disposed)\b"
    r"(?:(?!\b(?:issued|granted|report\w*|provid\w*|pa(?:y|id)|disgorge\w*|remit\w*)\b)[^.;]){0,60}?"
    r" to the (?:issuer|company)\b(?!['’])",
    r"(?:re-?purchased|redeemed|purchased|acquired|bought(?: back)?) by the"
    r" (?:issuer|company)\b(?!['’])",
    r"the (?:issuer|company) (?:re-?)?purchased (?:these|those|the|such|all|shares|\d)",
    r"(?:issuer|company)['’]s? (?:\w+ )?(?:repurchase|buy-?back|redemption)\b",
)
_CORPORATE = _any_of(
    r"mergers?\b|merged\b",
    r"(?<!securities and )(?<!stock )(?<!securities )(?<!york )(?<!foreign )exchanged?\b"
    r"(?! act\b|[- ]traded| commission| rate)",
    r"reclassif\w+",
    r"distribut(?:ion|ions|ed|ing)\b",
    r"(?:payment|paid)[- ]in[- ](?:kind|units|shares|stock)|in[- ]kind\b|stock dividend",
    r"(?:spin|split)[- ]?offs?\b|(?:stock|share|unit|reverse|forward)[- ]split",
    r"reorgani[sz]ation|recapitali[sz]ation|business combination|liquidation of\b",
)
_BUYS = _any_of(*_PRIVATE, *_OFFERINGS, *_PLANS, *_FROM_ISSUER, *_CONVERSIONS)
_SELLS = _any_of(*_PRIVATE, *_OFFERINGS, *_PLANS, *_CASH_OUTS)
_PLAN_WORDS = _any_of(*_PLANS, r"purchase(?: and sale)? agreement")
_CONVERTING = _any_of(*_CONVERSIONS)
_TRADING_PLAN = Words(r"10\s?\(?b\)?[\s-]?\(?5")
_ON_MARKET = Words(r"(?<!outside of the )(?<!outside the )(?<!not in the )\bopen[- ]market\b")
_POSITION = Words(
    r"^\W*(?:\w+\W+){0,8}?(?:includ(?:es?|ing)|excludes?|excluding)\b"
    r"|^[^.;]{0,60}\b(?:number|amount|total|balance) of (?:\w+ ){0,3}?(?:beneficially )?owned\b"
    r"|^\W*(?:\w+ )?(?:holdings?\b|also (?:reflects|includes|holds|owns)\b)"
    r"|^\W*in addition,? (?:\w+ ){0,4}(?:holds|owns)\b",
)
_PAST_EVENT = Words(
    r"\b(?:prior to|before|since|following|after|announce\w*)\b[^.;]{0,60}?"
    r"(?:offering|\bipo|placement)"
    r"|(?:\bunderwrit\w+ )?\block-?up\b[^.;,]{0,120}",
)
"""What happened at another time than the trade."""

_MAY = Words(r"\b(?:could|may|might|would|can|entitled|right to|able to)\b")
_VERBS = Words(
    r"\b(?:(?P<came>acquired|purchased|bought|received|issued|granted|obtained)"
    r"|(?P<holds>holds?|held|owns?|owned)"
    r"|sold|sales?|sell|dispos\w+|transferred|contribut\w+|repurchased?|delivered)\b",
)
SENTENCE_END = Words(r"(?<=[.;])\s+(?=[A-Z(\"“])")


@lru_cache(maxsize=4096)
def buys_off_market(text: str) -> bool:
    """Whether a purchase was made from the issuer, in an offering, by a plan or privately."""
    return any(
        _last_verb(sentence, word) != "holds"
        for sentence in _sentences(text, _BUYS)
        for word in _found(_BUYS, sentence)
    )


@lru_cache(maxsize=4096)
def sells_off_market(text: str) -> bool:
    """Whether a sale was made privately, to underwriters, to the issuer or inside a plan.

    How the seller once came by the shares, or how they are held, says nothing of the sale.
    """
    return any(
        _last_verb(sentence, word) is None
        for sentence in _sentences(text, _SELLS)
        if not _ON_MARKET.search(sentence)
        for word in _found(_SELLS, sentence)
    )


@lru_cache(maxsize=4096)
def tells_corporate_action(text: str) -> bool:
    """Whether a text names a merger, an exchange, a reclassification or a distribution."""
    return _CORPORATE.search(text[:LONGEST_TEXT].lower()) is not None


_DENIED = Words(r"\b(?:not|none|no|neither|never)\b(?:(?!\bbut\b)[^,;:])*\Z")
"""What comes after it in the same breath did not happen."""


def _sentences(text: str, words: Words) -> list[str]:
    """The sentences in small letters, where some of the words stand in the text; those left out
    speak of the position after the trade."""
    text = text[:LONGEST_TEXT]
    if not words.search(text.lower()):
        return []
    sentences = [each.lower() for each in SENTENCE_END.split(text)]
    return [each for each in sentences if not _POSITION.search(each)]


def _found(pattern: Words, sentence: str) -> "Iterator[re.Match[str]]":
    """The words that tell.  Not those of past events, nor those of what may be some day; and a Rule
    10b5-1 "purchase plan" is a way to trade on the market."""
    found = list(pattern.finditer(sentence))
    if not found:
        return
    past = [event.span() for event in _PAST_EVENT.finditer(sentence)]
    trading_plan = _TRADING_PLAN.search(sentence) is not None
    may_be = _MAY.search(sentence) is not None
    for word in found:
        if _DENIED.search(sentence, 0, word.start()):
            continue
        if any(start <= word.start() < end for start, end in past):
            continue
        if trading_plan and _PLAN_WORDS.fullmatch(word[0]):
            continue
        if may_be and _CONVERTING.fullmatch(word[0]):
            continue
        yield word


def _last_verb(sentence: str, word: "re.Match[str]") -> str | None:
    """``came`` or ``holds`` where the last verb before a word tells of acquiring or of holding."""
    verbs = list(_VERBS.finditer(sentence, 0, word.start()))
    return verbs[-1].lastgroup if verbs else None


_WITHDRAWS = Words(
    r"\bwithdraws?\b[^.;]{0,60}\b(?:form|filing|report|amendment)\b"
    r"|\b(?:form|filing|report)\b[^.;]{0,80}\b(?:is|was|are|should be) (?:hereby |being )?"
    r"(?:withdrawn|disregarded|rescinded|retracted)\b",
)


def withdraws(filing: Filing) -> bool:
    """Whether an amended form says that it takes the filing it amends back."""
    texts = [*filing.footnotes.values(), filing.remarks or ""]
    return filing.is_amendment and any(
        _WITHDRAWS.search(text[:LONGEST_TEXT].lower()) for text in texts
    )
