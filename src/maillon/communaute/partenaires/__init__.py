"""Who a community works with: partners, their contacts, the conventions signed with them."""
