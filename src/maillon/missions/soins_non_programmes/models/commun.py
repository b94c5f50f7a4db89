"""What several models promise."""

from maillon.socle.promesses import CPTS_COURANTE

# An account from outside the community (a regulator) reads what it wrote there.
COMPTE_COURANT = "compte_id = (SELECT NULLIF(current_setting('maillon.compte_id', true), '')::uuid)"
# What is shared with the current community is read there, and changed by its own alone.
PARTAGE = CPTS_COURANTE.removeprefix("cpts_id = ") + " = ANY (partages)"
