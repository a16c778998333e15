"""Use cases of the API and of webhooks.

One function, one transaction, one change.
"""
