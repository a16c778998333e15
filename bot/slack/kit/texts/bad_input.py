"""What was wrong with something that Slack and our own messages do not send: stands in brackets within a refusal."""

from typing import Final

NOT_OUR_BUTTON: Final = "the button is not one of Countersign's"
NOT_OUR_HOME: Final = "the page of this Home is not one of Countersign's"
NOT_OUR_FORM: Final = "the form carries what Countersign did not put there"
NOT_OUR_SHORTCUT: Final = "the shortcut is not one of Countersign's"
NO_RESOURCE: Final = "the button names no resource"
NO_PAGE: Final = "the button names no page"
FORM_WITHOUT_DAY: Final = "the form names no day"
NOT_THE_PROFILE_FORM: Final = "it is not about the form for a profile"
UNKNOWN_OPERATION: Final = "there is no such operation"
UNKNOWN_OUTCOME: Final = "there is no such outcome"
UNKNOWN_SPAN: Final = "there is no such span of time"
IMPOSSIBLE_STEP: Final = "a step cannot be like this"
