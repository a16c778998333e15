"""Requests: loading, saving, and their lists.

A list is cut by the number of a request or by a moment, so that it costs the same at any size.
"""
