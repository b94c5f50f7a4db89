"""Requests as each reader may see them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet, TextChoices
from django.http import Http404

from maillon.communaute.annuaire.models import Professionnel
from maillon.communaute.patients.selectors import search_patients
from maillon.communaute.sollicitations.models import Sollicitation
from maillon.communaute.territoire.models import Commune, TerritoireCommune
from maillon.socle.comptes.models import Compte
from maillon.socle.declarations import VueSollicitation
from maillon.socle.droits.acteur import Acteur
from maillon.socle.droits.enums import Role
from maillon.socle.droits.models import Membre
from maillon.socle.horloge import today
from maillon.socle.journal.models import Entree
from maillon.socle.ui.composants import Evenement, Ton
from maillon.socle.ui.typographie import format_date

from ..enums import (
    Bilan,
    Cloture,
    Declaration,
    IssueAppel,
    Langue,
    MotifPriorite,
    MotifRefus,
    Quoi,
    RoleEquipe,
)
from ..models import GENRE, Demande

DESK = [Role.INTERLOCUTEUR_SOCIAL.value, Role.COORDINATION.value, Role.SECRETARIAT.value]

# What happened, as a sentence; the reader knows who from the journal.
TITRES: dict[str, tuple[str, Ton]] = {
    "deposee": ("Demande déposée", "neutre"),
    "qualifiee": ("Demande qualifiée", "cours"),
    "corrigee": ("Situation corrigée", "neutre"),
    "reprise_de_liste": ("Reprise d’une liste d’attente", "neutre"),
    "accord_recueilli": ("La personne a donné son accord", "bien"),
    "contact_corrige": ("Téléphone corrigé par la personne", "neutre"),
    "planifiee": ("Prochaine étape décidée", "neutre"),
    "transmise": ("Suivi confié à une autre personne", "neutre"),
    "proposee": ("Proposée à un médecin", "cours"),
    "rappel_medecin": ("Rappel envoyé au médecin", "neutre"),
    "acceptee": ("Acceptée par un médecin", "bien"),
    "refusee": ("Refusée par un médecin", "attente"),
    "refus_annule": ("Refus du médecin annulé\u00a0: sa réponse est de nouveau attendue", "cours"),
    "acceptation_annulee": ("Acceptation annulée\u00a0: la réponse du médecin est de nouveau attendue", "attente"),
    "reponse_medecin_notee": ("Réponse d’un médecin donnée au guichet", "neutre"),
    "desistement": ("Le médecin est revenu sur son accord", "attente"),
    "expiree": ("Proposition restée sans réponse", "attente"),
    "rappel_patient": ("Rappel envoyé au patient", "neutre"),
    "patient_a_rappeler": ("Pas de réponse du patient : à appeler", "attente"),
    "declinee_patient": ("Le patient a dit non : la demande garde son rang", "attente"),
    "placee": ("Le patient a dit oui : médecin trouvé", "bien"),
    "close": ("Demande close", "neutre"),
    "rouverte": ("Demande rouverte", "attente"),
    "appelee": ("Appel", "neutre"),
    "appel_annule": ("Appel noté par erreur, retiré", "neutre"),
    "tache_notee": ("À faire", "neutre"),
    "tache_faite": ("Fait", "bien"),
    "tache_annulee": ("Tâche retirée", "neutre"),
    "tache_transmise": ("Tâche confiée à une autre personne", "neutre"),
    "priorite_decidee": ("Priorité décidée", "attente"),
    "priorite_rendue": ("Priorité rendue au calcul", "neutre"),
    "reponse_annulee": ("Réponse du patient annulée : notée par erreur", "attente"),
    "premier_rdv": ("Premier rendez-vous", "cours"),
    "declaration": ("Déclaration du médecin traitant", "cours"),
    "nouvelles_demandees": ("Nouvelles demandées par courriel", "neutre"),
    "nouvelles_rappelees": ("Nouvelles redemandées par courriel", "neutre"),
    "nouvelles": ("La personne a donné de ses nouvelles", "cours"),
    "suivi_fini": ("Suivi fini", "bien"),
    "suivi_repris": ("Suivi repris", "attente"),
    "equipier": ("Équipe traitante : un professionnel de plus", "cours"),
    "equipier_fini": ("Équipe traitante : un professionnel de moins", "neutre"),
    "equipe_revue": ("Équipe traitante revue avec la personne", "neutre"),
}
# Which labels say the code kept in a detail of the journal.
DETAILS: dict[str, tuple[str, type[TextChoices]]] = {
    "refusee": ("motif", MotifRefus),
    "close": ("motif", Cloture),
    "appelee": ("issue", IssueAppel),
    "tache_notee": ("quoi", Quoi),
    "tache_faite": ("quoi", Quoi),
    "tache_annulee": ("quoi", Quoi),
    "priorite_decidee": ("motif", MotifPriorite),
    "declaration": ("declaration", Declaration),
    "nouvelles": ("bilan", Bilan),
    "suivi_fini": ("bilan", Bilan),
    "equipier": ("role", RoleEquipe),
}


def get_demande(demande_id: UUID, *, for_acteur: Acteur) -> Demande:
    """A request that this actor may see; Http404 for unknown and forbidden alike."""
    demande = (
        Demande.objects.visible_to(for_acteur)
        .select_related("cpts", "patient__commune", "responsable__compte", "medecin", "depositaire__compte")
        .filter(pk=demande_id)
        .first()
    )
    if demande is None:
        raise Http404
    return demande


def get_demande_of(sollicitation: Sollicitation) -> Demande:
    """The request for which a doctor was asked; Http404 for a solicitation of another kind."""
    if sollicitation.appel.genre != GENRE:
        raise Http404
    return Demande.objects.get(pk=sollicitation.appel.objet_id)


def list_demandes(*, for_acteur: Acteur) -> QuerySet[Demande]:
    """The requests of this actor, first in rank first, with what a line shows."""
    return Demande.objects.visible_to(for_acteur).select_related("commune", "responsable__compte", "medecin").by_rank()


def list_communes(cpts_id: UUID) -> list[Commune]:
    """The communes of the community's territory today, by name."""
    composition = TerritoireCommune.objects.filter(cpts_id=cpts_id, territoire__periode__contains=today())
    return list(Commune.objects.filter(pk__in=composition.values("commune")))


def list_responsables(cpts_id: UUID) -> list[Membre]:
    """Who may follow a request: the active members of the desk."""
    membres = Membre.objects.filter(cpts_id=cpts_id, actif=True, roles__overlap=DESK).select_related("compte")
    return sorted(membres, key=lambda membre: str(membre.compte))


def tranche_age(demande: Demande) -> str:
    """An age that does not point at one person."""
    annee = demande.patient.annee_naissance
    if annee is None:
        return "plus de 70 ans" if demande.plus_de_70 else "âge non précisé"
    age = today().year - annee
    for limite, libelle in ((16, "moins de 16 ans"), (41, "16 à 40 ans"), (71, "41 à 70 ans")):
        if age < limite:
            return libelle
    return "plus de 70 ans"


@dataclass(frozen=True, slots=True)
class VueMedecin:
    """All that a doctor knows before accepting. Neither identity, nor C2S or AME, nor the score that would betray
    them: a field that is not here cannot be shown by mistake."""

    age: str
    commune: str
    ald: bool
    visite: bool
    langue: str
    besoins: tuple[str, ...]

    @property
    def titre(self) -> str:
        return f"{self.age[:1].upper()}{self.age[1:]}, {self.commune}"


def view_as_medecin(demande: Demande) -> VueMedecin:
    """The request as a solicited doctor sees it."""
    besoins = [
        libelle
        for present, libelle in (
            (demande.ald, "Affection de longue durée (ALD)"),
            (demande.ne_peut_se_deplacer, "Visites à domicile : la personne ne peut pas se déplacer"),
            (demande.grossesse, "Grossesse en cours"),
            (demande.sortie_hopital, "Sort de l’hôpital"),
            (demande.acces_pmr, "Cabinet accessible en fauteuil roulant"),
        )
        if present
    ]
    langue = "" if demande.langue == Langue.FRANCAIS else Langue(demande.langue).label
    if langue:
        besoins.append(f"Parle {langue}" if demande.langue != Langue.AUTRE else "Ne parle pas français")
    return VueMedecin(
        age=tranche_age(demande),
        commune=demande.patient.commune.nom,
        ald=demande.ald,
        visite=demande.ne_peut_se_deplacer,
        langue=langue,
        besoins=tuple(besoins),
    )


def present_demandes(cpts_id: UUID, demande_ids: Collection[UUID]) -> dict[UUID, VueSollicitation]:
    """Requests as solicited doctors see them, with the reasons of refusal that make sense for each. One query."""
    demandes = Demande.objects.filter(cpts_id=cpts_id, pk__in=demande_ids).select_related("patient__commune")
    return {demande.pk: _present(view_as_medecin(demande)) for demande in demandes}


def _present(vue: VueMedecin) -> VueSollicitation:
    senseless = {MotifRefus.VISITES: not vue.visite, MotifRefus.LANGUE: not vue.langue}
    motifs = tuple((motif.value, str(motif.label)) for motif in MotifRefus if not senseless.get(motif))
    return VueSollicitation(vue.titre, vue.besoins, motifs)


def build_frise(demande: Demande) -> list[Evenement]:
    """What happened to a request, latest first, with who did it: three queries."""
    return [evenement for _, evenements in build_tours(demande) for evenement in evenements]


def build_tours(demande: Demande) -> list[tuple[int, list[Evenement]]]:
    """The same round by round, the latest first: a round begins each time the request is opened again."""
    entrees = list(
        Entree.objects.filter(
            cpts_id=demande.cpts_id, objet_id=demande.pk, evenement__startswith="medecin_traitant."
        ).order_by("id")
    )
    comptes = Compte.objects.in_bulk({entree.compte_id for entree in entrees if entree.compte_id})
    medecins = Professionnel.objects.in_bulk(
        {UUID(entree.details["medecin"]) for entree in entrees if entree.details.get("medecin")}
    )
    tours: list[list[Evenement]] = [[]]
    for entree in entrees:
        if entree.evenement.endswith(".rouverte"):
            tours.append([])
        tours[-1].append(_event(entree, comptes, medecins))
    return [(numero, tours[numero - 1][::-1]) for numero in range(len(tours), 0, -1)]


def _event(entree: Entree, comptes: dict[UUID, Compte], medecins: dict[UUID, Professionnel]) -> Evenement:
    code = entree.evenement.partition(".")[2]
    titre, ton = TITRES.get(code, (entree.evenement, "neutre"))
    details = entree.details
    if medecin := medecins.get(UUID(details["medecin"])) if details.get("medecin") else None:
        titre = f"Proposée à {medecin}"
    compte = comptes.get(entree.compte_id) if entree.compte_id else None
    qui = str(compte) if compte else _kind(entree.acteur)
    return Evenement(quand=entree.le, titre=titre, qui=qui, texte=_say_detail(code, details), ton=ton)


def _say_detail(code: str, details: dict[str, Any]) -> str:
    """The code kept by the journal, in words; a doctor's reason is quoted, because the doctor said it."""
    name, choices = DETAILS.get(code, ("", None))
    value = details.get(name)
    texte = str(choices(value).label) if choices is not None and value else ""
    if code == "refusee":
        return f"« {texte} »"
    if code == "priorite_decidee":
        return f"{details['niveau']} : {texte}"
    if details.get("le") and code in {"premier_rdv", "tache_notee", "planifiee", "equipe_revue"}:
        jour = format_date(date.fromisoformat(details["le"]), jour=False)
        return f"{texte}, pour le {jour}" if texte else f"le {jour}"
    return texte


def _kind(etiquette: str) -> str:
    kinds = {"public": "formulaire public", "lien": "par son lien personnel", "systeme": "Maillon"}
    return kinds.get(etiquette.partition(":")[0], "")


def search_demandes(demandes: QuerySet[Demande], texte: str, *, by: Acteur, toutes: bool = False) -> QuerySet[Demande]:
    """Requests by the beginning of their reference, or by a name or telephone found through its fingerprints; each hit
    of the latter leaves its trace. Names are searched among the people of these requests, unless they are nearly all
    those of the community: `toutes`."""
    if texte.upper().startswith("MT-"):
        return demandes.filter(reference__startswith=texte.upper())
    parmi = None if toutes else demandes.values("patient")
    found = search_patients(texte, pourquoi="recherche au guichet", by=by, limite=200, parmi=parmi)
    return demandes.filter(patient__in=found)
