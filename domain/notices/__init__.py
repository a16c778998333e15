"""Which messages a request needs, whom they mention, when people are reminded.

What they look like is drawn in `bot.messages`.
"""
