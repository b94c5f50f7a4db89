"""Requests as each reader may see them."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from maillon.communaute.annuaire.models import Professionnel
from maillon.communaute.patients.selectors import search_patients
from maillon.communaute.sollicitations.models import Sollicitation
from maillon.communaute.territoire.models import Commune, TerritoireCommune
from maillon.regles.priorite import FaitsDemande, LignePriorite, compute_priorite
from maillon.socle.comptes.models import Compte
from maillon.socle.declarations import VueSollicitation
from maillon.socle.droits.acteur import Acteur
from maillon.socle.droits.enums import Role
from maillon.socle.droits.models import Membre
from maillon.socle.horloge import now, today
from maillon.socle.journal.models import Entree
from maillon.socle.ui.composants import Evenement, Ton

from ..enums import Cloture, Langue, MotifRefus
from ..models import GENRE, Demande

DESK = [Role.INTERLOCUTEUR_SOCIAL.value, Role.COORDINATION.value, Role.SECRETARIAT.value]
FAITS = ("ald", "c2s", "ame", "plus_de_70", "ne_peut_se_deplacer", "grossesse", "sortie_hopital", "isolement")

# What happened, as a sentence; the reader knows who from the journal.
TITRES: dict[str, tuple[str, Ton]] = {
    "deposee": ("Demande déposée", "neutre"),
    "qualifiee": ("Demande qualifiée", "cours"),
    "corrigee": ("Situation corrigée", "neutre"),
    "contact_corrige": ("Téléphone corrigé par la personne", "neutre"),
    "planifiee": ("Prochaine étape décidée", "neutre"),
    "transmise": ("Suivi confié à une autre personne", "neutre"),
    "proposee": ("Proposée à un médecin", "cours"),
    "rappel_medecin": ("Rappel envoyé au médecin", "neutre"),
    "acceptee": ("Acceptée par un médecin", "bien"),
    "refusee": ("Refusée par un médecin", "attente"),
    "refus_annule": ("Refus annulé par le médecin", "cours"),
    "desistement": ("Le médecin est revenu sur son accord", "attente"),
    "expiree": ("Proposition restée sans réponse", "attente"),
    "rappel_patient": ("Rappel envoyé au patient", "neutre"),
    "patient_a_rappeler": ("Pas de réponse du patient : à appeler", "attente"),
    "declinee_patient": ("Le patient a dit non : la demande garde son rang", "attente"),
    "placee": ("Le patient a dit oui : médecin trouvé", "bien"),
    "close": ("Demande close", "neutre"),
    "rouverte": ("Demande rouverte", "attente"),
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
    return (
        Demande.objects.visible_to(for_acteur)
        .select_related("patient__commune", "responsable__compte", "medecin")
        .by_rank()
    )


def list_communes(cpts_id: UUID) -> list[Commune]:
    """The communes of the community's territory today, by name."""
    composition = TerritoireCommune.objects.filter(cpts_id=cpts_id, territoire__periode__contains=today())
    return list(Commune.objects.filter(pk__in=composition.values("commune")))


def list_responsables(cpts_id: UUID) -> list[Membre]:
    """Who may follow a request: the active members of the desk."""
    membres = Membre.objects.filter(cpts_id=cpts_id, actif=True, roles__overlap=DESK).select_related("compte")
    return sorted(membres, key=lambda membre: str(membre.compte))


def explain_priorite(demande: Demande) -> tuple[int, str, tuple[LignePriorite, ...]]:
    """Score, level and reasons of the priority at today's date, for the desk (C2S and AME among them)."""
    faits = FaitsDemande(
        **{name: getattr(demande, name) for name in FAITS}, jours_attente=max(0, (now() - demande.deposee_le).days)
    )
    priorite = compute_priorite(faits, on=today())
    return priorite.score, priorite.niveau.value, priorite.lignes


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
            (demande.ne_peut_se_deplacer, "Visites à domicile : la personne ne peut pas se déplacer"),
            (demande.grossesse, "Grossesse en cours"),
            (demande.sortie_hopital, "Sort de l’hôpital"),
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
    entrees = list(
        Entree.objects.filter(
            cpts_id=demande.cpts_id, objet_id=demande.pk, evenement__startswith="medecin_traitant."
        ).order_by("-id")
    )
    comptes = Compte.objects.in_bulk({entree.compte_id for entree in entrees if entree.compte_id})
    medecins = Professionnel.objects.in_bulk(
        {UUID(entree.details["medecin"]) for entree in entrees if entree.details.get("medecin")}
    )
    return [_event(entree, comptes, medecins) for entree in entrees]


def _event(entree: Entree, comptes: dict[UUID, Compte], medecins: dict[UUID, Professionnel]) -> Evenement:
    titre, ton = TITRES.get(entree.evenement.partition(".")[2], (entree.evenement, "neutre"))
    details = entree.details
    texte = ""
    if medecin := medecins.get(UUID(details["medecin"])) if details.get("medecin") else None:
        titre = f"Proposée à {medecin}"
    if entree.evenement.endswith(".refusee"):
        texte = f"« {MotifRefus(details['motif']).label} »"
    elif entree.evenement.endswith(".close"):
        texte = Cloture(details["motif"]).label
    compte = comptes.get(entree.compte_id) if entree.compte_id else None
    qui = str(compte) if compte else _kind(entree.acteur)
    return Evenement(quand=entree.le, titre=titre, qui=qui, texte=texte, ton=ton)


def _kind(etiquette: str) -> str:
    kinds = {"public": "formulaire public", "lien": "par son lien personnel", "systeme": "Maillon"}
    return kinds.get(etiquette.partition(":")[0], "")


def search_demandes(demandes: QuerySet[Demande], texte: str, *, by: Acteur) -> QuerySet[Demande]:
    """Requests by the beginning of their reference, or by a name or telephone found through its fingerprints; each hit
    of the latter leaves its trace."""
    if texte.upper().startswith("MT-"):
        return demandes.filter(reference__istartswith=texte)
    return demandes.filter(patient__in=search_patients(texte, pourquoi="recherche au guichet", by=by, limite=200))
