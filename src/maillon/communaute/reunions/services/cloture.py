"""The end of a meeting: its attendance is frozen into a document, and it counts."""

import tempfile
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from maillon.socle.droits.acteur import Acteur
from maillon.socle.fichiers.enums import TypeFichier
from maillon.socle.fichiers.services import store_produit
from maillon.socle.horloge import now
from maillon.socle.journal import services as journal
from maillon.socle.taches import enqueue

from ..documents.pdf import write_pdf
from ..enums import Etat, GenreDocument, Presence, Reponse
from ..matiere import build_presences
from ..models import ActionRefusee, DocumentReunion, Participation, Reunion
from ..permissions import OUVRIR_DOCUMENTS
from .commun import check_transition, lock


@transaction.atomic
def close_reunion(*, reunion: Reunion, by: Acteur, fin: datetime | None = None) -> Reunion:
    """The meeting was held: those not noted present are absent, or excused when they had said so. `fin` corrects the
    hour at which it ended.

    The attendance is kept as a document, whose hash is the evidence that the contract publishes. Raises ActionRefusee.
    """
    reunion = lock(reunion.pk)
    _check(reunion, fin)
    lignes = Participation.objects.filter(reunion=reunion, presence=Presence.INCONNUE)
    lignes.filter(reponse=Reponse.NON).update(presence=Presence.EXCUSE)
    lignes.exclude(reponse=Reponse.NON).update(presence=Presence.ABSENT)
    reunion.etat = Etat.TENUE
    if fin is not None and fin != reunion.fin:
        reunion.fin = fin
        reunion.sequence += 1
    reunion.save(update_fields=["etat", "fin", "sequence"])
    presents = Participation.objects.filter(reunion=reunion, presence=Presence.PRESENT).count()
    journal.record("reunions.tenue", reunion, by=by, presents=presents)
    freeze_presences(reunion=reunion, by=by)
    return reunion


def _check(reunion: Reunion, fin: datetime | None) -> None:
    check_transition(reunion, Etat.TENUE)
    if reunion.debut is None or reunion.debut > now():
        raise ActionRefusee("Cette réunion n’a pas commencé : elle se clôt une fois tenue.")
    if fin is not None and not reunion.debut < fin <= now():
        raise ActionRefusee("L’heure de fin suit le début de la réunion, et elle est passée.")
    if not Participation.objects.filter(reunion=reunion, presence=Presence.PRESENT).exists():
        raise ActionRefusee("Personne n’est noté présent : relevez d’abord les présences, ou annulez la réunion.")


def freeze_presences(*, reunion: Reunion, by: Acteur) -> DocumentReunion:
    """Keep the attendance as it is known now; the newest document is the evidence."""
    moment = now()
    document = keep_document(
        reunion,
        GenreDocument.PRESENCES,
        nom=f"presences-{timezone.localtime(reunion.debut):%Y-%m-%d}.pdf",
        contenu=write_pdf("presences", build_presences(reunion), le=moment),
        type_fichier=TypeFichier.PDF,
        by=by,
    )
    journal.record("reunions.presences_figees", reunion, by=by, empreinte=document.empreinte)
    request_releve(reunion)
    return document


def keep_document(
    reunion: Reunion, genre: GenreDocument, *, nom: str, contenu: bytes, type_fichier: TypeFichier, by: Acteur
) -> DocumentReunion:
    """Keep a document that Maillon made of a meeting."""
    with tempfile.NamedTemporaryFile() as brouillon:
        chemin = Path(brouillon.name)
        chemin.write_bytes(contenu)
        fichier = store_produit(
            cpts_id=reunion.cpts_id,
            nom=nom,
            type_fichier=type_fichier,
            source=chemin,
            by=by,
            permission=OUVRIR_DOCUMENTS.code,
        )
    document = DocumentReunion(
        cpts_id=reunion.cpts_id, reunion=reunion, genre=genre, fichier=fichier, empreinte=fichier.empreinte
    )
    document.save(force_insert=True)
    return document


def request_releve(reunion: Reunion) -> None:
    """Ask for the contract's figures to be written again when the meeting counts in one."""
    if reunion.indicateur:
        enqueue("pilotage.rafraichir", cpts_id=reunion.cpts_id, once=f"pilotage.rafraichir:{reunion.cpts_id}")
