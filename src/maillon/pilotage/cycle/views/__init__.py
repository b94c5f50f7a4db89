"""Pages of the members, and those of the CPAM and the ARS."""
