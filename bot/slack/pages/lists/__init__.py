"""`/approval list`: requests by status, resource, operation, requester and date."""
