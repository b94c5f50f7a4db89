"""Reading calendars kept elsewhere: the network, CalDAV, and the expansion of recurrences in a bounded process."""
