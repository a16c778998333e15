"""State to Block Kit: what several pages and messages draw.

Pure functions: no client, no store, no clock.
"""
