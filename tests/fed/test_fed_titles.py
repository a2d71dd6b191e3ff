"""Titles: the sort of a document by its title, its address and its category."""

import pytest

from bot.facts.fed import FED_TYPES
from bot.fed.titles import item_kind, title_kind

TITLES = {
    "statement": [
        "Federal Reserve issues FOMC statement",
        "FOMC statement",
        "FOMC statement: Federal Reserve and other central banks announce reductions",
        "Federal Open Market Committee statement, March 18, 2026",
        "Federal Reserve issues an FOMC statement",
        "Correction: Federal Reserve issues FOMC statement",
    ],
    "implementation_note": [
        "Decisions Regarding Monetary Policy Implementation",
        "Implementation Note issued September 16, 2026",
    ],
    "projections": [
        "Federal Reserve Board and Federal Open Market Committee release economic projections "
        "from the March 17-18 FOMC meeting",
        "Summary of Economic Projections",
    ],
    "minutes": [
        "Minutes of the Federal Open Market Committee, July 28\u201329, 2026",
        "FOMC Minutes",
        "Federal Reserve issues FOMC minutes",
        "Minutes of the FOMC, June 16-17, 2026",
    ],
    "discount_rate_minutes": [
        "Minutes of the Board's discount rate meetings on July 20 and July 29, 2026",
        "Minutes of the Board\u2019s discount rate meeting on December 10, 2025",
        "Federal Reserve Board releases minutes of its discount rate meetings",
    ],
    "longer_run_goals": [
        'Federal Open Market Committee reaffirms its "Statement on Longer-Run Goals and '
        'Monetary Policy Strategy"',
        "Federal Open Market Committee announces approval of updates to its Statement on "
        "Longer-Run Goals and Monetary Policy Strategy",
    ],
    "beige_book": ["Beige Book"],
    "enforcement": [
        "Federal Reserve Board issues enforcement action with former employee of Big Bank",
        "Federal Reserve Board announces termination of enforcement actions with Old Bank",
        "Federal Reserve Board permanently bars former CEO of Old Bank",
        "Federal Reserve Board fines Big Bank $24 million",
        "Federal Reserve Board issues consent order of prohibition against a former banker",
    ],
    "orders": [
        "Federal Reserve Board announces approval of application by Big Bank",
        "Federal Reserve Board announces approval of the applications by Big Bank and Old Bank",
        "Federal Reserve Board announces approval of notice by Old Bank",
        "Federal Reserve Board approves proposal by Big Bank",
        "Federal Reserve Board announces denial of application by Odd Bank",
    ],
    "regulation": [
        "Agencies issue host state loan-to-deposit ratios",
        "Federal Reserve Board requests comment on a proposal to revise its rule on enforcement "
        "actions",
        "Agencies propose rule on approval of applications by community banks",
        "Federal Reserve Board finalizes rule on debit cards",
    ],
    "speech": [
        "Waller, Payments in the Age of AI Agents",
        "Bowman, Minutes of the Federal Open Market Committee as History",
        "Cook, FOMC statement: words and deeds",
        "Barr, The New Stress Test Proposal",
        "Kohn, The Economic Projections of the FOMC",
        "Speech - Governor Lisa D. Cook",
        "Discussion - Vice Chair Philip N. Jefferson",
        "Opening Remarks - Vice Chair for Supervision Michelle W. Bowman",
        "Newcomer, First Thoughts",
    ],
    "testimony": [
        "Warsh, Semiannual Monetary Policy Report to the Congress",
        "Gibson, Innovation",
        "Greenspan, Federal Reserve Board's semiannual Monetary Policy Report to the Congress",
        "Barr, Supervision and Regulation",
        "Testimony - Chair Kevin M. Warsh",
    ],
    "other": [
        "Federal Reserve issues FOMC statement on policy normalization principles and plans",
        "Federal Reserve Board names new director",
        "Federal Reserve issues statement on the death of Paul Volcker",
        "Federal Reserve, European Central Bank, and others announce swap lines",
        "FOMC Press Conference",
        "Federal Reserve Board invites applications for its Insurance Policy Advisory Committee",
        "FOMC Meeting",
        "G.19 - Consumer Credit",
        "Holiday - Columbus Day",
        "",
    ],
}


@pytest.mark.parametrize(
    ("title", "kind"), [(title, kind) for kind, titles in TITLES.items() for title in titles]
)
def test_a_title_tells_its_sort(title: str, kind: str) -> None:
    assert title_kind(title) == kind


def test_every_sort_is_one_that_a_release_may_have() -> None:
    assert set(TITLES) == set(FED_TYPES)


BASE = "https://www.federalreserve.gov/"


@pytest.mark.parametrize(
    ("address", "category", "title", "kind"),
    [
        ("newsevents/speech/cook20260805a.htm", "Speech", "Outlook for Alaska", "speech"),
        ("newsevents/testimony/barr20231113a.htm", "Testimony", "Barr, Banks", "testimony"),
        ("newsevents/pressreleases/enforcement20260618b.htm", "", "Anything", "enforcement"),
        ("newsevents/pressreleases/orders20260618a.htm", "", "Anything", "orders"),
        ("newsevents/pressreleases/bcreg20260618a.htm", "", "Some report", "regulation"),
        ("newsevents/pressreleases/other20260618a.htm", "", "A proposed rule", "other"),
        (
            "newsevents/pressreleases/monetary20260916a.htm",
            "Monetary Policy",
            "Federal Reserve issues FOMC statement",
            "statement",
        ),
        (
            "newsevents/pressreleases/monetary20260916a1.htm",
            "",
            "Implementation Note issued September 16, 2026",
            "implementation_note",
        ),
        (
            "newsevents/pressreleases/monetary20260818a.htm",
            "Monetary Policy",
            "Minutes of the Board's discount rate meeting on July 29, 2026",
            "discount_rate_minutes",
        ),
        (
            "newsevents/pressreleases/monetary20140917c.htm",
            "Monetary Policy",
            "Federal Reserve issues FOMC statement on policy normalization principles and plans",
            "other",
        ),
        ("monetarypolicy/fomcminutes20260729.htm", "", "Minutes", "minutes"),
        ("monetarypolicy/fomcprojtabl20260916.htm", "", "", "projections"),
        ("newsevents/pressreleases/strange.htm", "Enforcement Actions", "Bank", "enforcement"),
    ],
)
def test_an_address_goes_before_the_title_of_what_it_names(
    address: str, category: str, title: str, kind: str
) -> None:
    assert item_kind(title=title, url=BASE + address, category=category) == kind
