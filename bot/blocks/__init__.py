"""Everything people see: pure functions from state to Block Kit. No client, no database, no clock."""
