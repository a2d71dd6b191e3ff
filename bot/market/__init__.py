"""Prices on their way from a provider to facts: closed sessions, quotes, and whose are followed."""

PRICES = "prices"
"""The name of the source in facts, rules and the log, whoever the provider is."""
