"""What a local CA may issue: issuing profiles, from the file `ca.yml` in its folder."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from domain.configuration.durations import parse_duration


class Usage(StrEnum):
    """Key usage (RFC 5280 section 4.2.1.3), but for what only certificate authorities have."""

    DIGITAL_SIGNATURE = "digital_signature"
    CONTENT_COMMITMENT = "content_commitment"
    KEY_ENCIPHERMENT = "key_encipherment"
    """Only in certificates for RSA keys; left out for others, which cannot do it."""
    DATA_ENCIPHERMENT = "data_encipherment"
    KEY_AGREEMENT = "key_agreement"


class Purpose(StrEnum):
    """Extended key usage (RFC 5280 section 4.2.1.12)."""

    SERVER_AUTH = "server_auth"
    CLIENT_AUTH = "client_auth"
    CODE_SIGNING = "code_signing"
    EMAIL_PROTECTION = "email_protection"


class NameKind(StrEnum):
    """Kinds of alternative names."""

    DNS = "dns"
    IP = "ip"
    EMAIL = "email"
    URI = "uri"


def _span(value: object) -> object:
    return parse_duration(value) if isinstance(value, str) else value


class Names(BaseModel):
    """Which alternative names are allowed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kinds: frozenset[NameKind] = frozenset({NameKind.DNS, NameKind.IP})
    required: bool = True
    """Whether there has to be one."""
    wildcards: bool = False
    domains: tuple[str, ...] = ()
    """DNS names, and the hosts of e-mail addresses and URIs, have to be one of these or below one; empty for any."""
    most: int = Field(default=100, ge=1, le=1000)

    @field_validator("domains")
    @classmethod
    def _lower(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(name.lower().strip(".") for name in value)


class IssuingProfile(BaseModel):
    """What certificates of one kind look like."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    valid_for: Annotated[timedelta, BeforeValidator(_span)] = Field(default=timedelta(days=90), gt=timedelta())
    key_usage: frozenset[Usage] = frozenset({Usage.DIGITAL_SIGNATURE, Usage.KEY_ENCIPHERMENT})
    extended_key_usage: tuple[Purpose, ...] = (Purpose.SERVER_AUTH,)
    names: Names = Names()
    least_rsa: int = Field(default=2048, ge=2048, le=16384)
    """Bits of an RSA key. EC keys on P-256, P-384 and P-521, Ed25519 and Ed448 are taken always."""


SERVER: Final = IssuingProfile()
CLIENT: Final = IssuingProfile(
    extended_key_usage=(Purpose.CLIENT_AUTH,),
    names=Names(kinds=frozenset({NameKind.DNS, NameKind.EMAIL, NameKind.URI}), required=False),
)
BUILT_IN: Final[Mapping[str, IssuingProfile]] = {"server": SERVER, "client": CLIENT}


class CaFile(BaseModel):
    """The content of `ca.yml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    profiles: dict[str, IssuingProfile] = Field(default_factory=dict)
    """By name; `server` and `client` are there without being written, and what is written goes before them."""
    certificate_profiles: dict[str, str] = Field(default_factory=dict)
    """Which issuing profile belongs to which resource of kind certificate profile, by its key."""
    otherwise: str | None = "server"
    """The one for requests whose certificate profile is not named above; null refuses them."""
    crl_url: str | None = None
    """Where the revocation list will be found; written into each certificate."""
    crl_for: Annotated[timedelta, BeforeValidator(_span)] = Field(default=timedelta(days=7), gt=timedelta(minutes=1))
    """How long a revocation list counts; it is renewed after half of that."""

    @model_validator(mode="after")
    def _names_what_there_is(self) -> "CaFile":
        for name in (*self.certificate_profiles.values(), *([self.otherwise] if self.otherwise else [])):
            if name not in self.known:
                raise ValueError(f"there is no issuing profile {name!r}")
        return self

    @property
    def known(self) -> Mapping[str, IssuingProfile]:
        return {**BUILT_IN, **self.profiles}

    def profile_for(self, certificate_profile: str | None) -> IssuingProfile | None:
        """The issuing profile for requests that come to this certificate profile; None where there is none."""
        name = self.certificate_profiles.get(certificate_profile or "", self.otherwise)
        return self.known[name] if name is not None else None
