"""Who was there, and how it is known."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404

from maillon.communaute.personnes.models import Personne, PersonneQuerySet
from maillon.socle.chiffrement import normalize
from maillon.socle.droits.acteur import Acteur
from maillon.socle.ui.typographie import compter

from ..enums import EtatCompteRendu, GenreDocument, Presence
from ..heures import compute_duree
from ..models import CompteRendu, DocumentReunion, Participation, Pouvoir, Reunion
from ..permissions import GERER


def find_reunion(cpts_id: UUID, pk: UUID) -> Reunion | None:
    """The meeting that a code or a tablet's link opens, in the community under way."""
    return Reunion.objects.filter(cpts_id=cpts_id, pk=pk).select_related("cpts").first()


def find_ligne(cpts_id: UUID, pk: UUID) -> Participation | None:
    """The line that a personal link opens."""
    lignes = Participation.objects.filter(cpts_id=cpts_id, pk=pk)
    return lignes.select_related("personne__structure", "emargement", "reunion__cpts").first()


def find_invitation(reunion: Reunion, personne: Personne) -> Participation | None:
    """The line of somebody on the list."""
    return list_lignes(reunion).filter(personne=personne).first()


def get_participation(pk: UUID, *, reunion: Reunion) -> Participation:
    """A line of this meeting's list, or 404."""
    ligne = list_lignes(reunion).filter(pk=pk).first()
    if ligne is None:
        raise Http404
    return ligne


def list_lignes(reunion: Reunion) -> QuerySet[Participation]:
    """Everybody on the list, by name, with what proves their presence; one query."""
    lignes = Participation.objects.filter(reunion=reunion).select_related(
        "personne__structure", "emargement", "reunion"
    )
    return lignes.order_by("personne__nom", "personne__prenom", "pk")


def list_connus(reunion: Reunion) -> PersonneQuerySet:
    """People of the community who are not on the list."""
    inscrits = Participation.objects.filter(reunion=reunion, personne=OuterRef("pk"))
    return Personne.objects.en_activite().filter(~Exists(inscrits), cpts_id=reunion.cpts_id)


def list_invitables(reunion: Reunion, recherche: str) -> list[Personne]:
    """People of the community who are not on the list, found by name; ten at most."""
    mots, gens = recherche.split(), list_connus(reunion)
    if not mots:
        return []
    for mot in mots:
        gens = gens.filter(Q(nom__icontains=mot) | Q(prenom__icontains=mot) | Q(fonction__icontains=mot))
    return list(gens.select_related("structure")[:10])


def find_personne(cpts_id: UUID, *, nom: str, courriel: str) -> Personne | None:
    """The one person of this name and address; None for nobody, and for two people who share both."""
    gens = Personne.objects.en_activite().filter(cpts_id=cpts_id, courriel__iexact=courriel.strip())
    voulu = set(normalize(nom).split())
    trouves = [personne for personne in gens if voulu and voulu >= set(normalize(personne.nom).split())]
    return trouves[0] if len(trouves) == 1 else None


@dataclass(frozen=True, slots=True)
class Compte:
    """How many are there, of how many on the list."""

    total: int
    presents: int
    excuses: int
    absents: int
    a_relever: int

    @property
    def phrase(self) -> str:
        """« 14 présents sur 22 »."""
        return f"{compter(self.presents, 'présent')} sur {self.total}"


def count_presences(lignes: Iterable[Participation]) -> Compte:
    """The count of lines already read."""
    etats = Counter(ligne.presence for ligne in lignes)
    return Compte(
        total=etats.total(),
        presents=etats[Presence.PRESENT],
        excuses=etats[Presence.EXCUSE],
        absents=etats[Presence.ABSENT],
        a_relever=etats[Presence.INCONNUE],
    )


def compute_duree_of(ligne: Participation) -> timedelta:
    """How long a person who was present took part; their meeting and signature come with the row."""
    assert ligne.reunion.debut is not None
    assert ligne.reunion.fin is not None
    trace = getattr(ligne, "emargement", None)
    return compute_duree(
        ligne.reunion.debut,
        ligne.reunion.fin,
        arrivee=trace.arrivee if trace else None,
        depart=trace.depart if trace else None,
    )


def list_representes(reunion: Reunion) -> list[Pouvoir]:
    """The proxies that hold, with both people."""
    pouvoirs = Pouvoir.objects.filter(reunion=reunion, fin_le=None)
    return list(pouvoirs.select_related("mandant__personne", "mandataire__personne"))


def list_documents(reunion: Reunion) -> list[DocumentReunion]:
    """Every document of the meeting, the newest first."""
    return list(DocumentReunion.objects.filter(reunion=reunion).select_related("fichier").order_by("-le"))


def find_document(reunion: Reunion, genre: GenreDocument) -> DocumentReunion | None:
    """The newest document of a kind."""
    documents = DocumentReunion.objects.filter(reunion=reunion, genre=genre).select_related("fichier")
    return documents.order_by("-le").first()


def is_scellee(reunion: Reunion) -> bool:
    """Whether approved minutes tell who was there: attendance no longer changes."""
    return CompteRendu.objects.filter(reunion=reunion, etat=EtatCompteRendu.VALIDE).exists()


# Organisers open everything; who was invited opens the minutes, not the signatures of the others.
POUR_LES_INVITES = (GenreDocument.COMPTE_RENDU, GenreDocument.COMPTE_RENDU_DOCX)


def may_open_fichier(acteur: Acteur, fichier_id: UUID) -> bool:
    """Whether a document stored by a meeting is for this person."""
    documents = DocumentReunion.objects.filter(fichier_id=fichier_id, reunion__in=Reunion.objects.visible_to(acteur))
    if not acteur.can(GERER):
        documents = documents.filter(genre__in=POUR_LES_INVITES)
    return documents.exists()
