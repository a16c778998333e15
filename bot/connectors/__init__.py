"""Connectors carry out approved operations. `port` defines them, and `dispatcher` gives them released operations."""
