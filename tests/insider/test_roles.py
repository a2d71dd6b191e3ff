"""Who an insider is: the flags decide, a title refines an officer and promotes nobody."""

import pytest

from bot.insider.filing import Owner
from bot.insider.roles import leading_owner, role_of
from bot.sandbox.filings import Insider
from tests.insider.forms import JANE, a_filing


def an_owner(**flags: bool) -> Owner:
    held = {"is_director": False, "is_officer": False, "is_ten_percent_owner": False, **flags}
    return Owner(cik="0000000001", name="DOE", is_other=False, officer_title=None,
                 other_text=None, **held)  # fmt: skip


@pytest.mark.parametrize(
    ("flags", "title", "role"),
    [
        ({"is_officer": True}, "Chief Executive Officer", "ceo"),
        ({"is_officer": True}, "President & CEO", "ceo"),
        ({"is_officer": True}, "President, Chief Exec. Officer", "ceo"),
        ({"is_officer": True, "is_director": True}, "CEO and CFO", "ceo"),
        ({"is_officer": True}, "EVP, Chief Financial Officer", "cfo"),
        ({"is_officer": True}, "SVP and Chief Fin. Officer", "cfo"),
        ({"is_officer": True}, "CFO", "cfo"),
        ({"is_officer": True}, "Director of Sales", "officer"),
        ({"is_officer": True}, "EVP, Chief Human Resources Off", "officer"),
        ({"is_officer": True}, None, "officer"),
        ({"is_director": True}, "Director", "director"),
        ({"is_director": True}, "Former CEO", "director"),
        ({"is_ten_percent_owner": True}, "CEO of the general partner", "ten_percent_owner"),
        ({"is_director": True, "is_ten_percent_owner": True}, None, "director"),
        ({}, "CEO", "other"),
    ],
)
def test_the_first_role_that_holds(flags: dict[str, bool], title: str | None, role: str) -> None:
    assert role_of(an_owner(**flags), title) == role


@pytest.mark.parametrize(
    ("title", "remarks", "role", "shown"),
    [
        ("See Remarks", "Chief Executive Officer", "ceo", "Chief Executive Officer"),
        ("See Remarks", "Title: Chief Financial Officer.", "cfo", "Chief Financial Officer"),
        ("See Remarks", "", "officer", "See Remarks"),
        ("See Remarks", "x" * 121, "officer", "See Remarks"),
        ("EVP", "Chief Executive Officer", "officer", "EVP"),
    ],
)
def test_a_title_is_taken_from_the_remarks_where_it_points_there(
    title: str, remarks: str, role: str, shown: str
) -> None:
    owner = Insider(cik="0000000001", name="DOE", title=title)
    _, found, told = leading_owner(a_filing(owners=(owner,), remarks=remarks))
    assert (found, told) == (role, shown)


def test_the_owner_of_the_first_role_leads_whatever_the_order() -> None:
    fund = Insider(cik="0000000002", name="FUND LP", ten_percent_owner=True)
    for owners in ((fund, JANE), (JANE, fund)):
        owner, role, _ = leading_owner(a_filing(owners=owners))
        assert (owner.name, role) == ("DOE JANE", "cfo")
