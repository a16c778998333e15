"""The gallery: messages and views of an app, shown without running it. The app's own program supplies them."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from bot.devslack.block_kit.limits import check_message_blocks, check_view
from bot.devslack.errors import BadFile, Json
from bot.devslack.workspace.workspace_file import places


class Exhibit(BaseModel):
    """One message or view. A message has `text` and `blocks` as chat.postMessage takes them, anything else is a `view`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    group: str
    name: str
    kind: Literal["message", "view"]
    text: str = ""
    blocks: list[Json] = []
    view: Json = {}

    def shown(self) -> Json:
        """The exhibit for the page, with the faults for which Slack would refuse it."""
        if self.kind == "message":
            return {**self.model_dump(exclude={"view"}), "faults": check_message_blocks(self.blocks)}
        return {**self.model_dump(exclude={"text", "blocks"}), "faults": check_view(self.view, ("modal", "home"))}


class Gallery:
    """Exhibits, which are drawn at the first look, because that may take a while."""

    def __init__(self, supply: Callable[[], Sequence[Any]] | None = None) -> None:
        self._supply = supply
        self._shown: list[Json] | None = None

    @property
    def is_open(self) -> bool:
        return self._supply is not None

    def shown(self) -> list[Json]:
        """Every exhibit as JSON. Raises BadFile if one is not valid."""
        if self._shown is None:
            self._shown = [exhibit.shown() for exhibit in exhibits(self._supply() if self._supply else [])]
        return self._shown


def exhibits(content: Any, name: str = "gallery") -> list[Exhibit]:
    """Raises BadFile naming every faulty place."""
    try:
        return TypeAdapter(list[Exhibit]).validate_python(list(content) if isinstance(content, Sequence) else content)
    except ValidationError as error:
        raise BadFile(places(name, error)) from error


def gallery_file(path: Path) -> Gallery:
    """A gallery out of a JSON file with a list of exhibits. Raises BadFile."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadFile(f"{path}: cannot be read: {error}") from error
    drawn = [exhibit.model_dump() for exhibit in exhibits(content, str(path))]
    return Gallery(lambda: drawn)
