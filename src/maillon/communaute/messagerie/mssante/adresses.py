"""Which addresses and which servers belong to MSSanté."""

import re

from django.conf import settings

DOMAINE = re.compile(r"^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+mssante\.fr$")
# The citizen's box: its address is the person's national health identifier, which Maillon never takes.
CITOYENNE = ("patient.mssante.fr",)


def check_adresse(adresse: str) -> str:
    """The address in lower case. ValueError, in French, unless it is a professional's MSSanté address."""
    adresse = adresse.strip().lower()
    local, _, domaine = adresse.rpartition("@")
    if domaine in CITOYENNE or domaine.endswith(tuple(f".{nom}" for nom in CITOYENNE)):
        raise ValueError(
            "Cette adresse est celle d’un patient : elle contient son matricule de santé, que Maillon n’enregistre pas."
        )
    if not re.fullmatch(r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]+", local) or not DOMAINE.match(domaine):
        raise ValueError(
            "Ce n’est pas une adresse MSSanté : elle finit par « .mssante.fr », "
            "par exemple prenom.nom@medecin.mssante.fr."
        )
    return adresse


def check_hote(hote: str) -> str:
    """The server's name in lower case. ValueError, in French, unless the operator of this Maillon allows it.

    Whoever sets the mailbox cannot make the server talk to any machine: only those of MAILLON_MSSANTE_HOTES.
    """
    hote = hote.strip().lower().rstrip(".")
    for allowed in settings.MAILLON_MSSANTE_HOTES:
        if hote == allowed or (allowed.startswith(".") and hote.endswith(allowed)):
            return hote
    raise ValueError(
        "Maillon ne se connecte pas à ce serveur. Demandez à la personne qui l’administre de l’ajouter à "
        "MAILLON_MSSANTE_HOTES."
    )
