"""Brings every Slack message about a request up to date with its state; sends direct messages and certificate files.

Nobody else posts or redraws those messages. Slack pages do not import this room.
"""
