"""Approval profiles: list, page, history, form, delete."""
