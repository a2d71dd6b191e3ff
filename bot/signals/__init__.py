"""Signals of prices: what a close means beside the closes before it and beside a benchmark's.

One definition serves the live pass over the last bar of many tickers, ``bot signals`` and whole
histories (``block`` packs bars, ``price`` computes, ``last`` tells the last bar of each ticker).
"""
