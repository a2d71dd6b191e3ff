"""Delivery under faults and kills: nothing lost, nothing doubled, order kept, records right."""
