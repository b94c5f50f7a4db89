"""What somebody on duty leaves to the next one."""

import re
from datetime import timedelta
from uuid import UUID

from django.db import transaction

from maillon.socle.droits.acteur import Acteur
from maillon.socle.horloge import now
from maillon.socle.journal import services as journal

from ..enums import EtatGarde
from ..models import ActionRefusee, Garde, Passation
from ..notifications import PassationEcrite
from .commun import lock_tableau_of
from .envois import write_to

APRES = timedelta(days=2)
# A telephone, a date of birth with its century, a NIR: nothing of a patient is written here.
CHIFFRES = re.compile(r"(?:\d[ .-]?){8,}")
SANS_PATIENT = (
    "Ce texte contient un long numéro. Une passation parle d’organisation\u00a0: ni nom, ni numéro, ni situation d’un "
    "patient. Pour un patient, appelez votre collègue ou utilisez une messagerie sécurisée."
)


@transaction.atomic
def write_passation(*, garde_id: UUID, texte: str, by: Acteur) -> Passation:
    """Leave a note for the next on duty of the profession, who gets a link; written again, it replaces the former one.

    Raises ActionRefusee before the duty, two days after it, or for a text that holds a long number.
    """
    _, garde = lock_tableau_of(garde_id)
    texte = texte.strip()[:1000]
    if not texte:
        raise ActionRefusee("Écrivez ce que la personne suivante doit savoir.")
    if CHIFFRES.search(texte):
        raise ActionRefusee(SANS_PATIENT)
    if not is_transmissible(garde):
        raise ActionRefusee("Une passation s’écrit pendant la garde, ou dans les deux jours qui suivent.")
    suivante = find_suivante(garde)
    passation, _ = Passation.objects.update_or_create(
        cpts_id=garde.cpts_id,
        garde=garde,
        defaults={"texte": texte, "suivante": suivante, "ecrite_le": now(), "lue_le": None},
    )
    journal.record("gardes.passation", garde, by=by)
    if suivante is not None:
        write_to(suivante.tableau, [suivante.participant], PassationEcrite, occasion=f"{now():%Y-%m-%dT%H:%M}")
    return passation


def is_transmissible(garde: Garde) -> bool:
    """Whether a note may be written: from the start of the duty to two days after it."""
    return garde.etat != EtatGarde.RETIREE and garde.debut <= now() <= garde.fin + APRES


def find_suivante(garde: Garde) -> Garde | None:
    """The next duty of the profession in the community, by somebody else."""
    return (
        Garde.objects.officielles()
        .filter(cpts_id=garde.cpts_id, poste__profession=garde.poste.profession, debut__gt=garde.debut)
        .exclude(professionnel=garde.professionnel_id)
        .select_related("tableau__cpts", "participant__personne")
        .order_by("debut")
        .first()
    )


def mark_lues(*, garde_id: UUID) -> int:
    """The one on duty has read what was left for them."""
    return Passation.objects.filter(suivante=garde_id, lue_le=None).update(lue_le=now())
