"""What a click costs, against what it could cost at best. Run by `make bench`."""
