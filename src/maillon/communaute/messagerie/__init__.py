"""Messages inside a community, to its members and by MSSanté."""
