"""The HTTP API: other platforms submit, read, comment, cancel and report. SPEC.md section 6."""

from bot.api.app import api_app

__all__ = ["api_app"]
