"""What differs between SQLite and PostgreSQL: connections, deadlines, errors, several writes in one statement.

No table of Countersign and no query.
"""
