"""Nouns that missions share: places, structures, professionals, memberships, patients."""
