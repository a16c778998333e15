"""A request as JSON for other platforms: the models of the API, which webhooks and connectors send too.

No tokens, no network, no Slack.
"""
