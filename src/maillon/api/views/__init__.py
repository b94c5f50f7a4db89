"""What the SAS calls, and the page where a community follows the exchanges."""
