"""Approval profiles, resources, requests, and every move of a request. Each move returns a `Change`.

No message, no connector, no storage.
"""
