"""A shelf of price providers: one file each, all of one shape (``provider``)."""
