"""What needs attention: stuck requests, failed operations, undelivered messages."""
