"""The outbox: what becomes of messages."""
