"""The Slack app: what people press, type and open, and how it is answered.

`pages` holds one folder for each page, `kit` what pages share, `platform` what talks to Slack.
"""
