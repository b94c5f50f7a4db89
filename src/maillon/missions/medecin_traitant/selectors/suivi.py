"""What the desk reads of a request's life: calls, tasks, rounds, équipe traitante; and what each has to do today."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from maillon.communaute.adhesions.selectors import members
from maillon.communaute.annuaire.enums import Profession
from maillon.communaute.annuaire.models import Professionnel
from maillon.communaute.sollicitations.enums import MotifRetrait
from maillon.communaute.sollicitations.models import Sollicitation
from maillon.regles.suivi import Appel, BilanAppels, Issue, assess_appels
from maillon.socle.cpts.selectors import get_slug
from maillon.socle.declarations import Alerte
from maillon.socle.droits.acteur import Acteur
from maillon.socle.horloge import today
from maillon.socle.ui.typographie import compter

from ..enums import APPELS, SUITES, Action, Etat, EtatTache
from ..models import AppelTelephonique, Demande, Equipier, TacheGuichet, Tour
from ..permissions import GERER
from .attente import Tournee, compute_tournee

# How many people a day's list shows at once: their names are read, each with a trace.
APPELS_MONTRES = 20
AUTRES = (Action.PROPOSER, Action.ATTENDRE_MEDECIN, Action.ATTENDRE_PATIENT, Action.DECIDER)


@dataclass(frozen=True, slots=True)
class Vie:
    """The life of one request, as its sheet shows it."""

    appels: list[AppelTelephonique]
    bilan_appels: BilanAppels
    taches: list[TacheGuichet]
    tours: list[Tour]
    equipe: list[Equipier]

    @property
    def en_equipe(self) -> list[Equipier]:
        return [equipier for equipier in self.equipe if equipier.jusque is None]


def read_vie(demande: Demande) -> Vie:
    """Calls, tasks to do, rounds gone by and équipe traitante of a request: four queries."""
    appels = list(demande.appels.select_related("par__compte").filter(annule_le=None).order_by("-le", "-id"))
    taches = (
        demande.taches.filter(etat=EtatTache.A_FAIRE).select_related("responsable__compte").order_by("echeance", "id")
    )
    equipe = demande.equipe.select_related("professionnel").order_by("depuis", "id")
    return Vie(
        appels=appels,
        bilan_appels=assess_calls(appels),
        taches=list(taches),
        tours=list(demande.tours.select_related("medecin")),
        equipe=list(equipe),
    )


def assess_calls(appels: Sequence[AppelTelephonique]) -> BilanAppels:
    """What the calls made in vain say, by the rule; older first for those of the same day."""
    ordered = sorted(appels, key=lambda appel: (appel.le, appel.pk))
    return assess_appels([Appel(timezone.localtime(a.le).date(), Issue(a.issue)) for a in ordered], on=today())


def get_appel(appel_id: UUID, *, demande: Demande) -> AppelTelephonique:
    """A call of this request; Http404 for any other."""
    found = demande.appels.filter(pk=appel_id).first()
    if found is None:
        raise Http404
    return found


def get_tache(tache_id: UUID, *, demande: Demande) -> TacheGuichet:
    """A task of this request; Http404 for any other."""
    found = demande.taches.filter(pk=tache_id).first()
    if found is None:
        raise Http404
    return found


def get_equipier(equipier_id: UUID, *, demande: Demande) -> Equipier:
    """A professional of this request's équipe traitante; Http404 for any other."""
    found = demande.equipe.filter(pk=equipier_id).first()
    if found is None:
        raise Http404
    return found


def list_equipe(demande: Demande) -> list[Equipier]:
    """Who looks after the person today."""
    return list(demande.equipe.en_cours().select_related("professionnel").order_by("depuis", "id"))


def list_equipables(cpts_id: UUID) -> QuerySet[Professionnel]:
    """Member professionals who may join an équipe traitante, by profession then name."""
    adherents = members(cpts_id, on=today()).filter(professionnel__isnull=False).values("professionnel")
    return (
        Professionnel.objects.filter(pk__in=adherents)
        .exclude(profession=Profession.CHIRURGIEN_DENTISTE)
        .order_by("-profession", "nom_recherche")
    )


def find_declinee(demande: Demande) -> Sollicitation | None:
    """The doctor whom the patient declined last, while nobody was asked since."""
    if demande.etat != Etat.QUALIFIEE:
        return None
    asked = demande.sollicitations.filter(envoyee_le__isnull=False).select_related("professionnel")
    last = asked.order_by("-envoyee_le", "-id").first()
    return last if last is not None and last.motif_retrait == MotifRetrait.PATIENT else None


def can_undo_reponse(demande: Demande) -> bool:
    """Whether the patient's answer, recorded by mistake, may still be taken back."""
    if demande.etat == Etat.PLACEE:
        return demande.suivi_fini_le is None and not demande.bilan
    return find_declinee(demande) is not None


@dataclass(frozen=True, slots=True)
class Journee:
    """What is to be done today: calls (the first ones, and how many in all), tasks, other steps that fell due."""

    appels: list[Demande]
    appels_total: int
    taches: list[TacheGuichet]
    autres: list[Demande]
    autres_total: int
    tournee: Tournee

    @property
    def is_vide(self) -> bool:
        return not (self.appels or self.taches or self.autres or self.tournee.aujourd_hui)


def list_a_appeler(demandes: QuerySet[Demande]) -> QuerySet[Demande]:
    """Those to call now. News of a placement are asked by mail first: they wait until the reminder left."""
    asked = ~Q(prochaine_action__in=SUITES) | Q(suite_relancee_le__isnull=False)
    due = demandes.filter(asked, prochaine_action__in=APPELS, prochaine_date__lte=today())
    return due.order_by("-priorite_score", "prochaine_date", "id")


def read_journee(*, for_acteur: Acteur, responsable_id: UUID | None) -> Journee:
    """The day's list of one person of the desk, or of all (`responsable_id` None): six queries."""
    assert for_acteur.cpts_id is not None
    demandes = Demande.objects.visible_to(for_acteur).suivies()
    taches = TacheGuichet.objects.filter(etat=EtatTache.A_FAIRE, cpts=for_acteur.cpts_id, echeance__lte=today())
    if responsable_id is not None:
        demandes = demandes.filter(responsable=responsable_id)
        taches = taches.filter(responsable=responsable_id)
    sans_accord = demandes.sans_accord()
    whole = ("patient__commune", "responsable__compte", "medecin")
    appels = list_a_appeler(demandes)
    autres = demandes.filter(prochaine_action__in=AUTRES, prochaine_date__lte=today()).by_rank()
    return Journee(
        appels=list(appels.select_related(*whole)[:APPELS_MONTRES]),
        appels_total=appels.count(),
        taches=list(
            taches.select_related("demande__patient__commune", "responsable__compte").order_by("echeance", "id")[:50]
        ),
        autres=list(autres.select_related(*whole)[:APPELS_MONTRES]),
        autres_total=autres.count(),
        tournee=compute_tournee(sans_accord),
    )


def list_alertes_journee(cpts_id: UUID, acteur: Acteur, moment: datetime) -> list[Alerte]:
    """What this person of the desk has to do today, in a sentence each: two queries."""
    if not acteur.can(GERER) or acteur.membre_id is None:
        return []
    mine = Demande.objects.suivies().filter(cpts_id=cpts_id, responsable=acteur.membre_id)
    appels = list_a_appeler(mine).order_by().aggregate(nombre=Count("pk"))["nombre"]
    taches = TacheGuichet.objects.filter(
        etat=EtatTache.A_FAIRE, cpts_id=cpts_id, responsable=acteur.membre_id, echeance__lte=today()
    )
    a_faire = taches.aggregate(nombre=Count("pk"))["nombre"]
    if not (appels or a_faire):
        return []
    url = reverse("medecin_traitant_journee", args=[get_slug(cpts_id)])
    parts = [compter(appels, "appel", "appels")] if appels else []
    parts += [compter(a_faire, "tâche", "tâches")] if a_faire else []
    phrase = f"Votre journée au guichet : {' et '.join(parts)}."
    return [Alerte("attend", phrase, url, nombre=appels + a_faire, le=today())]
