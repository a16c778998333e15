"""The control API under /_control: what the page and tests read, what people do, and what an administrator does.

HTTP in front of the other folders: only the server imports it, and no rule of Slack is decided in it.
"""
