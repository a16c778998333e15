"""What becomes of an operation after its approval, as moves of a request; the record of the local CA.

No network: connectors carry operations out.
"""
