"""What the market pays for a company or a fund as of a day, from documents already fetched."""
