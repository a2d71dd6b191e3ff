"""Questions about past alerts: the words people type, and the answers."""
