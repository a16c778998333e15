"""Use cases that change profiles, resources, groups and roles, from a file or from forms in Slack.

One function, one transaction, one change.
"""
