"""Keeping documents, their versions and their rights. Nothing is ever removed: a document is archived."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath
from uuid import UUID

from django.db import transaction

from maillon.regles.erreurs import SaisieInvalide
from maillon.socle.droits.acteur import Acteur
from maillon.socle.fichiers.services import FichierRefuse, clean_nom, store_fichier
from maillon.socle.horloge import now, today
from maillon.socle.journal import services as journal

from .donnees import DonneesDocument, Piece
from .enums import Portee
from .models import Document, VersionDocument
from .permissions import LIRE


@dataclass(frozen=True, slots=True)
class Depot:
    """What became of several documents: those kept, and a French sentence for each refused."""

    documents: tuple[Document, ...]
    refus: tuple[str, ...]


@transaction.atomic
def add_document(*, cpts_id: UUID, donnees: DonneesDocument, piece: Piece, by: Acteur) -> Document:
    """Keep a document and its first version. Raises SaisieInvalide, FichierRefuse for a content not accepted."""
    check_portee(donnees)
    document = Document.objects.create(cpts_id=cpts_id, **_values(donnees))
    _add_version(document, piece, numero=1, note="", by=by)
    journal.record("bibliotheque.ajoute", document, by=by, mission=document.mission, portee=document.portee)
    return document


@transaction.atomic
def add_documents(*, cpts_id: UUID, donnees: DonneesDocument, pieces: Sequence[Piece], by: Acteur) -> Depot:
    """Keep several documents under the same rights, each under its own name; one refused leaves the others kept.

    The title of `donnees` serves when there is one document.
    """
    documents: list[Document] = []
    refus: list[str] = []
    for piece in pieces:
        titre = donnees.titre if donnees.titre and len(pieces) == 1 else _read_titre(piece.nom)
        try:
            with transaction.atomic():
                documents.append(
                    add_document(cpts_id=cpts_id, donnees=replace(donnees, titre=titre), piece=piece, by=by)
                )
        except FichierRefuse as motif:
            refus.append(str(motif))
    return Depot(tuple(documents), tuple(refus))


@transaction.atomic
def change_document(*, document: Document, donnees: DonneesDocument, by: Acteur) -> Document:
    """Correct what is said of a document, or who sees it. Raises SaisieInvalide."""
    check_portee(donnees)
    document = lock_document(document)
    for nom, valeur in _values(donnees).items():
        setattr(document, nom, valeur)
    document.save()
    journal.record("bibliotheque.modifie", document, by=by, mission=document.mission, portee=document.portee)
    return document


@transaction.atomic
def add_version(*, document: Document, piece: Piece, note: str, by: Acteur) -> VersionDocument:
    """Give a new version; the former ones stay readable. Raises SaisieInvalide when nothing has changed, FichierRefuse
    for a content not accepted."""
    document = lock_document(document)
    derniere = document.versions.select_related("fichier").first()
    assert derniere is not None
    if hashlib.sha256(piece.contenu).hexdigest() == derniere.fichier.empreinte:
        raise SaisieInvalide("Ce document est identique à la version en vigueur\u00a0: rien n’a été ajouté.")
    version = _add_version(document, piece, numero=derniere.numero + 1, note=note, by=by)
    journal.record("bibliotheque.version", document, by=by, numero=version.numero)
    return version


@transaction.atomic
def archive_document(*, document: Document, by: Acteur) -> None:
    """Take a document out of the list; it stays readable among the archives."""
    document = lock_document(document)
    document.archive_le = now()
    document.save(update_fields=["archive_le"])
    journal.record("bibliotheque.archive", document, by=by)


@transaction.atomic
def restore_document(*, document: Document, by: Acteur) -> None:
    """Put an archived document back in the list; a retention that has ended is forgotten."""
    document = lock_document(document)
    document.archive_le = None
    if document.conserver_jusqu_a is not None and document.conserver_jusqu_a < today():
        document.conserver_jusqu_a = None
    document.save()
    journal.record("bibliotheque.retabli", document, by=by)


def lock_document(document: Document) -> Document:
    """The row itself, until the transaction ends: versions are numbered one at a time."""
    return Document.objects.select_for_update().get(pk=document.pk)


def check_portee(donnees: DonneesDocument) -> None:
    """What a mission's people see is of a mission."""
    if donnees.portee == Portee.MISSION and not donnees.mission:
        raise SaisieInvalide("Choisissez la mission dont les personnes verront ce document.")


def _values(donnees: DonneesDocument) -> dict[str, object]:
    return {
        "titre": donnees.titre,
        "nature": donnees.nature,
        "mission": donnees.mission,
        "portee": donnees.portee,
        "conserver_jusqu_a": donnees.conserver_jusqu_a,
    }


def _add_version(document: Document, piece: Piece, *, numero: int, note: str, by: Acteur) -> VersionDocument:
    fichier = store_fichier(cpts_id=document.cpts_id, nom=piece.nom, contenu=piece.contenu, by=by, permission=LIRE.code)
    return VersionDocument.objects.create(
        cpts_id=document.cpts_id,
        document=document,
        numero=numero,
        fichier=fichier,
        note=note,
        deposee_par=by.compte_id,
    )


def _read_titre(nom: str) -> str:
    """A title from the name of a file: « protocole_AVC-2026.pdf » gives « protocole AVC 2026 »."""
    return PurePath(clean_nom(nom)).stem.replace("_", " ").replace("-", " ").strip()[:160] or "Document"
