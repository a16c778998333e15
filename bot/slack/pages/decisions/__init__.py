"""Approve, reject, comment, cancel, override, remind, retry."""
