"""Ways to deliver an alert: a shelf."""
