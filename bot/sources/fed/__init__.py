"""What the Federal Reserve publishes: feeds, archives, calendars and pages."""
