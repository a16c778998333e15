"""Moves of an operation after its approval, and the records of the local CA.

No network: connectors carry operations out.
"""
