"""Countersign's process: Slack, the clock and the wire.

Everything here may import `domain`. Only `domain.store` speaks SQL.
"""
