"""What the tests of the rules share: a small cast, builders, the reference model and the world that drives it."""
