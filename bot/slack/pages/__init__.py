"""One folder for each page of Slack: its listener, payloads, blocks and texts together.

A page imports `kit` and the pages below it in the contract in pyproject.toml; `bot.slack.app` registers them all.
"""
