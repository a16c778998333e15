"""The environment of the process: settings, clock, logs, database address, background tasks, outbox worker, operator errors.

It imports no other room of `bot`.
"""
