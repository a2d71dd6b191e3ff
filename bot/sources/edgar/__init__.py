"""EDGAR, the filing system of the SEC: its feed, its indexes and ownership documents."""
