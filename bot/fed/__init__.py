"""What the Federal Reserve says and when, as far as words and days tell it (pure)."""
