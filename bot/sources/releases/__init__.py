"""Agencies that publish statistics by a calendar: what is planned, and what has come."""
