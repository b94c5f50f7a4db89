"""Sign-in by Pro Santé Connect, the OpenID Connect service of the Agence du numérique en santé."""

FOURNISSEUR = "pro-sante-connect"
