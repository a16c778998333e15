"""Payloads of Slack: checked, and turned into typed, frozen values. Nothing after a parser sees a payload.

What is malformed or forged raises `BadInput`; what somebody typed wrongly raises `Misused` or `FormFaults`.
"""
