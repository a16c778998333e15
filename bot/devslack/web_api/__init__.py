"""Slack's Web API: the methods by family, their arguments, scopes and rate limits, response URLs and file transfers.

What the app calls; what is sent to the app belongs in `delivery`, and what the page calls in `control`.
"""
