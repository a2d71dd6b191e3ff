"""Bars and corporate actions: what they are, on which share basis, and what is wrong with them."""
