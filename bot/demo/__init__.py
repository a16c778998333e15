"""A small company to try Countersign with: Halvorsen Maritime, its people, its PKI, and certificates ready to paste."""
