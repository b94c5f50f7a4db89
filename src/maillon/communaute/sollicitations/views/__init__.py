"""Pages of the solicited professional."""
