"""What must hold when things go wrong: each trouble small in the suite and large by `make faults`."""
