"""What is said of input that is not what Slack and our own messages send."""

from collections.abc import Mapping

from domain.common.errors import Refusal


class BadInput(Refusal):
    """Countersign could not make sense of this ({what}), so nothing was recorded. Open it again and try once more."""

    what: str


class Misused(Refusal):
    """{problem} Write it like this: {usage}"""

    problem: str
    usage: str


class FormFaults(Refusal):
    """Some fields of this form need another look."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        self.errors = dict(errors)
        """Block id to sentence, as Slack wants them."""
        super().__init__()
