"""Audit entries and their hash chain.

Entries are written with the change that they record, never alone.
"""
