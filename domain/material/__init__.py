"""What a request carries: a CSR, a certificate, a reason to revoke, and what an approver sees of them (SPEC.md section 4)."""

from domain.material.content import NEEDS, Change, Extension, Key, Material, RevocationReason, digest_of
from domain.material.identity import keys_on_same_object, object_key, revocation_key
from domain.material.issued import not_approved
from domain.material.notes import Note, NoteKind, noted, notes
from domain.material.parsing import MOST_SANS, parse
from domain.material.pasted import LARGEST, BadMaterial, Field, holds_private_key
from domain.material.recognising import Found, recognise
from domain.material.rules import OnViolation, Ruled, Rules
from domain.material.shown import NameAttribute, San, SanKind, visible

__all__ = [
    "LARGEST",
    "MOST_SANS",
    "NEEDS",
    "BadMaterial",
    "Change",
    "Extension",
    "Field",
    "Found",
    "Key",
    "Material",
    "NameAttribute",
    "Note",
    "NoteKind",
    "OnViolation",
    "RevocationReason",
    "Ruled",
    "Rules",
    "San",
    "SanKind",
    "digest_of",
    "holds_private_key",
    "keys_on_same_object",
    "not_approved",
    "noted",
    "notes",
    "object_key",
    "parse",
    "recognise",
    "revocation_key",
    "visible",
]
