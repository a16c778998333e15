"""Requests in every state there is, with ordinary and with hostile text in every place that takes some."""

from collections.abc import Iterator
from functools import cache
from itertools import cycle

from cryptography import x509
from cryptography.x509.oid import NameOID

from bot.slack.kit.blocks.labels import Labels, named_in
from domain.approvals.decisions import Verdict
from domain.approvals.delegation import Capacity
from domain.approvals.execution import Certificate, Executed, Failed
from domain.approvals.moves import cancel, comment, decide, escalate, expire, follow, override
from domain.approvals.profiles import CommentRule, Escalation, ProfileVersion
from domain.approvals.requests import Request, RequestId
from domain.approvals.resources import Resource, ResourceKind
from domain.audit.entries import GENESIS, Action, AuditEntry, Source, canonical, link
from domain.common.operations import Operation
from domain.notices.notices import Notice, NoticeKind, wanted
from domain.notices.reminders import REMINDERS
from domain.pki import Material, RevocationReason, parse
from domain.ports import RecordedEntry, ReleaseState
from domain.releases.moves import conclude, lapse, retry
from domain.workflow import Details
from tests.material_factory import certificate_pem, csr_pem, material, private_key
from tests.rules.build import (
    ADMIN,
    ANN,
    BOB,
    CAT,
    HOUR,
    NOON,
    REQUESTER,
    approve,
    approvers,
    here,
    people_among,
    profile,
    reject,
    someone,
    step,
    waiting,
)

HOSTILE = "<!channel> *b* _i_ ~s~ `c` :tada: &lt; <@U1> <https://evil.example|good> \u202eevil\u202c\u200b \\u202e \x07 > quote"
LONG = ("<&>" * 1100)[:3001]
LATER = NOON + 100 * HOUR
EVERYBODY = (REQUESTER, ANN, BOB, CAT, ADMIN)

TEXTS = {
    "ordinary": "The old one runs out",
    "hostile": HOSTILE,
    "long": LONG[:2000],
    "lines": "one\r\ntwo\n\n\tthree\n> four",
}


@cache
def materials() -> dict[str, Material]:
    """One of each operation, and those that are hard to show."""
    hostile = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "`<!here>` *O* & \u202e"),
            x509.NameAttribute(NameOID.COMMON_NAME, "<@U1> `x` \u200b :tada:"),
        ]
    )
    many = [f"host-{number}.{'x' * 40}.example.com" for number in range(500)]
    old = certificate_pem(sans=["old.example.com", "api.example.com"])
    return {
        **{operation.value: material(operation) for operation in Operation},
        "hostile": parse(Operation.ISSUE, csr=csr_pem(subject=hostile, sans=["*.corp", "10.0.0.1"], ca=True)),
        "many": parse(Operation.ISSUE, csr=csr_pem(sans=many)),
        "nameless": parse(Operation.ISSUE, csr=csr_pem(subject=x509.Name([]), sans=["only.example.com"])),
        "changed": parse(
            Operation.REKEY, certificate=old, csr=csr_pem("new.example.com", many[:40], private_key("ec", 5))
        ),
        "compromised": parse(Operation.REVOKE, certificate=old, reason=RevocationReason.KEY_COMPROMISE),
    }


def profiles(text: str) -> dict[str, tuple[ProfileVersion, ...]]:
    """Chains of gates: short, usual, and as long as they can be. Names hold *text*."""
    name = text.replace("\n", " ")[:60]
    one = profile(step(ANN, BOB, name=name), name=f"A {name}", expires_after=72 * HOUR)
    two = profile(
        step(ANN, groups=["sec"], name=name),
        step(BOB, CAT, roles=["officer"], name="PKI administrators", required=2),
        name=f"B {name}",
        expires_after=72 * HOUR,
        comment_required=CommentRule.ALWAYS,
    )
    longest = profile(
        *(
            step(ANN, BOB, CAT, ADMIN, groups=["sec", "ops"], name=f"{number} {name}", required=2)
            for number in range(20)
        ),
        name=f"C {name}",
    )
    return {"one": (one,), "two gates": (two, one), "longest": (longest, longest, longest)}


def escalating(text: str) -> ProfileVersion:
    """A step that asks more people after an hour. Names hold *text*."""
    further = Escalation(after=HOUR, approvers=approvers(BOB, CAT, groups=["ops"], roles=["officer"]))
    return profile(
        step(ANN, groups=["sec"], required=2, escalation=further, name=text.replace("\n", " ")[:60]),
        expires_after=72 * HOUR,
    )


def entry(operation: Operation, name: str) -> Resource:
    """Where *operation* begins."""
    enrolls = operation in {Operation.ENROLL, Operation.RE_ENROLL}
    kind = ResourceKind.END_ENTITY_PROFILE if enrolls else ResourceKind.RA_PROFILE
    return Resource(key="web-servers", kind=kind, name=name.replace("\n", " ")[:60])


def submitted(*chain: ProfileVersion, text: str = "The old one runs out", of: str = "issue", id: int = 12) -> Request:
    """A request that has just been submitted, with *text* wherever text goes."""
    what = materials()[of]
    return waiting(
        *chain,
        id=RequestId(id),
        operation=what.operation,
        material=what,
        entry=entry(what.operation, text),
        reason=text[:2000],
    ).replace(version=1)


def states(chain: tuple[ProfileVersion, ...], text: str, of: str) -> Iterator[tuple[str, Request]]:
    """Every state that a request under *chain* can come to, by name."""
    new = submitted(*chain, text=text, of=of)
    said = text[:2000]
    yield "waiting", new
    talked = comment(comment(new, REQUESTER, said, NOON).request, ANN, "Looking", NOON).request
    yield "commented", talked
    one = decide(talked, ANN, Verdict.APPROVE, NOON, on=here(talked), comment=said).request
    yield "one approval", one
    yield "rejected", decide(new, ANN, Verdict.REJECT, NOON, on=here(new), comment=said).request
    yield "cancelled", cancel(new, REQUESTER, NOON, said).request
    yield "cancelled by an administrator", cancel(talked, ADMIN, NOON).request
    yield "overridden to approved", override(talked, ADMIN, Verdict.APPROVE, NOON, said).request
    yield "overridden to rejected", override(new, ADMIN, Verdict.REJECT, NOON, said).request
    rejected = reject(new, ANN)
    yield "overridden after a rejection", override(rejected, ADMIN, Verdict.APPROVE, LATER, said).request
    if (expired := expire(new, LATER)) is not None:
        yield "expired", expired.request
        yield "overridden after it expired", override(expired.request, ADMIN, Verdict.APPROVE, LATER, said).request
    if (escalated := escalate(submitted(escalating(text), text=text, of=of), NOON + HOUR)) is not None:
        yield "escalated", escalated.request
    if CAT.id not in chain[0].steps[0].approvers.users:
        yield (
            "decided for somebody",
            decide(new, CAT, Verdict.APPROVE, NOON, on=here(new), comment=said, delegators=[ANN]).request,
        )
    yield "resubmitted", new.replace(resubmission_of=7)


def approved(text: str) -> Iterator[tuple[str, Request]]:
    """All the way through, and through no gate at all."""
    security = profile(step(ANN, name="Security"), step(BOB, CAT, name="PKI", required=2))
    issuing = profile(step(BOB, name=text.replace("\n", " ")[:60]), key="ca")
    first = approve(submitted(security, issuing, text=text), ANN, BOB)
    yield "two of three", first
    second = approve(first, CAT)
    yield "second gate", second
    through = approve(second, BOB)
    yield "approved", through
    yield from ((f"approved, {name}", one) for name, one in operations(through, text))
    overridden = override(first, ADMIN, Verdict.APPROVE, NOON, text[:2000]).request
    yield from ((f"overridden, {name}", one) for name, one in operations(overridden, text))
    short = approve(submitted(profile(step(ANN), valid_for=HOUR), text=text), ANN)
    yield "approved for an hour", short
    if (lapsed := lapse(short, LATER)) is not None:
        yield "lapsed", lapsed.request
    if (doubtful := lapse(short, LATER, unsure=True)) is not None:
        yield "lapsed in doubt", doubtful.request
        done = conclude(doubtful.request, Executed(certificate=issued()), LATER + HOUR, via="api:ca")
        yield "executed when it had lapsed", done.request
    yield "rejected at the second gate", reject(second, BOB)
    yield "ungated", submitted(text=text)


def operations(request: Request, text: str) -> Iterator[tuple[str, Request]]:
    """Every way in which the operation of *request*, which is approved, can go on."""
    yield "executed", conclude(request, Executed(certificate=issued()), LATER, via="local-ca:issuing").request
    yield "executed without a certificate", conclude(request, Executed(), LATER, via="webhook:ca").request
    failed = conclude(request, Failed(reason=text), LATER, via="webhook:ca").request
    yield "failed", failed
    yield "released again", retry(failed, ADMIN, LATER, release=2).request


@cache
def issued() -> Certificate:
    """A certificate with a serial number as long as they get, and what stands above it."""
    return Certificate(pem=certificate_pem(serial=2**158 + 1), chain_pem=certificate_pem("Issuing CA"))


def crowded(text: str) -> Request:
    """A step that a hundred and thirty people have approved, each with a word about it."""
    crowd = [someone(f"A{number}", roles=["officer"]) for number in range(130)]
    request = submitted(profile(step(roles=["officer"], required=200)), text=text)
    for one in crowd:
        request = decide(request, one, Verdict.APPROVE, NOON, on=here(request), comment=text[:2000]).request
    return request


def blocked(text: str) -> Iterator[tuple[str, Request]]:
    """Waiting for a profile to get its approvers, and afterwards."""
    nobody = profile(step(name=text.replace("\n", " ")[:60]), step(ANN, name="Security"))
    request = submitted(nobody, text=text)
    yield "blocked", request
    yield "blocked, then cancelled", cancel(request, ADMIN, NOON, text[:2000]).request
    yield "blocked, then overridden", override(request, ADMIN, Verdict.REJECT, NOON, text[:2000]).request
    change = follow(request, profile(step(BOB), step(ANN), number=2), NOON)
    assert change is not None
    yield "blocked, then opened", change.request
    behind = profile(step(ANN), key="first")
    yield "blocked at the second gate", approve(submitted(behind, nobody, text=text), ANN)


@cache
def everything() -> tuple[tuple[str, Request], ...]:
    """All of them, each with a name that says what it is."""
    found: list[tuple[str, Request]] = []
    for kind, text in TEXTS.items():
        chains = profiles(text)
        if kind in {"ordinary", "lines"}:
            del chains["longest"]
        for chain_name, chain in chains.items():
            found.extend((f"{kind}, {chain_name}, {name}", one) for name, one in states(chain, text, "issue"))
        found.extend((f"{kind}, {name}", one) for name, one in [*approved(text), *blocked(text)])
    found.append(("a crowd", crowded(HOSTILE)))
    for of in materials():
        chain = profiles("ordinary")["two gates"]
        shown = {"waiting", "one approval", "rejected"}
        found.extend((f"{of}, {name}", one) for name, one in states(chain, HOSTILE, of) if name in shown)
    return tuple(found)


def labels(request: Request, text: str = HOSTILE) -> Labels:
    """Names for everybody and everything in *request*, all of them *text*."""
    named = named_in([request])
    return Labels(
        people={person: f"{text[:150]} {person}" for person in named.people},
        groups=dict.fromkeys(named.groups, text[:80]),
        roles=dict.fromkeys(named.roles, text[:80]),
    )


def notices(request: Request) -> list[Notice]:
    """Every notice there may be about *request*: those it asks for, and those it asked for when it stood elsewhere."""
    asked = [
        Notice(
            kind=NoticeKind.ASK,
            key=f"ask:{item.position}.{number}:{to}",
            gate=item.position,
            step=number,
            **{field: to},
        )
        for item in request.work_items
        for number in range(len(item.profile.steps))
        for field, to in (("person", ANN.id), ("channel", "C0PKI"))
        if number < 3
    ]
    ends = [
        Notice(kind=NoticeKind.OPERATION, key=f"operation:failed:earlier:{one.id}", person=one.id)
        for one in (ADMIN, REQUESTER)
        if request.is_approved
    ]
    found = wanted(request, people=people_among(*EVERYBODY), administrators={ADMIN.id}, asked=asked)
    alerts = [
        Notice(kind=NoticeKind.ALERT, key=f"alert:{item.position}:{one.id}{end}", person=one.id, gate=item.position)
        for item in request.work_items
        for one in (ADMIN, REQUESTER)
        for end in ("", ":over")
    ]
    skipped = [
        Notice(
            kind=NoticeKind.OVERRIDDEN,
            key=f"over:{one.gate}.{one.step}:{to}",
            gate=one.gate,
            step=one.step,
            **{field: to},
        )
        for one in (request.override.skipped[:3] if request.override is not None else ())
        for field, to in (("person", ANN.id), ("channel", "C0PKI"))
    ]
    reminding = [
        one.replace(kind=kind, key=f"{kind}:{one.key}", under=one.key)
        for one in asked[:2]
        for kind in sorted(REMINDERS)
        if request.here is not None
    ]
    return list({one.key: one for one in (*found, *asked, *alerts, *skipped, *reminding, *ends)}.values())


def trail(request: Request, text: str = HOSTILE) -> tuple[RecordedEntry, ...]:
    """An audit trail with an entry of every kind."""
    found: list[RecordedEntry] = []
    for number, (action, source) in enumerate(zip(Action, cycle(Source), strict=False), 1):
        entry = AuditEntry(
            action=action, subject=f"request:{request.id}", at=NOON, by=ANN.id, before={"status": text}, after={"n": [text]}, reason=text
        )  # fmt: skip
        previous = found[-1].hash if found else GENESIS
        digest = link(previous, canonical(entry, source=source, number=number))
        found.append(
            RecordedEntry(
                id=number,
                chain=f"request:{request.id}",
                number=number,
                source=source,
                entry=entry,
                previous=previous,
                hash=digest,
            )
        )
    return tuple(found)


def releases() -> tuple[ReleaseState, ...]:
    """Releases of one operation, each as far as it can come."""
    said = f"It failed to answer. {HOSTILE}"
    return (
        ReleaseState(number=1, at=NOON),
        ReleaseState(number=2, at=NOON, attempts=1),
        ReleaseState(number=3, at=NOON, attempts=12, due_at=LATER, connector="local-ca:issuing", said=said),
        ReleaseState(number=4, at=NOON, attempts=1, begun_at=LATER, connector="webhook:ca"),
        ReleaseState(number=11, at=NOON, attempts=1, accepted_at=LATER, connector="webhook:ca", said=LONG[:500]),
    )


def details_of(request: Request, **rights: bool) -> Details:
    """What `domain.workflow.details` gives to somebody with these rights."""
    return Details(
        request=request,
        audit=trail(request),
        resubmissions=(20, 21),
        may_still_decide=tuple(Capacity(by=ANN.id, on_behalf_of=BOB.id) for _ in range(500)),
        releases=releases() if request.is_approved else (),
        **{f"may_{right}": rights.get(right, False) for right in ("decide", "cancel", "override", "comment", "retry")},
    )
