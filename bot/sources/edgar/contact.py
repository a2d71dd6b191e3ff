"""Who asks: the User-Agent the SEC wants of every automated reader.

Source: SEC, Webmaster FAQ (Developers), "Company Name AdminContact@company.com".
"""

import re

from bot.errors import ConfigError

MEND_CONTACT = "mend [edgar] contact"

_ADDRESS = re.compile(r"[^\s@<>()]+@[^\s@<>()]+\.[^\s@<>().]+")


def user_agent(contact: str | None) -> str:
    """The contact as a User-Agent; ConfigError where it holds no e-mail address."""
    text = (contact or "").strip()
    if not text:
        raise _unusable("no contact is set, and the SEC refuses readers who do not say who asks")
    if not (text.isascii() and text.isprintable()):
        raise _unusable("the contact must be one line of plain ASCII letters")
    if not _ADDRESS.search(text):
        raise _unusable(f"the contact {text!r} holds no e-mail address")
    return text if " " in text else f"bot {text}"


def _unusable(what: str) -> ConfigError:
    return ConfigError(
        what,
        where="config.toml: [edgar] contact",
        mend='write who you are and an address that is read: contact = "Jane Doe jane@example.org"',
    )
