"""The workspace file: who works here, in which groups and channels. YAML, checked so that an error names its place."""

from pathlib import Path
from typing import Annotated, Any, Self, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, field_validator, model_validator

from bot.devslack.errors import BadFile

Model = TypeVar("Model", bound=BaseModel)

UserId = Annotated[str, StringConstraints(pattern=r"^[UW][A-Z0-9]+$")]
ChannelId = Annotated[str, StringConstraints(pattern=r"^[CG][A-Z0-9]+$")]
GroupId = Annotated[str, StringConstraints(pattern=r"^S[A-Z0-9]+$")]
TeamId = Annotated[str, StringConstraints(pattern=r"^T[A-Z0-9]+$")]
Handle = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]*$", max_length=80)]
Token = Annotated[str, StringConstraints(min_length=8)]


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class TeamEntry(_Entry):
    id: TeamId
    name: str
    domain: Handle


class TokenEntry(_Entry):
    """Fixed tokens; what is left out is made up at the first start."""

    bot: Annotated[Token, StringConstraints(pattern=r"^xoxb-")] | None = None
    app: Annotated[Token, StringConstraints(pattern=r"^xapp-")] | None = None
    signing_secret: Token | None = None


class UserEntry(_Entry):
    id: UserId
    name: Handle
    real_name: str
    email: str | None = None
    tz: str = "Etc/UTC"
    tz_offset: int | None = None
    title: str = ""
    team_id: TeamId | None = None
    is_admin: bool = False
    is_bot: bool = False
    deleted: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False

    @field_validator("tz")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            return ZoneInfo(name).key
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError(f"{name!r} is not a time zone of the IANA database") from None


class UserGroupEntry(_Entry):
    id: GroupId
    handle: Handle
    name: str
    description: str = ""
    users: tuple[UserId, ...] = ()


class ChannelEntry(_Entry):
    id: ChannelId
    name: Handle
    is_private: bool = False
    is_archived: bool = False
    members: tuple[UserId, ...] = ()
    app_is_member: bool = False


class Snippet(_Entry):
    """A text that a person may want to paste; devslack only shows it."""

    label: str
    text: str


class WorkspaceFile(_Entry):
    team: TeamEntry
    tokens: TokenEntry = Field(default_factory=TokenEntry)
    users: tuple[UserEntry, ...] = ()
    usergroups: tuple[UserGroupEntry, ...] = ()
    channels: tuple[ChannelEntry, ...] = ()
    snippets: tuple[Snippet, ...] = ()
    welcome: tuple[str, ...] = ()
    """What to try, in mrkdwn: the page shows it beside the workspace."""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        for duplicate, names in (
            ("users have the id", [u.id for u in self.users]),
            ("users have the name", [u.name for u in self.users]),
            ("usergroups have the id", [g.id for g in self.usergroups]),
            ("usergroups have the handle", [g.handle for g in self.usergroups]),
            ("channels have the id", [c.id for c in self.channels]),
            ("channels have the name", [c.name for c in self.channels]),
        ):
            twice = sorted({n for n in names if names.count(n) > 1})
            if twice:
                raise ValueError(f"two {duplicate} {twice[0]!r}")
        user_ids = {u.id for u in self.users}
        for place, ids in (
            *((f"usergroups.{g.handle}.users", g.users) for g in self.usergroups),
            *((f"channels.{c.name}.members", c.members) for c in self.channels),
        ):
            unknown = [i for i in ids if i not in user_ids]
            if unknown:
                raise ValueError(f"{place} names {unknown[0]!r}, who is not among the users")
        return self


def read_yaml(path: Path) -> Any:
    """The content of a YAML file; raises BadFile when it cannot be read or is not YAML."""
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadFile(f"{path}: cannot be read: {error.strerror}") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise BadFile(f"{path}: is not YAML: {' '.join(str(error).split())}") from error


def places(name: str, error: ValidationError) -> str:
    """One line per fault: file, place in it, and what is wrong there."""
    lines = []
    for fault in error.errors():
        place = ".".join(str(part) for part in fault["loc"]) or "(whole file)"
        lines.append(f"{name}: {place}: {fault['msg'].removeprefix('Value error, ')}")
    return "\n".join(lines)


def load_model(model: type[Model], source: Path | str | dict[str, Any] | Model, name: str) -> Model:
    """The model from a YAML file, its parsed content (which messages call `name`), or the object itself.

    Raises BadFile naming every faulty place.
    """
    if isinstance(source, model):
        return source
    content = source if isinstance(source, dict) else read_yaml(Path(str(source)))
    try:
        return model.model_validate(content)
    except ValidationError as error:
        raise BadFile(places(name if isinstance(source, dict) else str(source), error)) from error


def load_workspace(source: Path | str | dict[str, Any] | WorkspaceFile) -> WorkspaceFile:
    """The workspace from a file, its parsed content, or the object itself; raises BadFile naming every faulty place."""
    return load_model(WorkspaceFile, source, "workspace")
