"""Use cases of a request: submit, decide, cancel, override, comment, read, expire, escalate.

One function, one transaction, one change.
"""
