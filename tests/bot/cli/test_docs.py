"""docs/configuration.md says everything that a file and the environment may say, and nothing that they may not."""

import re
from typing import Any, Final

import pytest
from pydantic import BaseModel

from bot.environment.settings import Settings
from bot.runtime.configuration_file import ConfigurationFile
from domain.configuration import file_model
from domain.configuration.durations import write_duration
from tests import ROOT

TEXT: Final = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")


def rows(heading: str) -> dict[str, list[str]]:
    """The rows of the first table after *heading*, by what their first cell has in backticks."""
    table: list[str] = []
    for line in TEXT.partition(heading)[2].splitlines():
        if line.startswith("|"):
            table.append(line)
        elif table:
            break
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in table[2:]]
    return {row[0].strip("`"): row[1:] for row in cells}


@pytest.mark.parametrize(
    ("heading", "part"),
    [
        ("### `administrators`, `auditors`", file_model.BuiltInRolePart),
        ("### `groups`", file_model.GroupPart),
        ("### `roles`", file_model.RolePart),
        ("### `profiles`", file_model.ProfilePart),
        ("Each step:", file_model.StepPart),
        ("And `notify`:", file_model.NotifyPart),
        ("And `escalation`:", file_model.EscalationPart),
        ("### `resources`", file_model.ResourcePart),
    ],
)
def test_every_key_of_the_file_is_described(heading: str, part: type[BaseModel]) -> None:
    assert set(rows(heading)) == set(part.model_fields)
    for key, (_, *left_out) in rows(heading).items():
        assert not left_out or (left_out[0] == "required") == part.model_fields[key].is_required()


def test_every_section_has_its_heading() -> None:
    headings = set(re.findall(r"`(\w+)`", "".join(re.findall(r"^### .*$", TEXT, re.MULTILINE))))
    assert headings == set(file_model.Configuration.model_fields)


def test_every_setting_is_described_with_its_default() -> None:
    described = rows("## Settings")
    defaults: dict[str, Any] = {
        str(field.validation_alias): getattr(Settings(), name) for name, field in Settings.model_fields.items()
    }
    assert set(described) == set(defaults)
    for name in (
        "COUNTERSIGN_HTTP_HOST",
        "COUNTERSIGN_HTTP_PORT",
        "COUNTERSIGN_LOG_LEVEL",
        "COUNTERSIGN_SLACK_API_URL",
    ):
        assert described[name][1] == f"`{defaults[name]}`"
    for name in ("COUNTERSIGN_MIRROR_MAX_AGE", "COUNTERSIGN_SWEEP_EVERY", "COUNTERSIGN_ANNOUNCE_EVERY"):
        assert described[name][1] == f"`{write_duration(defaults[name])}`"
    quiet = defaults["COUNTERSIGN_QUIET_HOURS"]
    assert described["COUNTERSIGN_QUIET_HOURS"][1] == f"`{quiet.begin:%H:%M}-{quiet.end:%H:%M}`"
    assert described["COUNTERSIGN_DATABASE_URL"][1] == f"`{defaults['COUNTERSIGN_DATABASE_URL'].get_secret_value()}`"


def test_the_examples_are_configurations() -> None:
    whole, *parts = re.findall(r"^```yaml\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)
    assert ConfigurationFile("docs/configuration.md", whole).configuration.profiles
    for part in parts:
        assert ConfigurationFile("docs/configuration.md", part).configuration.resources
