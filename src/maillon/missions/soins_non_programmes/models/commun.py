"""What several models promise."""

# An account from outside the community (a regulator) reads what it wrote there.
COMPTE_COURANT = "compte_id = (SELECT NULLIF(current_setting('maillon.compte_id', true), '')::uuid)"
