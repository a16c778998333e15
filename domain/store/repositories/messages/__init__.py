"""Messages to people, the queue of updates, App Homes, and what needs attention.

Nothing here talks to Slack.
"""
