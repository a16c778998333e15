"""Resources, their gates and rules, and the dry run."""
