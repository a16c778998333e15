"""What will be signed, renewed, enrolled or revoked, and what deserves a second look: SPEC.md section 4.

Values of a `Material` have been made visible when it was read, so they are escaped here and not made visible twice.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from slack_sdk.models.blocks import Block

from bot.slack.kit.blocks.layout import packed, said, section
from bot.slack.kit.blocks.text import code, code_parts, inline, when
from bot.slack.kit.texts import content as texts
from bot.slack.kit.texts import terms
from bot.slack.kit.texts.words import CONTENT
from domain.pki import Change, Material, Note, notes

FEW_SANS = 5
FEW_CHANGES = 6
SAN, CHANGE, VALUE = 110, 120, 400  # each value is cut on its own, so that one cannot hide the next
NOTES = 1500  # all together; the rules keep each of them short


def content_blocks(material: Material, at: datetime, noted: Sequence[Note] = ()) -> list[Block]:
    """The content as an approver sees it first: each value cut on its own, the rest behind Details. *noted* is what was noted of it at
    submission."""
    lines = [f"*{CONTENT[material.operation]}*", *_lines(material, few=True)]
    blocks: list[Block] = [section("\n".join(lines))]
    if material.changes:
        changes = [_change(change) for change in material.changes[:FEW_CHANGES]]
        more = len(material.changes) - len(changes)
        blocks.extend(packed([texts.WHAT_CHANGES, *changes, *([f"+{more} more in Details"] if more > 0 else [])]))
    return [*blocks, *note_blocks(material, at, noted)]


def note_blocks(material: Material, at: datetime, noted: Sequence[Note] = ()) -> list[Block]:
    """What deserves a second look, warnings first."""
    found = notes(material, at, noted)
    if not found:
        return []
    return [section(texts.SECOND_LOOK), said("\n".join(texts.note(note) for note in found), NOTES)]


def whole_content(material: Material, at: datetime, noted: Sequence[Note] = ()) -> Iterator[Block]:
    """Everything there is in the material, nothing cut."""
    yield from packed([f"*{CONTENT[material.operation]}*", *_lines(material, few=False)])
    if material.changes:
        yield from packed(
            [texts.WHAT_CHANGES, *(line for change in material.changes for line in _whole_change(change))]
        )
    found = notes(material, at, noted)
    if found:
        yield section(texts.SECOND_LOOK)
        yield said("\n".join(texts.note(note) for note in found))


def _lines(material: Material, *, few: bool) -> Iterator[str]:
    yield from _value("Subject", material.subject, few=few)
    yield from _sans(material, few=few)
    yield f"*Key* {code(material.key.text, 60, shown=True)}"
    if material.issuer is not None:
        yield from _value("Issuer", material.issuer, few=few)
    if material.serial is not None:
        yield f"*Serial* {code(material.serial, 80, shown=True)}"
    if material.not_before is not None and material.not_after is not None:
        yield f"*Valid* {when(material.not_before)} to {when(material.not_after)}"
    if material.requested_validity is not None:
        yield f"*Validity asked for* {code(material.requested_validity, 80)}"
    if material.revocation_reason is not None:
        yield f"*Revocation reason* {terms.revocation_reason(material.revocation_reason)}"
    if not few:
        yield from _fine_print(material)
    yield f"*SHA-256* {code(material.sha256, 64)}"


def _value(name: str, value: str, *, few: bool) -> Iterator[str]:
    if few:
        yield texts.value(name, code(value, VALUE, shown=True))
    else:
        first, *others = code_parts(value)
        yield texts.value(name, first)
        yield from others


def _sans(material: Material, *, few: bool) -> Iterator[str]:
    if not material.sans:
        yield "*Alternative names* none"
        return
    values = [(f"{san.text} ({san.unicode})" if san.unicode else san.text) for san in material.sans]
    if few:
        shown = [code(value, SAN, shown=True) for value in values[:FEW_SANS]]
        yield texts.few_names(len(values), shown, len(values) - FEW_SANS)
    else:
        yield texts.names(len(values))
        yield from (f"{number}. {part}" for number, value in enumerate(values, 1) for part in code_parts(value))


def _fine_print(material: Material) -> Iterator[str]:
    yield texts.ca(material.path_length, is_ca=material.ca)
    if material.key_usage:
        yield f"*Key usage* {code(', '.join(material.key_usage), 300)}"
    if material.extended_key_usage:
        yield from _value("Extended key usage", ", ".join(material.extended_key_usage), few=False)
    if material.extensions:
        named = "; ".join(
            (
                extension.name
                + (" (critical)" if extension.critical else "")
                + (f": {extension.value}" if extension.value else "")
            )
            for extension in material.extensions
        )
        yield from _value("Extensions", named, few=False)
    yield f"*Signature hash* {code(material.signature_hash or 'of the key algorithm itself', 60)}"
    yield f"*Public key SHA-256* {code(material.spki_sha256, 64)}"
    if material.csr_sha256 and material.certificate_sha256:
        yield f"*Certificate SHA-256* {code(material.certificate_sha256, 64)}"


def _change(change: Change) -> str:
    before, after = (code(value or "", CHANGE, shown=True) for value in (change.before, change.after))
    field = inline(change.field, 60)
    if change.before is None:
        return f"• {field} added: {after}"
    if change.after is None:
        return f"• {field} gone: {before}"
    return f"• {field} {before} → {after}"


def _whole_change(change: Change) -> Iterator[str]:
    named = [(word, value) for word, value in (("before", change.before), ("after", change.after)) if value is not None]
    how = {(True, False): "added", (False, True): "gone"}.get((change.before is None, change.after is None), "changes")
    yield f"• {inline(change.field, 60)} {how}"
    yield from (f"      {word}: {part}" for word, value in named for part in code_parts(value))
