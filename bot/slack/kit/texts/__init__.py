"""Words and sentences that several pages and messages use.

A sentence that only one page uses stands in that page.
"""
