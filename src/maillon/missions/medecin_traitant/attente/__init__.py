"""Reading the waiting list that a desk kept in a spreadsheet. Pure: no database, no clock."""
