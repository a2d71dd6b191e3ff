"""Lanes: channels of one pace and pause."""

EVERYWHERE = "*"
"""The lane whose pause holds all others: no token, no message."""
