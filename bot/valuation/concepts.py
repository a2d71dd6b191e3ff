"""Names under which reports carry what a valuation needs, best first.

Sources: FASB US GAAP Financial Reporting Taxonomy, IFRS Accounting Taxonomy, SEC DEI Taxonomy.
Only totals of the whole company are named: a part would pass for the whole.
"""

EPS_GAAP = ("us-gaap:EarningsPerShareDiluted", "us-gaap:EarningsPerShareBasicAndDiluted")
EPS_IFRS = (
    "ifrs-full:DilutedEarningsLossPerShare",
    "ifrs-full:BasicAndDilutedEarningsLossPerShare",
)
DILUTED_SHARES = (
    "us-gaap:WeightedAverageNumberOfDilutedSharesOutstanding",
    "us-gaap:WeightedAverageNumberOfShareOutstandingBasicAndDiluted",
)
NET_INCOME = (
    "us-gaap:NetIncomeLoss",
    "us-gaap:ProfitLoss",
    "ifrs-full:ProfitLossAttributableToOwnersOfParent",
    "ifrs-full:ProfitLoss",
)
OPERATING_INCOME = (
    "us-gaap:OperatingIncomeLoss",
    "ifrs-full:ProfitLossFromOperatingActivities",
)
REVENUE = (
    "us-gaap:Revenues",
    "us-gaap:RevenueFromContractWithCustomerExcludingAssessedTax",
    "us-gaap:RevenueFromContractWithCustomerIncludingAssessedTax",
    "us-gaap:SalesRevenueNet",
    "us-gaap:RevenuesNetOfInterestExpense",
    "us-gaap:RegulatedAndUnregulatedOperatingRevenue",
    "ifrs-full:Revenue",
    "ifrs-full:RevenueFromContractsWithCustomers",
)
GROSS_PROFIT = ("us-gaap:GrossProfit", "ifrs-full:GrossProfit")
COST_OF_REVENUE = (
    "us-gaap:CostOfRevenue",
    "us-gaap:CostOfGoodsAndServicesSold",
    "us-gaap:CostOfGoodsSold",
    "ifrs-full:CostOfSales",
)
ALL_EXPENSES = ("us-gaap:OperatingExpenses", "us-gaap:CostsAndExpenses")
"""Totals that, equal to the operating loss, leave no room for revenue."""

COVER_SHARES = ("dei:EntityCommonStockSharesOutstanding",)


def _by_taxonomy(*groups: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    wanted: dict[str, tuple[str, ...]] = {}
    for concept in (each for group in groups for each in group):
        taxonomy, name = concept.split(":")
        wanted[taxonomy] = (*wanted.get(taxonomy, ()), name)
    return wanted


WANTED = _by_taxonomy(
    EPS_GAAP, EPS_IFRS, DILUTED_SHARES, NET_INCOME, OPERATING_INCOME, REVENUE, GROSS_PROFIT,
    COST_OF_REVENUE, ALL_EXPENSES, COVER_SHARES,
)  # fmt: skip
"""Taxonomy → names of the concepts that are read at all."""
