"""The SEC's map of ticker symbols, ``company_tickers.json``: whose each is now."""

import json

from bot.errors import SourceUnreadable


def read_ciks(body: bytes) -> dict[str, str]:
    """CIK of ten digits by ticker, class signs as dashes; without its dash a symbol is found too,
    if it is no other one's.

    Raises SourceUnreadable for anything else than the map.
    """
    try:
        rows = json.loads(body).values()
        known = {str(row["ticker"]).upper(): f"{int(row['cik_str']):010d}" for row in rows}
    except (ValueError, AttributeError, KeyError, TypeError) as error:
        raise SourceUnreadable(
            f"this is no map of ticker symbols: {type(error).__name__} {error}",
            where="company_tickers.json",
            mend="nothing to do, it is asked for again",
        ) from error
    return {ticker.replace("-", ""): cik for ticker, cik in known.items()} | known
