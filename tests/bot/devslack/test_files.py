"""Workspace and manifest files: an error names the file and the place."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.devslack.errors import BadFile
from bot.devslack.workspace.manifest import load_manifest
from bot.devslack.workspace.workspace_file import load_workspace
from tests.bot.devslack.conftest import MANIFEST, WORKSPACE


def changed(path: Path, place: str, value: Any) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(path.read_text())
    *steps, last = [int(step) if step.isdigit() else step for step in place.split(".")]
    part: Any = content
    for step in steps:
        part = part[step]
    part[last] = value
    return content


@pytest.mark.parametrize(
    ("place", "value", "said"),
    [
        ("team", {"name": "x"}, "workspace: team.id: Field required"),
        ("users.0.id", "anna", "workspace: users.0.id: String should match"),
        ("users.0.tz", "Mars/Base", "workspace: users.0.tz: 'Mars/Base' is not a time zone"),
        ("users.0.colour", "red", "workspace: users.0.colour: Extra inputs are not permitted"),
        ("users.1.name", "anna", "two users have the name 'anna'"),
        ("users.1.id", "U0ANNA", "two users have the id 'U0ANNA'"),
        ("usergroups.0.users", ["U0NOBODY"], "usergroups.pki-admins.users names 'U0NOBODY'"),
        ("channels.1.members", ["U0NOBODY"], "channels.approvals.members names 'U0NOBODY'"),
        ("channels.1.id", "D123", "workspace: channels.1.id: String should match"),
        ("tokens.bot", "secret-token", "workspace: tokens.bot: String should match"),
        ("snippets", [{"label": "x"}], "workspace: snippets.0.text: Field required"),
    ],
)
def test_faults_of_a_workspace_name_their_place(place: str, value: Any, said: str) -> None:
    with pytest.raises(BadFile) as bad:
        load_workspace(changed(WORKSPACE, place, value))
    assert said in str(bad.value)


def test_faults_of_a_manifest_name_their_place() -> None:
    with pytest.raises(BadFile) as bad:
        load_manifest(changed(MANIFEST, "features.slash_commands.0.command", "trial"))
    assert "manifest: features.slash_commands.0.command: String should match" in str(bad.value)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match=r"nowhere\.yml: cannot be read: No such file"):
        load_workspace(tmp_path / "nowhere.yml")
    broken = tmp_path / "broken.yml"
    broken.write_text("team: {id: [")
    with pytest.raises(BadFile, match=r"broken\.yml: is not YAML: .*line 1"):
        load_manifest(broken)
    broken.write_text("- just a list")
    with pytest.raises(BadFile, match=r"broken\.yml: \(whole file\)"):
        load_workspace(broken)


def test_time_zones_become_offsets() -> None:
    entry = load_workspace(changed(WORKSPACE, "users.0.tz", "Asia/Kolkata")).users[0]
    from bot.devslack.workspace.people import user_object

    assert user_object(entry, "T0ACME")["tz_offset"] == 19800
