"""What the words of footnotes and remarks say of a trade: read by sentence, in their sense.

A word counts where it tells how this trade was made.  The history of the shares ("acquired before
the IPO"), their place after the trade ("includes shares bought under the ESPP") and the names of
laws and markets ("Exchange Act", "New York Stock Exchange") say nothing of it.
"""

import re
from functools import lru_cache

_FLAGS = re.IGNORECASE


def _any_of(*patterns: str) -> "re.Pattern[str]":
    return re.compile("|".join(patterns), _FLAGS)


_PRIVATE = (
    r"(?<!market or )\bprivate(?:ly)?[- ]"
    r"(?:placement|negotiated|transactions?|sales?|purchases?|transfers?)",
    r"\bnegotiated (?:transactions?|sales?|purchases?|trades?|block)",
    r"\bprivate investment in public equity|(?-i:\bPIPE\b)",
    r"\bsubscription agreement",
    r"\b(?:securit(?:y|ies)|stocks?|shares?|units?|equity|notes?|warrants?|interests?)"
    r"(?: and \w+)? (?:purchase|sale|transfer|repurchase|redemption|subscription)"
    r"(?: and \w+)? agreement",
    r"\bregistered direct\b",
    r"\bunderwrit(?:ten|ers?|ing)\b",
    r"\b(?:exchange|swap) fund\b",
    r"\bdirected[- ](?:share|unit) program",
    r"\boff[- ]market\b|\boutside (?:of )?the (?:open )?market\b",
)
_OFFERINGS = (
    r"\binitial public offering|(?-i:\bIPO\b)",
    r"\b(?:public|secondary|follow-on|registered|rights|concurrent) offering",
)
_PLANS = (
    r"\bdividends?[- ](?:and \w+ )?re-?investment",
    r"\bre-?invest\w*(?: of)?(?: \w+){0,3} dividends?|\bdividends? (?:\w+ ){0,3}re-?invested",
    r"(?-i:\bDRIPs?\b|\bDRSPP\b|\bESPPs?\b|\bESOPs?\b)",
    r"\b(?:stock|share|unit|direct|equity|investment)s?"
    r" (?:purchase|investment|accumulation|ownership)(?: and \w+)? (?:plan|program|scheme)s?\b",
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
_CONVERSIONS = (
    r"\b(?:upon|on|through|by) (?:the )?(?:\w+ )?conversion\b",
    r"\b(?:was|were|been|automatically) converted (?:in)?to\b",
    r"\b(?:up)?on (?:the )?(?:\w+ )?exercise of(?: \w+){0,6} warrants?\b",
    r"\bwarrants? exercises?\b|\bexercis(?:ed|ing)(?: [\w,]+){0,6} warrants?\b",
)
_CASH_OUTS = (
    r"\bmerger (?:agreement|consideration)|\bplan of merger\b|\beffective time of the merger",
    r"\btender(?:ed)? (?:in|into|offer)",
    r"\b(?:to|by) the (?:issuer|company)\b(?! of)"
    r"(?=[^.;]{0,80}\b(?:repurchase|buy-?back|redemption)|[^.;]{0,40}\bpursuant to\b)",
)
_CORPORATE = _any_of(
    r"\bmergers?\b|\bmerged\b",
    r"(?<!securities and )(?<!stock )(?<!securities )(?<!york )\bexchanged?\b"
    r"(?! act\b|[- ]traded| commission| rate)",
    r"\breclassif\w+",
    r"\bdistribut(?:ion|ions|ed|ing)\b",
    r"\b(?:payment|paid)[- ]in[- ](?:kind|units|shares|stock)|\bin[- ]kind\b|\bstock dividend",
    r"\b(?:spin|split)[- ]?offs?\b|\b(?:stock|share|unit|reverse|forward)[- ]split",
    r"\breorgani[sz]ation|\brecapitali[sz]ation|\bbusiness combination|\bliquidation of\b",
)
_BUYS = _any_of(*_PRIVATE, *_OFFERINGS, *_PLANS, *_CONVERSIONS)
_SELLS = _any_of(*_PRIVATE, *_OFFERINGS, *_PLANS, *_CASH_OUTS)
_PLAN_WORDS = _any_of(*_PLANS)
_TRADING_PLAN = re.compile(r"10\s?b\s?5", _FLAGS)
_POSITION = re.compile(r"^\W*(?:\w+\W+){0,8}?(?:includes?|including)\b", _FLAGS)
_HISTORY = re.compile(
    r"\b(?:prior to|before|since|following|after|connection with|time of|completion of)\b"
    r"[^.;]{0,60}?(?:public offering|(?-i:IPO))|\block-?up\b",
    _FLAGS,
)
_VERBS = re.compile(
    r"\b(?:(?P<came>acquired|purchased|bought|received|issued|granted|obtained)"
    r"|sold|sales?|sell|dispos\w+|transferred|contribut\w+|repurchased?|delivered)\b",
    _FLAGS,
)
_SENTENCE_END = re.compile(r"(?<=[.;])\s+(?=[A-Z(\"“])")


@lru_cache(maxsize=4096)
def buys_off_market(text: str) -> bool:
    """Whether a purchase was made from the issuer, in an offering, by a plan or privately."""
    return any(_found(_BUYS, sentence) for sentence in _sentences(text))


@lru_cache(maxsize=4096)
def sells_off_market(text: str) -> bool:
    """Whether a sale was made privately, to underwriters, to the issuer or inside a plan."""
    return any(
        (found := _found(_SELLS, sentence)) and not _is_history(sentence, found)
        for sentence in _sentences(text)
    )


@lru_cache(maxsize=4096)
def tells_corporate_action(text: str) -> bool:
    """Whether a text names a merger, an exchange, a reclassification or a distribution."""
    return _CORPORATE.search(text) is not None


def _sentences(text: str) -> list[str]:
    """The sentences that speak of the trade and not of the position after it."""
    return [each for each in _SENTENCE_END.split(text) if not _POSITION.search(each)]


def _found(pattern: "re.Pattern[str]", sentence: str) -> "re.Match[str] | None":
    """The word that tells; a Rule 10b5-1 "purchase plan" is a way to trade on the market."""
    if _HISTORY.search(sentence):
        return None
    trading_plan = _TRADING_PLAN.search(sentence) is not None
    for found in pattern.finditer(sentence):
        if not (trading_plan and _PLAN_WORDS.fullmatch(found[0])):
            return found
    return None


def _is_history(sentence: str, found: "re.Match[str]") -> bool:
    """Whether the word tells how the seller once came by the shares."""
    verbs = list(_VERBS.finditer(sentence, 0, found.start()))
    return bool(verbs) and verbs[-1]["came"] is not None
