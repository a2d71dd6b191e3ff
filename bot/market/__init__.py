"""Prices on their way from a provider to facts: closed sessions, quotes, and whose are followed."""
