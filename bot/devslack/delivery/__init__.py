"""What Slack sends to the app: events and interactions, their payloads, over Socket Mode or as signed HTTP requests.

It may use `web_api` to apply the app's answers; it does not know the control API or the page.
"""
