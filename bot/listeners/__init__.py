"""What happens when somebody types, presses or sends something: acknowledge, parse, call the workflow, answer.

No listener catches a refusal: the one error handler turns it into a private answer.
"""
