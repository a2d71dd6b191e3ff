"""Who is in the local Slack: people with names and time zones, their groups, and the bot."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

Json = dict[str, Any]

TEAM, APP = "T0SANDBOX", "A0SANDBOX"
BOT_USER, BOT, BOT_NAME = "U0SANDBOX", "B0SANDBOX", "alerts"
SLACKBOT = "USLACKBOT"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody with an account: ``name`` is typed after an @, ``tz`` a name of the tz database."""

    id: str
    name: str
    real_name: str
    tz: str = "America/New_York"
    is_bot: bool = False

    def told(self, now: datetime) -> Json:
        """As users.info tells of them."""
        here = now.astimezone(ZoneInfo(self.tz))
        offset = here.utcoffset()
        return {
            "id": self.id,
            "team_id": TEAM,
            "name": self.name,
            "real_name": self.real_name,
            "deleted": False,
            "is_bot": self.is_bot,
            "tz": self.tz,
            "tz_label": here.tzname(),
            "tz_offset": int(offset.total_seconds()) if offset else 0,
            "profile": {"real_name": self.real_name, "display_name": self.name},
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class UserGroup:
    """People who are mentioned together; ids of its members."""

    id: str
    handle: str
    name: str
    users: tuple[str, ...]

    def told(self) -> Json:
        """As usergroups.list tells of it."""
        return {
            "id": self.id,
            "team_id": TEAM,
            "is_usergroup": True,
            "handle": self.handle,
            "name": self.name,
            "user_count": len(self.users),
            "date_delete": 0,
        }


PEOPLE = (
    Person(id="U0ALEX", name="alex", real_name="Alex Reyes"),
    Person(id="U0MIRA", name="mira", real_name="Mira Okafor", tz="Europe/Berlin"),
    Person(id="U0SEUNG", name="seung", real_name="Seung Park", tz="Asia/Seoul"),
)
"""Who looks at the local Slack; the first is the one who does where nobody is named."""

THE_BOT = Person(id=BOT_USER, name=BOT_NAME, real_name="Market Alerts", is_bot=True)

GROUPS = (UserGroup(id="S0DESK", handle="desk", name="The desk", users=("U0ALEX", "U0MIRA")),)
