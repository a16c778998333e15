"""Other platforms: API tokens and webhook endpoints.

What they send and receive is in `bot.api` and `bot.webhooks`.
"""
