"""Releases that calendars announce: whether they came, came late, or are missing."""
