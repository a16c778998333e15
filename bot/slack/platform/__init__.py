"""Slack itself: the client and its rate limits, Socket Mode, the mirrored directory, files, the manifest.

No page and nothing that is drawn.
"""
