"""Sentences of home pages after meetings: attendance not taken, minutes to approve or to write, tasks that are due."""

from datetime import datetime, timedelta
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from maillon.communaute.personnes.selectors import get_personne_of
from maillon.socle.cpts.selectors import get_slug
from maillon.socle.declarations import Alerte
from maillon.socle.droits.acteur import Acteur
from maillon.socle.ui.typographie import compter

from .enums import Etat, EtatCompteRendu, Qualite
from .models import Approbation, CompteRendu, Reunion, Tache
from .permissions import GERER

PROCHES = timedelta(days=3)
# Minutes are missed from a week after the meeting, and no more after three months.
A_ECRIRE_APRES, A_ECRIRE_AVANT = timedelta(days=7), timedelta(days=90)


def list_alertes(cpts_id: UUID, acteur: Acteur, now: datetime) -> list[Alerte]:
    """What meetings leave to do; seven queries at most."""
    slug = get_slug(cpts_id)
    alertes = []
    personne = get_personne_of(acteur)
    if personne is not None:
        alertes += _about_taches(cpts_id, slug, personne.pk, now)
        alertes += _about_approbations(cpts_id, slug, personne.pk)
    if acteur.can(GERER):
        alertes += _about_presences(cpts_id, slug, now)
        alertes += _about_comptes_rendus(cpts_id, slug, now)
    return alertes


def _about_taches(cpts_id: UUID, slug: str, personne_id: UUID, now: datetime) -> list[Alerte]:
    jour = timezone.localtime(now).date()
    echeances = list(
        Tache.objects.ouvertes()
        .filter(cpts_id=cpts_id, responsable=personne_id, echeance__lte=jour + PROCHES)
        .values_list("echeance", flat=True)
    )
    retards = sum(echeance < jour for echeance in echeances)
    if not echeances:
        return []
    proches = len(echeances) - retards
    dits = []
    if retards:
        dits.append(f"{retards} en retard")
    if proches:
        dits.append(f"{proches} à faire sous trois jours")
    phrase = f"Vos tâches de réunion\u00a0: {', '.join(dits)}."
    url = reverse("reunions:mes_taches", args=[slug])
    return [Alerte("expire", phrase, url, nombre=len(echeances), le=min(echeances), urgente=bool(retards))]


def _about_approbations(cpts_id: UUID, slug: str, personne_id: UUID) -> list[Alerte]:
    soumis = CompteRendu.objects.filter(cpts_id=cpts_id, etat=EtatCompteRendu.SOUMIS).select_related("reunion")
    miens = [c for c in soumis if personne_id in (c.president_id, c.secretaire_id)]
    if not miens:
        return []
    donnees = set(
        Approbation.objects.filter(version__compte_rendu__in=miens, personne=personne_id).values_list(
            "version__compte_rendu", "version__numero", "qualite"
        )
    )
    alertes = []
    for compte_rendu in miens:
        qualite = Qualite.PRESIDENT if compte_rendu.president_id == personne_id else Qualite.SECRETAIRE
        if (compte_rendu.pk, compte_rendu.version, qualite.value) not in donnees:
            url = reverse("reunions:compte_rendu", args=[slug, compte_rendu.reunion_id])
            phrase = f"Le compte rendu de « {compte_rendu.reunion} » attend votre approbation."
            alertes.append(Alerte("attend", phrase, url, le=compte_rendu.reunion.debut))
    return alertes


def _about_presences(cpts_id: UUID, slug: str, now: datetime) -> list[Alerte]:
    passees = list(
        Reunion.objects.filter(cpts_id=cpts_id, etat__in=[Etat.PREPARATION, Etat.CONVOQUEE], fin__lt=now).order_by(
            "debut"
        )
    )
    if not passees:
        return []
    debut = compter(len(passees), "réunion passée n’est pas close", "réunions passées ne sont pas closes")
    phrase = f"{debut}\u00a0: tant que les présences manquent, rien n’en compte au contrat."
    url = reverse("reunions:presences", args=[slug, passees[0].pk])
    return [Alerte("preuve", phrase, url, nombre=len(passees), le=passees[0].debut)]


def _about_comptes_rendus(cpts_id: UUID, slug: str, now: datetime) -> list[Alerte]:
    tenues = Reunion.objects.filter(
        cpts_id=cpts_id, etat=Etat.TENUE, debut__gt=now - A_ECRIRE_AVANT, debut__lt=now - A_ECRIRE_APRES
    )
    sans = list(tenues.exclude(compte_rendu__etat=EtatCompteRendu.VALIDE).order_by("debut"))
    if not sans:
        return []
    quoi = compter(len(sans), "réunion tenue n’a pas", "réunions tenues n’ont pas")
    url = reverse("reunions:compte_rendu", args=[slug, sans[0].pk])
    return [Alerte("preuve", f"{quoi} de compte rendu validé.", url, nombre=len(sans), le=sans[0].debut)]
