"""The material of a request (a CSR, a certificate, a revocation reason) and what an approver sees of it: SPEC.md section 4."""

from domain.pki.content import NEEDS, Change, Extension, Key, Material, RevocationReason, digest_of
from domain.pki.identity import keys_on_same_object, object_key, revocation_key
from domain.pki.issued import not_approved
from domain.pki.notes import Note, NoteKind, noted, notes
from domain.pki.parsing import MOST_SANS, parse
from domain.pki.pasted import LARGEST, BadMaterial, Field, holds_private_key
from domain.pki.recognition import Found, recognise
from domain.pki.rules.rules import OnViolation, Ruled, Rules
from domain.pki.summary import NameAttribute, San, SanKind, visible

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
