"""Puts the running process together: services, scheduled jobs, the HTTP server, configuration at start.

Wiring only: no rule about approvals, and nothing that is drawn.
"""
