"""Deliveries from the four tables that share one outbox: direct messages, certificate files, releases, webhooks.

Notices about requests are redrawn from the state instead of sent once; `messages` has them.
"""
