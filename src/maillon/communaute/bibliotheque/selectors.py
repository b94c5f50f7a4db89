"""Documents as people read them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import Http404

from maillon.socle.comptes.models import Compte
from maillon.socle.droits.acteur import Acteur
from maillon.socle.journal.models import Entree

from .models import Document, DocumentQuerySet, VersionDocument

LECTEURS_MAX = 20


def list_documents(cpts_id: UUID, *, for_acteur: Acteur, archives: bool = False) -> DocumentQuerySet:
    """The documents that this person may read, with their version in force; or the archived ones."""
    return (
        Document.objects.visible_to(for_acteur).filter(cpts_id=cpts_id, archive_le__isnull=not archives).with_version()
    )


def get_document(pk: UUID, *, for_acteur: Acteur, ecrire: bool = False) -> Document:
    """The document with its version in force, or 404; `ecrire`: to change it."""
    documents = Document.objects.visible_to(for_acteur).with_version()
    document = (documents.kept_by(for_acteur) if ecrire else documents).filter(pk=pk).first()
    if document is None:
        raise Http404
    return document


def list_versions(document: Document) -> list[tuple[VersionDocument, str]]:
    """Every version, the latest first, with who gave it; two queries."""
    versions = list(document.versions.select_related("fichier"))
    noms = _name({version.deposee_par for version in versions})
    return [(version, noms.get(version.deposee_par, "")) for version in versions]


@dataclass(frozen=True, slots=True)
class Ouverture:
    """Somebody opened a version."""

    le: datetime
    qui: str
    version: int


def list_ouvertures(document: Document) -> list[Ouverture]:
    """Who opened a restricted document lately, from the journal; three queries."""
    numeros = dict(document.versions.values_list("fichier_id", "numero"))
    entrees = list(
        Entree.objects.filter(
            cpts_id=document.cpts_id, evenement="fichiers.ouvert", objet_id__in=list(numeros)
        ).order_by("-id")[:LECTEURS_MAX]
    )
    noms = _name({entree.compte_id for entree in entrees})
    return [Ouverture(e.le, noms.get(e.compte_id, ""), numeros[e.objet_id]) for e in entrees]


def may_open_fichier(acteur: Acteur, fichier_id: UUID) -> bool:
    """Whether a file stored by this room is a version of a document that the person may read."""
    visibles = Document.objects.visible_to(acteur).values("pk")
    return VersionDocument.objects.filter(fichier=fichier_id, document__in=visibles).exists()


def _name(comptes: set[UUID | None]) -> dict[UUID | None, str]:
    connus = Compte.objects.filter(pk__in=[pk for pk in comptes if pk])
    return {compte.pk: compte.get_full_name() for compte in connus}
