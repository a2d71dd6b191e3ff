"""The Federal Reserve watched: what it publishes, what it decides, and what that changes."""

FED = "fed"
"""The source of releases and decisions, and their subject."""
