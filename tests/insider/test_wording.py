"""The sense of footnotes.  The texts are ours, worded as filers word theirs."""

import pytest

from bot.insider.wording import buys_off_market, sells_off_market, tells_corporate_action

SOLD_OFF_MARKET = (
    "The shares were sold to the underwriters in connection with an underwritten "
    "secondary public offering of the Issuer's common stock at a price of $24.50 "
    "per share, less underwriting discounts.",
    "Represents shares sold pursuant to the Underwriting Agreement dated May 6, "
    "2025 among the Issuer, the selling stockholders and Goldman Sachs & Co. LLC.",
    "Shares sold in a privately negotiated transaction.",
    "Shares sold by the Reporting Person in a private sale to an accredited investor.",
    "Represents shares repurchased by the Issuer from the Reporting Person "
    "pursuant to a Share Repurchase Agreement dated March 3, 2025.",
    "The Reporting Person sold these shares to the Company pursuant to a stock "
    "repurchase agreement.",
    "On September 10, 2025 the shares were contributed by the Reporting Person to "
    "an exchange fund in exchange for limited partnership interests.",
    "Shares were tendered in the issuer's tender offer at $50.00 per share.",
    "Disposed of pursuant to the Agreement and Plan of Merger dated June 1, 2024; "
    "each share was converted into the right to receive $23.00 in cash.",
    "Represents a sale of units in the Company's 401(k) plan.",
    "This transaction was a block trade with a single purchaser in a "
    "privately-negotiated transaction pursuant to Rule 144.",
    "Shares sold pursuant to the exercise in full of the underwriters' option to "
    "purchase additional shares.",
    "The sale price represents the public offering price of $31.00 per share less "
    "the underwriting discount of $1.24 per share.",
    "Sold in the Issuer's secondary offering.",
    "The shares were sold in connection with the closing of the Issuer's initial "
    "public offering by the selling stockholder.",
    "On June 3, 2024 the reporting persons sold the shares to KKR Fund in a "
    "private transaction pursuant to a Stock Purchase Agreement.",
    "Transfer to the reporting person's former spouse under a privately negotiated purchase.",
    "Sale to the Issuer in connection with the Issuer's repurchase of shares "
    "concurrently with the offering.",
    "The Reporting Person sold shares to Mr. Smith in an off-market transaction.",
    "The securities were sold through an underwritten public offering pursuant to "
    "a prospectus supplement.",
    "Represents shares sold in the Issuer's initial public offering of its Class A common stock.",
    "These shares were sold pursuant to a Securities Purchase Agreement with an "
    "institutional investor.",
    "Each share was swapped into units of an exchange fund.",
    "Pursuant to an underwriting agreement, the underwriters purchased the shares "
    "from the Reporting Person at $18.81 per share.",
    "Represents shares of Class A common stock sold by the Reporting Persons in an "
    "underwritten offering pursuant to Rule 424(b) prospectus.",
    "The Issuer purchased these shares from the reporting person at the closing "
    "price on the date of the transaction.",
    "Shares were sold back to the Issuer.",
    "Sold in a block trade to an institutional buyer in a privately negotiated "
    "transaction exempt from registration.",
    "Units redeemed by the Company in connection with synthetic secondary.",
    "Sale made in connection with the exercise of the underwriters' over-allotment option.",
    "The reported securities were sold by the selling stockholders in a registered "
    "secondary offering.",
    "The sale was made in a private transaction, not in the open market.",
    "Shares sold under the Issuer's share repurchase program to the Issuer.",
    "Disposition to the Company's 401(k) plan.",
    "Converted into right to receive $23.00 in cash in the merger",
    "Each share was converted into a right to receive $23.00 in cash.",
    "Sold to an institutional investor at a negotiated price.",
    "Delivered under a pre-paid forward sale contract.",
)
SOLD_ON_THE_MARKET = (
    "Sold at prevailing market or negotiated prices on the exchange.",
    "Sold through a broker, not at a negotiated price.",
    "Shares sold to cover tax withholding obligations upon the vesting of "
    "restricted stock units. This sale is mandated by the Issuer's election under "
    "its equity incentive plans to require the satisfaction of tax withholding "
    'obligations to be funded by a "sell to cover" transaction and does not '
    "represent a discretionary trade.",
    "The price reported in Column 4 is a weighted average price. These shares were "
    "sold in multiple transactions at prices ranging from $143.90 to $146.20, "
    "inclusive. The reporting person undertakes to provide to the Issuer, any "
    "security holder of the Issuer, or the staff of the Securities and Exchange "
    "Commission, upon request, full information regarding the number of shares "
    "sold at each separate price.",
    "The sales were effected pursuant to a Rule 10b5-1 trading plan adopted by the "
    "reporting person on March 13, 2025.",
    "The sale was made pursuant to a Rule 10b5-1 stock trading plan (purchase plan).",
    "Shares sold on the New York Stock Exchange in open market transactions.",
    "These shares were acquired by the reporting person prior to the Issuer's "
    "initial public offering.",
    "Shares were originally acquired in a private placement in 2019.",
    "Includes 350 shares acquired under the Issuer's Employee Stock Purchase Plan on May 15, 2025.",
    "The shares sold were acquired through the Company's Employee Stock Purchase Plan.",
    "Shares received upon the conversion of Class B common stock and sold in open market.",
    "The shares were acquired upon exercise of warrants and subsequently sold in the open market.",
    "The sale reported was matchable under Section 16(b) of the Securities "
    "Exchange Act of 1934 with the reporting person's purchase. The reporting "
    "person has agreed to pay the Issuer the full amount of the profit.",
    "Shares held by a trust of which the reporting person is trustee.",
    "Shares sold to satisfy the reporting person's tax liability in connection "
    "with the exercise of options.",
    "Sold to cover taxes due upon vesting of shares granted under the 2015 Stock Plan.",
    "The shares were sold by the general partner of a private equity fund. "
    "Dispositive power is shared.",
    "The shares are held by Smith Private Foundation.",
    "The Reporting Person disclaims beneficial ownership except to the extent of "
    "pecuniary interest therein.",
    "Shares were sold in a broker-assisted transaction by the plan administrator "
    "to cover withholding taxes on the vesting of RSUs.",
    "Sale executed on Nasdaq; the lock-up agreement entered into in connection "
    "with the Issuer's initial public offering expired on May 1.",
    "This sale was made to diversify holdings following the business combination.",
    "The shares were issued in the merger of XYZ and the Issuer in 2021.",
    "Shares purchased in the Issuer's directed share program at the time of the IPO were sold.",
    "On May 3 the reporting person exercised a stock option and sold the shares in "
    "the open market under the Company's Insider Trading Policy.",
    "Pursuant to the terms of the Company's Deferred Compensation Plan, taxes were "
    "paid with shares sold in the open market.",
    "The reporting person sold shares held in the ABC Family Limited Partnership "
    "to fund estimated tax payments.",
    "Exempt under Rule 16b-3 of the Securities Exchange Act.",
    "Shares sold in ordinary brokerage transactions under Rule 144.",
    "These shares were sold at the direction of the reporting person's investment "
    "adviser without the reporting person's prior knowledge.",
    "Following the transaction the reporting person holds shares through the "
    "company's 401(k) plan.",
    "Reporting person also holds 4,000 shares in the Savings Plan as of June 30, 2025.",
    "Total includes dividend reinvestment shares acquired since last report.",
    "Shares acquired under a private placement. The sale was made in the open market.",
    "Reflects the sale of shares previously purchased pursuant to a stock purchase agreement.",
    "The reporting person will provide information to the Company upon request.",
    "Sale of shares to pay tax on shares issued by the Company pursuant to vesting of RSUs.",
    "Shares were sold automatically to cover taxes pursuant to the Company's "
    "mandatory sell-to-cover policy under the Amended and Restated 2014 Equity "
    "Incentive Plan.",
    "Shares sold by the Reporting Person in multiple open market transactions on "
    "the NASDAQ Stock Exchange.",
    "The average sale price; the shares had been received as a distribution from the private fund.",
    "Sold pursuant to instruction letter to sell a portion of shares acquired "
    "under the employee stock purchase plan.",
    "The shares were sold at market price in transactions exempt from the prospectus requirements.",
    "Gains from the sale will be disgorged to the Company pursuant to Section 16(b).",
    "These sales were made to pay the exercise price and withholding taxes related "
    "to the exercise of options that were to expire.",
    "This transaction was executed in multiple trades at prices ranging from "
    "$10.00 to $10.25; the price reported reflects the weighted average sale "
    "price.",
    "The Reporting Person is a director of Fund GP, which is the general partner "
    "of Private Equity Fund II. Shares sold by the Fund.",
    "The shares reported were acquired in the Issuer's IPO through the directed share program.",
    "Shares sold on behalf of the participants by the plan administrator to cover "
    "withholding obligation, as required by the RSU agreement.",
    "Sales pursuant to Rule 144 under the Securities Act of 1933.",
    "Following the sale the reporting person holds 1,000 shares acquired under the "
    "Employee Stock Purchase Plan and 200 shares in a 401(k) account.",
    "Certain shares held in the Company's Retirement Savings Plan are based on a "
    "statement dated June 30.",
    "Since the date of the last report, the reporting person acquired 300 shares "
    "through the Company's ESPP.",
    "Shares were sold to cover taxes upon settlement of RSUs. The Company is required to withhold.",
    "Shares sold to fund purchase of a home.",
    "Shares sold in order to satisfy margin call with respect to loan from a private bank.",
    "The shares were sold by the Reporting Person's spouse.",
    "The reporting person reports profits disgorged under Section 16(b) to the issuer.",
    "Balance reflects shares withheld by the Company upon vesting.",
    "Sale by the trust established under the plan of the reporting person for estate tax.",
    "The shares were transferred to a brokerage account and sold.",
    "The sale was executed under a margin loan.",
    "The reported transaction occurred on the same day as the Issuer's "
    "announcement of a public offering.",
    "Reflects a 3-for-1 stock split effected after the Company's merger.",
    "The purchaser of the shares is not affiliated with the issuer.",
    "The reporting person has entered into a lock-up agreement with the "
    "underwriters of the Issuer's public offering, which permits this sale.",
)
BOUGHT_OFF_MARKET = (
    "Purchased from the selling stockholders in an arm's length transaction at a negotiated price.",
    "Purchased as part of a follow-on financing.",
    "Shares acquired through the Issuer's dividend reinvestment plan.",
    "Shares acquired through automatic dividend reinvestment.",
    "Reinvestment of dividends through broker.",
    "Represents shares acquired under the Issuer's Employee Stock Purchase Plan.",
    "Acquired pursuant to the ESPP.",
    "Shares purchased through payroll deductions under the Company's 401(k) Plan.",
    "The shares were purchased from the underwriters in the Issuer's initial public offering.",
    "Purchased through the Issuer's directed share program in connection with IPO.",
    "The reporting person purchased these shares in the Issuer's underwritten "
    "public offering at the public offering price.",
    "Shares purchased directly from the Issuer in a private placement.",
    "Purchased in a PIPE transaction that closed concurrently with the business combination.",
    "Acquired pursuant to a Subscription Agreement with the Issuer.",
    "Acquired pursuant to a Securities Purchase Agreement dated as of April 1, "
    "2025 between the Issuer and the purchasers.",
    "Acquired in a registered direct offering.",
    "Represents shares received in lieu of cash director fees.",
    "Shares issued in payment of quarterly director retainer fees.",
    "Shares purchased under the Directors' Fee Plan.",
    "Shares acquired upon conversion of convertible notes.",
    "Shares acquired upon exercise of warrants at $1.00 per share.",
    "The shares were purchased in a privately negotiated transaction from a former director.",
    "Acquired in the Issuer's rights offering pursuant to exercise of basic subscription rights.",
    "Shares acquired under the Issuer's Dividend Reinvestment and Stock Purchase Plan.",
    "Purchased from the Issuer in an at-the-market private sale.",
    "The Reporting Person acquired the shares from the Issuer at $5.00 in a "
    "concurrent private placement.",
    "Purchased in issuer's follow-on public offering.",
    "Acquired through the Company's Deferred Compensation Plan for Non-Employee Directors.",
    "Pursuant to a backstop commitment in the rights offering.",
    "Purchased in the offering pursuant to the prospectus dated May 1, 2025.",
    "Shares purchased by the trustee of the Company's employee stock ownership plan.",
    "Shares acquired pursuant to a forward purchase agreement.",
    "These shares were purchased through the company's non-qualified deferral plan.",
    "Represents shares acquired pursuant to a stock purchase agreement with the seller.",
    "Shares purchased directly from the Company.",
    "Shares purchased in conversion offering / subscription offering of the bank holding company.",
    "Represents shares purchased in the Issuer's initial public offering that closed on July 1.",
    "The shares were acquired in connection with the closing of the Issuer's IPO.",
    "Purchased through the Dividend Reinvestment feature of the account.",
    "DRIP purchase.",
    "Purchased by the reporting person as part of the registered offering.",
    "Automatic reinvestment of dividend.",
    "Purchased via employee stock plan",
    "Represents shares purchased with reinvested dividends.",
    "The Reporting Person participates in the Issuer's direct stock purchase plan.",
    "Shares were acquired through participation in the Issuer's Amended and "
    "Restated Dividend Reinvestment Plan.",
    "These shares were purchased for the account of the reporting person by the "
    "trustee under the Company's Directors Deferred Fee Plan.",
    "Purchased in the Issuer's public offering that closed on May 2, 2025.",
    "On April 2, 2025, the Reporting Person purchased units consisting of one "
    "share and one warrant from the Issuer at $2.50 per unit.",
    "Private purchase from an unaffiliated shareholder.",
    "Shares acquired pursuant to a privately negotiated stock purchase.",
    "Pre-funded warrants were exercised; these shares were acquired on exercise of the warrants.",
    "Shares acquired pursuant to the reporting person's election to receive his "
    "annual retainer in stock.",
    "Represents purchases by the reporting person pursuant to dividend reinvestment by broker.",
    "Shares purchased under the 2020 Employee Stock Purchase Plan at a 15% discount.",
    "Represents open market purchases under the Issuer's 401(k) plan.",
    "The securities were purchased from the Company in connection with its "
    "registered direct offering.",
    "Purchase from the underwriter of the over-allotment shares.",
    "Purchased pursuant to Standby Purchase Agreement in the rights offering.",
    "Acquired from the Issuer for $3.00 per share, the closing price.",
    "Acquired in connection with the Issuer's initial public offering.",
)
BOUGHT_ON_THE_MARKET = (
    "Bought through a broker under a Rule 10(b)(5)-1 stock purchase plan.",
    "Bought on the exchange following the announcement of a follow-on offering.",
    "The purchases were effected pursuant to a Rule 10b5-1 purchase plan adopted on March 1, 2025.",
    "Open market purchase on the New York Stock Exchange.",
    "The price reported is a weighted average price. These shares were purchased "
    "in multiple transactions at prices ranging from $12.03 to $12.38.",
    "Purchased in the open market by the reporting person's IRA.",
    "Shares purchased by the reporting person's spouse.",
    "Includes 1,020 shares acquired through dividend reinvestment.",
    "The reporting person's total includes shares acquired under the ESPP.",
    "Held by the reporting person's defined benefit pension plan.",
    "Also includes shares held in the ABC Corp Savings Plan.",
    "Excludes shares underlying warrants that may be exercised.",
    "These shares are held by a Trust for the benefit of the reporting person's children.",
    "Purchased pursuant to the Company's stock ownership guidelines for directors.",
    "The reporting person purchased shares in open market transactions following "
    "the Issuer's public offering.",
    "This amendment corrects the number of shares purchased as the result of a clerical error.",
    "The amount reported includes dividend reinvestment shares.",
    "Purchase by a fund advised by XYZ; the reporting person is an officer of the general partner.",
    "Reported on an adjusted basis for the 2-for-1 stock split on May 1, 2025.",
    "Filed late due to administrative error in transmitting EDGAR codes.",
    "Shares purchased are held jointly with spouse.",
    "Upon the exercise of warrants beneficially owned, the reporting person could "
    "acquire 1,000 more shares.",
    "Price is in Canadian dollars converted to U.S. dollars at the exchange rate of 0.73.",
    "Purchase price was C$10.00 and has been converted to US dollars.",
    "The number of shares beneficially owned has been increased by 321 shares "
    "acquired under the Issuer's dividend reinvestment plan.",
    "In addition, the reporting person holds 5,000 shares through the 401(k) plan.",
    "Does not include 5,000 shares of Series A Preferred acquired in private placement.",
    "ADSs purchased on the open market; each ADS represents five ordinary shares.",
    "The reporting person purchased 1,000 shares in the open market for an IRA.",
    "Purchased by the Reporting Person pursuant to Rule 10b-18 in open market.",
    "The purchase was matched with a sale under Section 16(b) and the profit was "
    "paid to the Issuer.",
    "Shares were purchased by Biotechnology Value Fund, L.P., a private investment fund.",
    "Securities owned directly by Private Investors LP.",
    "Purchased by broker pursuant to a standing order at market prices.",
    "Purchased on the over-the-counter market.",
    "The shares were purchased on the Toronto Stock Exchange; amounts converted to "
    "USD at the Bank of Canada rate.",
    "In connection with his appointment as director, the reporting person bought "
    "shares on the market as required by the Company's stock ownership guidelines.",
    "The reporting person bought shares the day after the Company's secondary offering.",
    "These shares are pledged as collateral.",
    "Held in a joint account with spouse. Also holds 500 shares through the ESOP.",
    "Holdings have been adjusted for dividends reinvested.",
    "Includes shares acquired through an employee stock purchase plan.",
    "Also reflects 56 shares acquired pursuant to a dividend reinvestment plan, "
    "exempt under Rule 16a-11.",
    "The trade was effected by a managed account without the reporting person's knowledge.",
    "Price reflects the weighted average; range $1.00 to $1.05. Full information "
    "to the issuer upon request.",
)
CORPORATE_ACTIONS = (
    "Pro rata distribution without consideration by the fund to its partners.",
    "Shares distributed by the limited partnership in a pro-rata in-kind distribution.",
    "Each share of Class B was reclassified into one share of Class A.",
    "Upon the closing of the merger each share of Target was converted into 0.5 "
    "shares of the Issuer.",
    "Shares received in exchange for shares of the predecessor in the holding "
    "company reorganization.",
    "Spin-off of the subsidiary to the stockholders.",
    "Shares were exchanged for units of the operating partnership.",
    "Received as a stock dividend.",
    "Exchange of Class A shares for Class B shares pursuant to the Exchange Agreement.",
    "Domestication / redomicile: each ordinary share was exchanged.",
    "Represents shares received in a share exchange.",
    "Issued pursuant to Business Combination Agreement.",
    "Shares delivered in liquidation of the partnership.",
    "Recapitalization of the issuer.",
)
NO_CORPORATE_ACTIONS = (
    "This transaction is exempt from Section 16 of the Securities Exchange Act of "
    "1934 pursuant to Rule 16b-3.",
    "Traded on the New York Stock Exchange.",
    "Shares transferred to a grantor retained annuity trust.",
    "The staff of the Securities and Exchange Commission.",
    "Shares listed on the Nasdaq Stock Exchange.",
    "Shares held in an exchange-traded fund.",
    "Transferred pursuant to a divorce decree.",
    "Converted at the exchange rate of 1.1.",
    "Shares loaned under a securities lending agreement.",
    "Foreign exchange.",
    "Acquired on the Toronto Stock Exchange.",
    "Shares forfeited on resignation.",
    "Acquired under Dividend reinvestment plan.",
)


@pytest.mark.parametrize("text", SOLD_OFF_MARKET)
def test_a_sale_to_underwriters_the_issuer_or_in_private_is_off_market(text: str) -> None:
    assert sells_off_market(text)


@pytest.mark.parametrize("text", SOLD_ON_THE_MARKET)
def test_the_past_of_shares_and_other_positions_leave_a_sale_on_the_market(text: str) -> None:
    assert not sells_off_market(text)


@pytest.mark.parametrize("text", BOUGHT_OFF_MARKET)
def test_a_purchase_by_plan_offering_conversion_or_in_private_is_off_market(text: str) -> None:
    assert buys_off_market(text)


@pytest.mark.parametrize("text", BOUGHT_ON_THE_MARKET)
def test_other_positions_and_plans_to_trade_leave_a_purchase_on_the_market(text: str) -> None:
    assert not buys_off_market(text)


@pytest.mark.parametrize("text", CORPORATE_ACTIONS)
def test_mergers_exchanges_reclassifications_and_distributions_are_told(text: str) -> None:
    assert tells_corporate_action(text)


@pytest.mark.parametrize("text", NO_CORPORATE_ACTIONS)
def test_the_exchange_act_and_stock_exchanges_are_no_exchange(text: str) -> None:
    assert not tells_corporate_action(text)


def test_a_text_far_over_the_limit_of_the_schema_is_not_read_to_its_end() -> None:
    assert not sells_off_market("Sold. " * 200_000 + "Underwritten offering.")


def test_what_is_denied_did_not_happen() -> None:
    text = "These shares were sold in the open market. None of them were sold to the Company."
    assert not sells_off_market(text)
    assert not sells_off_market("The sale was not a privately negotiated transaction.")
    assert sells_off_market("Not in the market, but in a privately negotiated transaction.")
