"""bot: event alerts for people who watch US stocks."""

__version__ = "0.1.0"
