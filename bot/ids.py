"""Action, callback and block ids.

Messages live as long as the workspace does, and an old one still carries the ids it was posted with. So an id is **never renamed and
never given a second meaning**; one that is not used any more stays here, with what it did. A test holds this list.
"""

from enum import StrEnum, unique


@unique
class Action(StrEnum):
    """What a button or a menu says when it is used. What its value is stands beside it."""

    # a step, as `StepRef` writes it: request.gate.step
    APPROVE = "approve"
    APPROVE_WITH_COMMENT = "approve_with_comment"
    REJECT = "reject"

    # the number of a request
    DETAILS = "details"
    CANCEL = "cancel"
    OVERRIDE = "override"
    COMMENT = "comment"
    RESUBMIT = "resubmit"
    REMIND = "remind"
    RELOAD = "reload"
    """In a modal that says that something changed: show the request as it is now."""

    # a place, as `bot.blocks.places` writes it
    DETAILS_NEXT = "details_next"
    DETAILS_PREVIOUS = "details_previous"
    HOME_OLDER = "home_older"
    HOME_NEWEST = "home_newest"
    LIST_OLDER = "list_older"
    LIST_NEWEST = "list_newest"

    # groups, roles and people: a page of the list, a group or role with what was seen of it, and whoever was chosen
    PEOPLE = "people"
    PEOPLE_PREVIOUS = "people_previous"
    PEOPLE_NEXT = "people_next"
    TEAM_OPEN = "team_open"
    TEAM_EDIT = "team_edit"
    TEAM_DELETE = "team_delete"
    TEAM_NEW_GROUP = "team_new_group"
    TEAM_NEW_ROLE = "team_new_role"
    PERSON_OPEN = "person_open"
    TEAM_NAME = "team_name"
    TEAM_USERGROUP = "team_usergroup"
    TEAM_PEOPLE = "team_people"

    # a page of the health, from 0; the number of a message, or nothing for all
    HEALTH = "health"
    HEALTH_PREVIOUS = "health_previous"
    HEALTH_NEXT = "health_next"
    TRY_AGAIN = "try_again"
    TRY_ALL_AGAIN = "try_all_again"

    # the number of a delegation
    REVOKE_DELEGATION = "revoke_delegation"

    # nothing
    DELEGATIONS = "delegations"
    NEW_REQUEST = "new_request"
    SHOW_WAITING = "show_waiting"

    # menus of the form for a new request
    OPERATION = "operation"
    RESOURCE = "resource"
    REVOCATION_REASON = "revocation_reason"

    # managing approval profiles: a list and its page, the key of a profile, a page of its history, a key and the version to delete
    PROFILES = "profiles"
    PROFILES_PREVIOUS = "profiles_previous"
    PROFILES_NEXT = "profiles_next"
    PROFILE_OPEN = "profile_open"
    PROFILE_HISTORY = "profile_history"
    PROFILE_HISTORY_PREVIOUS = "profile_history_previous"
    PROFILE_HISTORY_NEXT = "profile_history_next"
    PROFILE_NEW = "profile_new"
    PROFILE_EDIT = "profile_edit"
    PROFILE_DELETE = "profile_delete"
    # the place of a step in the form, from 0
    STEP_ADD = "step_add"
    STEP_EDIT = "step_edit"
    STEP_UP = "step_up"
    STEP_DOWN = "step_down"
    STEP_REMOVE = "step_remove"
    # what changes what a form shows
    PROFILE_SEARCH = "profile_search"
    STEP_REQUIRED = "step_required"
    STEP_PEOPLE = "step_people"
    STEP_TEAMS = "step_teams"
    STEP_DIRECT = "step_direct"
    STEP_CHANNEL = "step_channel"
    STEP_SILENT_PEOPLE = "step_silent_people"
    STEP_SILENT_TEAMS = "step_silent_teams"
    STEP_ESCALATION = "step_escalation"
    STEP_ESCALATION_UNIT = "step_escalation_unit"
    STEP_ESCALATION_PEOPLE = "step_escalation_people"
    STEP_ESCALATION_TEAMS = "step_escalation_teams"

    # managing resources: a list and its page, the key of a resource, a key and the fingerprint to delete, a key or nothing
    RESOURCES = "resources"
    RESOURCES_PREVIOUS = "resources_previous"
    RESOURCES_NEXT = "resources_next"
    RESOURCE_OPEN = "resource_open"
    RESOURCE_NEW = "resource_new"
    RESOURCE_EDIT = "resource_edit"
    RESOURCE_DELETE = "resource_delete"
    RULES_EDIT = "rules_edit"
    DRY_RUN = "dry_run"
    # what changes what a form shows
    RESOURCE_SEARCH = "resource_search"
    RESOURCE_KIND = "resource_kind"
    DRY_RUN_OPERATION = "dry_run_operation"

    # text fields and choices, read with the form they stand in
    RULE = "rule"
    VIOLATION = "violation"
    RESOURCE_NAME = "resource_name"
    RESOURCE_DESCRIPTION = "resource_description"
    LINK_END_ENTITY_PROFILE = "link_end_entity_profile"
    LINK_CERTIFICATE_PROFILE = "link_certificate_profile"
    LINK_CERTIFICATE_AUTHORITY = "link_certificate_authority"
    GATE_ENROLL = "gate_enroll"
    GATE_RE_ENROLL = "gate_re_enroll"
    GATE_ISSUE = "gate_issue"
    GATE_RENEW = "gate_renew"
    GATE_REKEY = "gate_rekey"
    GATE_REVOKE = "gate_revoke"
    DRY_RUN_ENTRY = "dry_run_entry"
    PROFILE_NAME = "profile_name"
    PROFILE_DESCRIPTION = "profile_description"
    PROFILE_EXPIRY = "profile_expiry"
    PROFILE_EXPIRY_UNIT = "profile_expiry_unit"
    PROFILE_REMINDER = "profile_reminder"
    PROFILE_REMINDER_UNIT = "profile_reminder_unit"
    PROFILE_REQUESTER = "profile_requester"
    PROFILE_COMMENT = "profile_comment"
    STEP_NAME = "step_name"
    DELEGATE = "delegate"
    DELEGATE_UNTIL = "delegate_until"
    DELEGATE_FROM = "delegate_from"
    DELEGATE_FOR = "delegate_for"
    CSR = "csr"
    CERTIFICATE = "certificate"
    REASON = "reason"
    COMMENT_TEXT = "comment_text"
    VERDICT = "verdict"


@unique
class Callback(StrEnum):
    """Which form a modal is."""

    SUBMIT = "submit"
    APPROVE = "approve"
    REJECT = "reject"
    OVERRIDE = "override"
    CANCEL = "cancel"
    COMMENT = "comment"
    DETAILS = "details"
    CHANGED = "changed"
    HOME = "home"
    DELEGATION = "delegation"
    PEOPLE = "people"
    TEAM = "team"
    TEAM_FORM = "team_form"
    PERSON = "person"
    PROFILES = "profiles"
    PROFILE = "profile"
    PROFILE_HISTORY = "profile_history"
    PROFILE_FORM = "profile_form"
    STEP_FORM = "step_form"
    RESOURCES = "resources"
    RESOURCE = "resource"
    RESOURCE_FORM = "resource_form"
    RULES_FORM = "rules_form"
    DRY_RUN = "dry_run"
    HEALTH = "health"


@unique
class Field(StrEnum):
    """The block id of a field: what Slack is told to put an error beside."""

    OPERATION = "operation"
    RESOURCE = "resource"
    """Followed by a colon and the kind of resource: a choice made for another kind must not stay when the menu changes."""
    CSR = "csr"
    CERTIFICATE = "certificate"
    REVOCATION_REASON = "revocation_reason"
    REASON = "reason"
    COMMENT = "comment"
    VERDICT = "verdict"
    DELEGATE = "delegate"
    DELEGATE_UNTIL = "delegate_until"
    DELEGATE_FROM = "delegate_from"
    DELEGATE_FOR = "delegate_for"
    TEAM_NAME = "team_name"
    TEAM_USERGROUP = "team_usergroup"
    TEAM_PEOPLE = "team_people"

    # of the forms for profiles: each followed by a colon and the form, which another one must not get its content from
    PROFILE_SEARCH = "profile_search"
    PROFILE_NAME = "profile_name"
    PROFILE_DESCRIPTION = "profile_description"
    PROFILE_EXPIRY = "profile_expiry"
    PROFILE_EXPIRY_UNIT = "profile_expiry_unit"
    PROFILE_REMINDER = "profile_reminder"
    PROFILE_REMINDER_UNIT = "profile_reminder_unit"
    PROFILE_REQUESTER = "profile_requester"
    PROFILE_COMMENT = "profile_comment"
    STEP_NAME = "step_name"
    STEP_REQUIRED = "step_required"
    STEP_PEOPLE = "step_people"
    STEP_TEAMS = "step_teams"
    STEP_DIRECT = "step_direct"
    STEP_CHANNEL = "step_channel"
    STEP_SILENT_PEOPLE = "step_silent_people"
    STEP_SILENT_TEAMS = "step_silent_teams"
    STEP_ESCALATION = "step_escalation"
    STEP_ESCALATION_UNIT = "step_escalation_unit"
    STEP_ESCALATION_PEOPLE = "step_escalation_people"
    STEP_ESCALATION_TEAMS = "step_escalation_teams"

    # of the forms for resources, in the same way
    RESOURCE_SEARCH = "resource_search"
    RESOURCE_KIND = "resource_kind"
    RESOURCE_NAME = "resource_name"
    RESOURCE_DESCRIPTION = "resource_description"
    LINK_END_ENTITY_PROFILE = "link_end_entity_profile"
    LINK_CERTIFICATE_PROFILE = "link_certificate_profile"
    LINK_CERTIFICATE_AUTHORITY = "link_certificate_authority"
    GATE_ENROLL = "gate_enroll"
    GATE_RE_ENROLL = "gate_re_enroll"
    GATE_ISSUE = "gate_issue"
    GATE_RENEW = "gate_renew"
    GATE_REKEY = "gate_rekey"
    GATE_REVOKE = "gate_revoke"
    DRY_RUN_OPERATION = "dry_run_operation"
    DRY_RUN_ENTRY = "dry_run_entry"

    # of the form for the rules of a resource, in the same way
    RULE_KEYS = "rule_keys"
    RULE_DNS_NAMES = "rule_dns_names"
    RULE_EMAIL_ADDRESSES = "rule_email_addresses"
    RULE_IP_ADDRESSES = "rule_ip_addresses"
    RULE_SUBJECT = "rule_subject"
    RULE_NAME_KINDS = "rule_name_kinds"
    RULE_MOST_NAMES = "rule_most_names"
    RULE_ISSUERS = "rule_issuers"
    VIOLATION_KEYS = "violation_keys"
    VIOLATION_DNS_NAMES = "violation_dns_names"
    VIOLATION_EMAIL_ADDRESSES = "violation_email_addresses"
    VIOLATION_IP_ADDRESSES = "violation_ip_addresses"
    VIOLATION_SUBJECT = "violation_subject"
    VIOLATION_NAME_KINDS = "violation_name_kinds"
    VIOLATION_MOST_NAMES = "violation_most_names"
    VIOLATION_NO_WILDCARDS = "violation_no_wildcards"
    VIOLATION_NO_CA_CERTIFICATES = "violation_no_ca_certificates"
    VIOLATION_ISSUERS = "violation_issuers"


COMMAND = "/approval"
