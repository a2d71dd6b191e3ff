"""Insider trades: what a filing says, what each trade was, and the facts that rules judge.

Names are imported from its modules: who asks for the past of trades alone reads no filing.
"""
