"""What the words of footnotes and remarks say of a trade: read by sentence, in their sense.

A word counts where it tells how this trade was made.  The history of the shares ("acquired before
the IPO"), their place after the trade ("includes shares bought under the ESPP") and the names of
laws and markets ("Exchange Act", "New York Stock Exchange") say nothing of it.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from bot.insider.filing import LONGEST_TEXT

_FLAGS = re.IGNORECASE


def _any_of(*patterns: str) -> "re.Pattern[str]":
    return re.compile("|".join(patterns), _FLAGS)


_PRIVATE = (
    r"(?<!market or )\bprivate(?:ly)?[- ]"
    r"(?:placement|negotiated|transactions?|sales?|purchases?|transfers?)",
    r"\bnegotiated (?:transactions?|sales?|purchases?|trades?|block)",
    r"\bprivate investment in public equity|(?-i:\bPIPE\b)",
    r"\bsubscription agreement",
    r"\bpurchase(?: and sale)? agreement",
    r"\b(?:securit(?:y|ies)|stocks?|shares?|units?|equity|notes?|warrants?|interests?)"
    r"(?: and \w+)? (?:sale|transfer|repurchase|redemption|subscription)(?: and \w+)? agreement",
    r"\bregistered direct\b",
    r"\bunderwrit(?:ten|ers?|ing)\b",
    r"\b(?:exchange|swap) fund\b",
    r"\bdirected[- ](?:share|unit) program",
    r"\boff[- ]market\b|\boutside (?:of )?the (?:open )?market\b",
    r"\bvariable (?:share )?(?:pre-?paid )?forward\b",
)
_OFFERINGS = (
    r"(?-i:\bIPO\b)",
    r"\b(?:public|secondary|follow-on|registered|rights|concurrent|subscription|community"
    r"|conversion|syndicated|best[- ]efforts) offering",
    r"\bin (?:the|this|that|such|an?) (?:\w+['’]s )?offering\b",
)
_PLANS = (
    r"\bdividends?[- ](?:and \w+ )?re-?investment",
    r"\bre-?invest\w*(?: of)?(?: \w+){0,3} dividends?|\bdividends? (?:\w+ ){0,3}re-?invested",
    r"(?-i:\bDRIPs?\b|\bDRSPP\b|\bESPPs?\b|\bESOPs?\b)",
    r"\b(?:stock|share|unit|direct|equity|investment)s?"
    r" (?:purchase|investment|accumulation|ownership)(?: and \w+)? (?:plan|program|scheme)s?\b",
    r"\bemployee (?:stock|share|savings|benefit)s? (?:\w+ )?(?:plan|program)s?\b",
    r"\b(?:optional cash|employee|payroll|voluntary)(?: \w+){0,2}"
    r" (?:purchase|investment|contribution|deduction)s?\b",
    r"\b401 ?\(?k\)?",
    r"\b(?:retirement|savings|thrift|profit[- ]sharing|deferred compensation|deferral)"
    r"(?: \w+){0,3} plans?\b",
    r"\bfees?\b(?: \w+){0,4} plans?\b",
    r"\b(?:directors?|trustees?|board|committee)(?:['’]s|s['’])?(?: \w+){0,3} (?:fee|retainer)s?\b",
    r"\b(?:annual|quarterly|monthly|meeting)(?: \w+){0,2} (?:retainer|fee)s?\b",
    r"\bin (?:lieu|payment|satisfaction) of (?:\w+ ){0,4}(?:fees?|retainers?|salary|compensation)",
)
_FROM_ISSUER = (
    r"\b(?:purchased|acquired|bought|subscribed for)(?: [\w,'’$.-]+){0,12}? from the"
    r" (?:issuer|company)\b(?!['’])",
    r"\bissued (?:and sold )?by the (?:issuer|company)\b(?!['’])",
)
_CONVERSIONS = (
    r"\b(?:upon|on|through|by) (?:the )?(?:\w+ )?conversion\b",
    r"\b(?:was|were|been|automatically) converted (?:in)?to\b(?! (?:the )?(?:u\.?s|canad|dollar))",
    r"\b(?:up)?on (?:the )?(?:\w+ )?exercise of(?: \w+){0,6} warrants?\b",
    r"\bwarrants? exercises?\b|\bexercis(?:ed|ing)(?: [\w,]+){0,6} warrants?\b",
)
_CASH_OUTS = (
    r"\bmerger (?:agreement|consideration)|\bplan of merger\b|\beffective time of the merger",
    r"\bconverted into the right to receive\b",
    r"\btender(?:ed)? (?:in|into|offer)",
    r"\b(?:sold|sale|sells?|transferred|surrendered|disposed)\b"
    r"(?:(?!\b(?:issued|granted|report\w*|provid\w*|pa(?:y|id)|disgorge\w*|remit\w*)\b)[^.;]){0,60}?"
    r" to the (?:issuer|company)\b(?!['’])",
    r"\b(?:re-?purchased|redeemed|purchased|acquired|bought(?: back)?) by the (?:issuer|company)\b",
    r"\bthe (?:issuer|company) (?:re-?)?purchased\b",
    r"\b(?:issuer|company)['’]s? (?:\w+ )?(?:repurchase|buy-?back|redemption)\b",
)
_CORPORATE = _any_of(
    r"\bmergers?\b|\bmerged\b",
    r"(?<!securities and )(?<!stock )(?<!securities )(?<!york )(?<!foreign )\bexchanged?\b"
    r"(?! act\b|[- ]traded| commission| rate)",
    r"\breclassif\w+",
    r"\bdistribut(?:ion|ions|ed|ing)\b",
    r"\b(?:payment|paid)[- ]in[- ](?:kind|units|shares|stock)|\bin[- ]kind\b|\bstock dividend",
    r"\b(?:spin|split)[- ]?offs?\b|\b(?:stock|share|unit|reverse|forward)[- ]split",
    r"\breorgani[sz]ation|\brecapitali[sz]ation|\bbusiness combination|\bliquidation of\b",
)
_BUYS = _any_of(*_PRIVATE, *_OFFERINGS, *_PLANS, *_FROM_ISSUER, *_CONVERSIONS)
_SELLS = _any_of(*_PRIVATE, *_OFFERINGS, *_PLANS, *_CASH_OUTS)
_PLAN_WORDS = _any_of(*_PLANS, r"\bpurchase(?: and sale)? agreement")
_CONVERTING = _any_of(*_CONVERSIONS)
_TRADING_PLAN = re.compile(r"10\s?b\s?5", _FLAGS)
_ON_MARKET = re.compile(
    r"(?<!outside of the )(?<!outside the )(?<!not in the )\bopen[- ]market\b", _FLAGS
)
_POSITION = re.compile(
    r"^\W*(?:\w+\W+){0,8}?(?:includ(?:es?|ing)|excludes?|excluding)\b"
    r"|^[^.;]{0,60}\b(?:number|amount|total|balance) of (?:\w+ ){0,3}?(?:beneficially )?owned\b"
    r"|^\W*(?:\w+ )?(?:holdings?\b|also (?:reflects|includes|holds|owns)\b)"
    r"|^\W*in addition,? (?:\w+ ){0,4}(?:holds|owns)\b",
    _FLAGS,
)
_PAST_EVENT = re.compile(
    r"\b(?:prior to|before|since|following|after|announce\w*)\b[^.;]{0,60}?"
    r"(?:offering|(?-i:IPO)|placement)"
    r"|(?:\bunderwrit\w+ )?\block-?up\b[^.;,]{0,120}",
    _FLAGS,
)
"""What happened at another time than the trade."""

_MAY = re.compile(r"\b(?:could|may|might|would|can|entitled|right to|able to)\b", _FLAGS)
_VERBS = re.compile(
    r"\b(?:(?P<came>acquired|purchased|bought|received|issued|granted|obtained)"
    r"|(?P<holds>holds?|held|owns?|owned)"
    r"|sold|sales?|sell|dispos\w+|transferred|contribut\w+|repurchased?|delivered)\b",
    _FLAGS,
)
_SENTENCE_END = re.compile(r"(?<=[.;])\s+(?=[A-Z(\"“])")


@lru_cache(maxsize=4096)
def buys_off_market(text: str) -> bool:
    """Whether a purchase was made from the issuer, in an offering, by a plan or privately."""
    return any(
        _last_verb(sentence, found) != "holds"
        for sentence in _sentences(text)
        for found in _found(_BUYS, sentence)
    )


@lru_cache(maxsize=4096)
def sells_off_market(text: str) -> bool:
    """Whether a sale was made privately, to underwriters, to the issuer or inside a plan.

    How the seller once came by the shares, or how they are held, says nothing of the sale.
    """
    return any(
        _last_verb(sentence, found) is None
        for sentence in _sentences(text)
        if not _ON_MARKET.search(sentence)
        for found in _found(_SELLS, sentence)
    )


@lru_cache(maxsize=4096)
def tells_corporate_action(text: str) -> bool:
    """Whether a text names a merger, an exchange, a reclassification or a distribution."""
    return _CORPORATE.search(text[:LONGEST_TEXT]) is not None


def _sentences(text: str) -> list[str]:
    """The sentences that speak of the trade and not of the position after it."""
    sentences = _SENTENCE_END.split(text[:LONGEST_TEXT])
    return [each for each in sentences if not _POSITION.search(each)]


def _found(pattern: "re.Pattern[str]", sentence: str) -> "Iterator[re.Match[str]]":
    """The words that tell.  Not those of past events, nor those of what may be some day; and a Rule
    10b5-1 "purchase plan" is a way to trade on the market."""
    found = list(pattern.finditer(sentence))
    if not found:
        return
    past = [event.span() for event in _PAST_EVENT.finditer(sentence)]
    trading_plan = _TRADING_PLAN.search(sentence) is not None
    may_be = _MAY.search(sentence) is not None
    for word in found:
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
