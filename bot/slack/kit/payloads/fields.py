"""What stands in the fields of a form."""

from collections.abc import Iterable

from bot.slack.kit.ids import Field
from bot.slack.kit.payloads.faults import FormFaults
from bot.slack.kit.payloads.raw import RawEntry, RawView


class Fields:
    """The fields of one form, by the block that they stand in."""

    def __init__(self, view: RawView) -> None:
        self._values = view.state.values if view.state is not None else {}

    def block(self, field: Field) -> str | None:
        """The block id of *field*, which may have a suffix."""
        return next((block for block in self._values if block == field or block.startswith(f"{field}:")), None)

    def text(self, field: Field) -> str:
        """What was typed, without the white space around it; empty where nothing was."""
        return next((entry.value.strip() for entry in self._entries(field) if entry.value), "")

    def typed(self, field: Field) -> str:
        """What was typed, as it is; empty where nothing was."""
        return next((entry.value for entry in self._entries(field) if entry.value), "")

    def choice(self, field: Field) -> str:
        """The value that was chosen; empty where none was."""
        return next(
            (entry.selected_option.value for entry in self._entries(field) if entry.selected_option is not None), ""
        )

    def choices(self, field: Field) -> tuple[str, ...]:
        """All the values that were chosen."""
        return tuple(option.value for entry in self._entries(field) for option in entry.selected_options or ())

    def ticked(self, field: Field) -> tuple[str, ...]:
        """What was ticked in all the blocks of *field*, each with a suffix of its own."""
        blocks = [entries for block, entries in self._values.items() if block.startswith(f"{field}:")]
        return tuple(
            option.value for entries in blocks for entry in entries.values() for option in entry.selected_options or ()
        )

    def day(self, field: Field) -> str:
        """The day that was chosen, as Slack writes it; empty where none was."""
        return next((entry.selected_date for entry in self._entries(field) if entry.selected_date), "")

    def user(self, field: Field) -> str:
        """The person who was chosen, by Slack's user id; empty where nobody was."""
        return next((entry.selected_user for entry in self._entries(field) if entry.selected_user), "")

    def users(self, field: Field) -> tuple[str, ...]:
        """The people who were chosen, by Slack's user ids."""
        return tuple(user for entry in self._entries(field) for user in entry.selected_users or ())

    def conversations(self, field: Field) -> tuple[str, ...]:
        """The channels that were chosen, by Slack's ids."""
        return tuple(channel for entry in self._entries(field) for channel in entry.selected_conversations or ())

    def files(self, field: Field) -> tuple[str, ...]:
        """The files that were handed in, by Slack's ids."""
        return tuple(file.id for entry in self._entries(field) for file in entry.files or ())

    def _entries(self, field: Field) -> Iterable[RawEntry]:
        block = self.block(field)
        return self._values[block].values() if block is not None else ()


class FieldFaults:
    """What is wrong in a form: at most one sentence per field, the first."""

    def __init__(self, fields: Fields) -> None:
        self._fields = fields
        self._sentences: dict[str, str] = {}

    def add(self, field: Field, sentence: str) -> None:
        self._sentences.setdefault(self._fields.block(field) or field.value, sentence)

    def raise_any(self) -> None:
        """Raises FormFaults if anything was added."""
        if self._sentences:
            raise FormFaults(self._sentences)
