"""Mailings and announcements: to whom they go, and what became of them."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.shortcuts import get_object_or_404

from maillon.communaute.personnes.models import Personne
from maillon.communaute.personnes.selectors import get_personne_of
from maillon.socle.chiffrement import blind_index
from maillon.socle.courriels.models import Etat, Message
from maillon.socle.droits.acteur import Acteur
from maillon.socle.fichiers.models import Fichier
from maillon.socle.horloge import today

from ..criteres import Criteres, find_personnes
from ..enums import Nature
from ..models import Annonce, Desabonnement, Destinataire, Envoi, PieceEnvoi, Reception
from ..models.annonces import AnnonceQuerySet


def get_envoi(pk: UUID, *, for_acteur: Acteur) -> Envoi:
    """A mailing that the actor may see, or 404."""
    return get_object_or_404(Envoi.objects.visible_to(for_acteur).select_related("cpts", "auteur"), pk=pk)


def get_annonce(pk: UUID, *, for_acteur: Acteur) -> Annonce:
    """An announcement that the actor may see, or 404."""
    return get_object_or_404(Annonce.objects.visible_to(for_acteur).select_related("cpts", "auteur"), pk=pk)


def make_empreinte(adresse: str, *, cpts_id: UUID) -> bytes:
    """By which an address is recognised, whatever its capitals. In hexadecimal: words would lose its punctuation."""
    return blind_index(adresse.strip().lower().encode().hex(), cpts_id=cpts_id, kind="courriel")


@dataclass(slots=True)
class Audience:
    """Who would receive a mailing today, and why others would not."""

    joignables: list[Personne] = field(default_factory=list)
    sans_adresse: list[Personne] = field(default_factory=list)
    desabonnees: list[Personne] = field(default_factory=list)
    doublons: list[Personne] = field(default_factory=list)


def find_audience(envoi: Envoi) -> Audience:
    """The people whom a mailing would reach today: each address once, in two queries."""
    people = list(
        find_personnes(envoi.cpts_id, Criteres.read(envoi.criteres), on=today()).select_related("professionnel")
    )
    refused: set[UUID] = set()
    if envoi.nature == Nature.INFORMATION:
        refused = set(Desabonnement.objects.filter(personne__in=people).values_list("personne", flat=True))
    audience, seen = Audience(), set()
    for personne in people:
        adresse = personne.courriel.strip().lower()
        if not adresse:
            audience.sans_adresse.append(personne)
        elif personne.pk in refused:
            audience.desabonnees.append(personne)
        elif adresse in seen:
            audience.doublons.append(personne)
        else:
            seen.add(adresse)
            audience.joignables.append(personne)
    return audience


def list_pieces(envoi: Envoi) -> list[Fichier]:
    """The documents of a mailing, in the order in which they came."""
    return [piece.fichier for piece in PieceEnvoi.objects.filter(envoi=envoi).select_related("fichier")]


def list_modeles(acteur: Acteur) -> QuerySet[Envoi]:
    """What one may begin a mailing from."""
    return Envoi.objects.visible_to(acteur).filter(modele=True).order_by("objet")


def with_etat(destinataires: QuerySet[Destinataire]) -> QuerySet[Any]:
    """Adds what became of each mail: `etat` (empty before it is in the outbox) and `erreur`."""
    mails = Message.objects.filter(cpts=OuterRef("cpts"), objet_id=OuterRef("pk")).order_by("-cree_le")
    return destinataires.annotate(
        etat=Subquery(mails.values("etat")[:1]),
        erreur=Subquery(mails.values("erreur")[:1]),
        envoye_le=Subquery(mails.values("envoye_le")[:1]),
    )


@dataclass(frozen=True, slots=True)
class Bilan:
    """Where a mailing is: how many to write, left, failed, uncertain."""

    total: int
    envoyes: int
    echecs: int
    incertains: int

    @property
    def en_route(self) -> int:
        return self.total - self.envoyes - self.echecs - self.incertains


def get_bilan(envoi: Envoi) -> Bilan:
    """What became of the mails of a mailing, in one query."""
    rows = with_etat(Destinataire.objects.filter(envoi=envoi)).values_list("etat", flat=True)
    counts = Counter(rows)
    return Bilan(
        sum(counts.values()), counts[Etat.ENVOYE], counts[Etat.ECHEC] + counts[Etat.ANNULE], counts[Etat.INCERTAIN]
    )


def list_echecs(envoi: Envoi, *, incertains: bool = False) -> QuerySet[Message]:
    """The mails of a mailing that did not leave, and those that may not have."""
    etats = [Etat.ECHEC, *([Etat.INCERTAIN] if incertains else [])]
    keys = Destinataire.objects.filter(envoi=envoi).values("pk")
    return Message.objects.filter(cpts=envoi.cpts_id, objet_id__in=keys, etat__in=etats)


def is_piece_visible(acteur: Acteur, fichier_id: UUID) -> bool:
    """Whether a document belongs to a mailing that this actor may see."""
    return Envoi.objects.visible_to(acteur).filter(pieces__fichier=fichier_id).exists()


def with_lectures(annonces: AnnonceQuerySet, acteur: Acteur) -> AnnonceQuerySet:
    """Adds `lues` and `adressees`, and `a_lire`: whether this person still has to read it."""
    personne = get_personne_of(acteur)
    own = Reception.objects.filter(annonce=OuterRef("pk"), personne=personne, lue_le=None)
    return annonces.annotate(
        adressees=Count("receptions"),
        lues=Count("receptions", filter=Q(receptions__lue_le__isnull=False)),
        a_lire=Exists(own),
    ).select_related("auteur")


def get_reception(annonce: Annonce, acteur: Acteur) -> Reception | None:
    """The actor's own copy of an announcement, if it is addressed to them."""
    personne = get_personne_of(acteur)
    return Reception.objects.filter(annonce=annonce, personne=personne).first() if personne else None


def list_receptions(annonce: Annonce) -> list[Reception]:
    """To whom an announcement is addressed: those who have not read it first."""
    rows = Reception.objects.filter(annonce=annonce).select_related("personne")
    return list(rows.order_by(F("lue_le").desc(nulls_first=True), "personne__nom", "personne__prenom"))


def list_a_lire(acteur: Acteur) -> list[Annonce]:
    """The announcements shown on a home page: addressed to the person, not read, not taken down, still current."""
    personne = get_personne_of(acteur)
    if personne is None:
        return []
    own = Reception.objects.filter(annonce=OuterRef("pk"), personne=personne, lue_le=None)
    rows = Annonce.objects.filter(Exists(own), retiree_le=None, affichee_jusqu_au__gte=today())
    return list(rows.order_by("affichee_jusqu_au"))


def count_comptes(cpts_id: UUID, criteres: Criteres) -> tuple[int, int]:
    """How many people the criteria choose today, and how many of them have an account."""
    people = find_personnes(cpts_id, criteres, on=today())
    counts = people.order_by().aggregate(tous=Count("pk"), comptes=Count("pk", filter=Q(membre__actif=True)))
    return counts["tous"], counts["comptes"]
