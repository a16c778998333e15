"""What was wrong with something that Slack and our own messages do not send: stands in brackets within a refusal."""

from typing import Final

NOT_OUR_BUTTON: Final = "the button does not belong to Countersign"
NOT_OUR_HOME: Final = "this page of the Home does not belong to Countersign"
NOT_OUR_FORM: Final = "the form contains something that Countersign did not put there"
NOT_OUR_SHORTCUT: Final = "the shortcut does not belong to Countersign"
NO_RESOURCE: Final = "the button names no resource"
NO_PAGE: Final = "the button names no page"
FORM_WITHOUT_DAY: Final = "the form names no day"
NOT_THE_PROFILE_FORM: Final = "it does not belong to the form for a profile"
UNKNOWN_OPERATION: Final = "the operation does not exist"
UNKNOWN_OUTCOME: Final = "the outcome does not exist"
UNKNOWN_SPAN: Final = "the length of time does not exist"
IMPOSSIBLE_STEP: Final = "this step is not possible"
