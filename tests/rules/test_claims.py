"""What the press told in autumn 2025 of prices, valuations and the Federal Reserve.

Claim → rule → test of the rule.

The figures are the press's.  What a careful reader finds out beside them stands in the same table:
days, benchmarks, methods, signs, and what can not be bought any more.
"""

from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.rehearsal import rehearse
from bot.rules.cases import RuleTest
from bot.rules.fire import Fate
from bot.rules.loading import load_rules
from bot.rules.model import Rule
from bot.rules.testing import Outcome

FOLDER = Path(__file__).parents[2] / "rules"
RULES = {
    rule.id: rule
    for rule in load_rules((f.name, f.read_text()) for f in sorted(FOLDER.glob("*.yaml"))).rules
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """says: texts that stand in the first alert of the test; None where it must stay silent."""

    claim: int
    rule: str
    test: str
    says: tuple[str, ...] | None


def claim(number: int, rule: str, test: str, *says: str) -> Told:
    return Told(claim=number, rule=rule, test=test, says=says)


def silent(number: int, rule: str, test: str) -> Told:
    return Told(claim=number, rule=rule, test=test, says=None)


CLAIMS = (
    # "OKLO +107% in a month": true of some days; both ends and the benchmark are printed
    claim(8, "doubled-in-a-month", "OKLO doubles", "2025-08-20 to 2025-09-19", "IWM +7.8%"),
    claim(9, "insiders-sell-into-a-run", "two sellers into a doubled", "$16.1M", "107%", "IWM"),
    silent(9, "insiders-sell-into-a-run", "a quiet stock"),
    claim(10, "large-cap-without-revenue", "OKLO with the figures", "$16.3B", "$0", "2025-09-25"),
    silent(10, "large-cap-without-revenue", "exactly $10B, a dollar of revenue, and revenue that"),
    # "a loss of 0.18 a share, below consensus": with its minus; whose consensus was not said
    claim(11, "loss-a-share-grows", "OKLO's loss", "−$0.18", "consensus not known"),
    claim(12, "operating-loss-grows", "OKLO's losses", "−$28M", "net income −$24.7M"),
    claim(13, "small-caps-dearer", "with the figures", "9.5%", "24.64", "22.5", "losses excluded"),
    claim(13, "small-caps-dearer-than-market", "with the figures", "10%", "22.32", "2025-09-12"),
    claim(14, "small-growth-dear", "with the figures", "62%", "36.38", "losses excluded"),
    claim(15, "fund-near-its-high", "IWM comes near", "0.7%", "2025-09-11"),
    claim(15, "fund-at-a-record", "IWM in September", "$244.84", "2025-09-18"),
    # information technology leads by 4.4 points; consumer discretionary, 2.6, is silent beside it
    claim(16, "small-cap-sector-leads", "with the figures", "PSCT", "4.4 points", "8.3%"),
    silent(17, "narrow-rally", "ALAB's 0.5 and CRDO's 0.3"),
    claim(17, "narrow-rally", "the second quarter of 2026", "17%", "74%"),
    # "the quarter" of the press ends on 15 September, and its indexes are told by proxies
    claim(18, "small-caps-lead", "with the figures", "IWM 8%", "SPY", "2025-06-30 to 2025-09-15"),
    # "since its IPO" starts at the first close, not at the offer
    claim(
        19, "gain-since-listing", "ALAB on the day", "273%", "$62.03 on 2024-03-20", "not the offer"
    ),
    claim(20, "gain-of-a-year", "CRDO as the press", "475%", "2024-09-13 to 2025-09-15"),
    claim(20, "gain-of-a-year", "CRDO by its sessions", "515%", "2024-09-11 to 2025-09-15"),
    # "the market" is the S&P 500 on that day; the whole market did a little less
    claim(
        29, "small-caps-lag", "with the figures", "4.5 points", "IWM 8.9%", "SPY (S&P 500) 13.4%"
    ),
    claim(29, "small-caps-lag", "with the closes of that day", "4.4 points", "SPY (S&P 500)"),
    # the cut of September by 25 basis points, eleven against Miran
    claim(22, "fomc-decision", "September 2025", "25 bp", "4.00–4.25", "11–1", "Miran for −50"),
    claim(23, "fed-minutes-divided", "the minutes of September", "most 8", "a few 6", "one 2"),
    silent(23, "fed-minutes-divided", "minutes without either word"),
    # "the next step is open": one voted for more, one for nothing
    claim(24, "fomc-two-way-dissent", "October 2025", "3.75–4.00", "Miran for −50, Schmid for 0"),
    claim(24, "fomc-decision", "October 2025", "10–2"),
    claim(25, "fed-speech-on-inflation", "Barr in October", "Michael S. Barr (Governor)"),
    silent(25, "fed-speech-on-inflation", "other words"),
    # Schmid, told as middle ground, voted for no cut on 29 October and on 10 December
    claim(
        26, "fed-policy-called-calibrated", "Schmid of Kansas City", '"appropriately calibrated"'
    ),
    claim(26, "fomc-two-way-dissent", "December 2025", "9–3", "and Schmid for 0"),
    # the shutdown was told both as running and as a mere risk: what did not come is a fact
    claim(
        28, "release-missing", "CPI of September 2025", "did not arrive", "08:30 ET on 2025-10-15"
    ),
    claim(28, "releases-overdue", "the third is told", "3 releases", "due 3 Oct", "due 15 Oct"),
    silent(28, "releases-overdue", "two, and one that has come"),
    claim(28, "release-late", "CPI of September 2025", "has come late"),
    claim(29, "small-caps-lag-market", "with the figures", "4.2 points", "IWV (Russell 3000)"),
    claim(33, "discount-to-fair-value", "KLG with the figures", "21%", "$27.80", "−4.3%", "$1.98B"),
    # its cap is of another close, and since 2025-09-26 nobody can buy it
    silent(33, "discount-to-fair-value", "KLG at the close its cap was counted by"),
    silent(33, "discount-with-growth", "KLG shrinks and is gone"),
    claim(34, "discount-with-growth", "ATRC with the figures", "22%", "$45.90", "16%", "75%"),
    claim(35, "discount-with-growth", "BCRX with the figures", "20%", "46%", "97%", "unknown"),
    silent(35, "discount-with-growth", "without a fair value"),
    claim(36, "otc-gain-of-a-year", "ELTP", "216%", "over the counter", "thin market"),
    # "+48% in a year" was its gain since January: both are printed
    claim(37, "contract-after-a-run", "FEIM's contract", "104%", "49% since January"),
    claim(
        38, "sales-before-earnings", "three sellers", "2025-11-11", "estimate", "86%", "sellers: 3"
    ),
)
ON_THE_FED = {22, 23, 24, 25, 26, 28}
ON_PRICES = {8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 29, 33, 34, 35, 36, 37, 38}


def named(told: Told) -> str:
    return f"{told.claim}-{told.rule}-{told.test}".replace(" ", "_")


def test_every_claim_on_prices_valuations_and_the_fed_fires_a_rule() -> None:
    assert {told.claim for told in CLAIMS if told.says is not None} == ON_PRICES | ON_THE_FED


@pytest.mark.parametrize("told", CLAIMS, ids=named)
def test_a_claim_is_told_with_its_figures_or_stays_silent(told: Told) -> None:
    fired = [each for each in _decided(RULES[told.rule], told.test) if each.fate is Fate.FIRED]

    if told.says is None:
        assert fired == []
    else:
        assert [text for text in told.says if text not in (fired[0].message or "")] == []


def _decided(rule: Rule, test: str) -> list[Outcome]:
    return rehearse([rule], _test_of(rule, test))


def _test_of(rule: Rule, name: str) -> RuleTest:
    (found,) = [test for test in rule.tests if test.name.startswith(name)]
    return found
