"""devslack: a strict Slack workspace on localhost, for trying an app out and for tests. It knows nothing of approvals."""

from bot.devslack.errors import BadFile
from bot.devslack.server import DevSlack
from bot.devslack.workspace.workspace import Timing

__all__ = ["BadFile", "DevSlack", "Timing"]
