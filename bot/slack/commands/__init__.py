"""The slash command `/approval`: what is typed, and what each subcommand answers.

A subcommand that belongs to a page calls that page.
"""
