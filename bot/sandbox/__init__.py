"""A made-up market that the bot can run on offline: filings, and servers that hand them out."""
