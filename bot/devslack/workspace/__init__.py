"""What a Slack workspace holds: people, channels, messages, files, views, and what is saved of them.

State only: nothing in this folder answers an HTTP request, checks an app's arguments or sends to the app.
"""
