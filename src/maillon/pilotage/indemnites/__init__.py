"""Pay of members: indemnités and rémunérations, from the declared participation to the bank."""
