"""What the process runs in: settings, clock, logs, database address, background tasks, outbox worker, errors of operation.

It imports no other room of `bot`.
"""
