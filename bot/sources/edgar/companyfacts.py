"""Whether a body is the XBRL facts of a company, as the SEC's companyfacts API gives them.

What they say is read elsewhere; here only what must not be kept as an answer is found out.
Source: SEC, EDGAR Application Programming Interfaces: data.sec.gov/api/xbrl/companyfacts.
"""

import json


def why_no_facts(body: bytes, cik: str) -> str | None:
    """Why a body is not the facts of that company; None where it is."""
    try:
        told = json.loads(body)
    except ValueError as error:
        return f"no JSON: {error}"
    if not isinstance(told, dict) or not isinstance(told.get("facts"), dict):
        return "JSON without the facts of a company"
    stated = str(told.get("cik", "")).strip()
    if not (stated.isascii() and stated.isdigit()) or int(stated) != int(cik):
        return f"the facts of another company, CIK {stated or 'unknown'}"
    return None
