"""Rules as pure functions of facts and a date: no Django, no database, no network, no clock."""
