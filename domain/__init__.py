"""What an approval is. The core has no I/O, no clock and no Slack.

Only `store` speaks SQL; `workflow` holds the use cases, `ports` what they need.
"""
