"""Taking over the lists that a community already keeps."""
