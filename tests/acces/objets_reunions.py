"""Meetings, their polls, votes and personal links."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from acces.objets import canari, lien, objet
from fabriques.personnes import PersonneFabrique
from fabriques.reunions import ParticipationFabrique, PointFabrique, ReunionFabrique
from maillon.communaute.personnes.services import keep_membre
from maillon.communaute.reunions.enums import PreuvePouvoir
from maillon.communaute.reunions.models import (
    Convocation,
    Creneau,
    Participation,
    Pouvoir,
    Resolution,
    Reunion,
    Sondage,
)
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.droits.models import Membre
from maillon.socle.fichiers.services import store_fichier
from maillon.socle.horloge import now


def make_convoquee(cpts: Cpts, membre: Membre | None) -> Reunion:
    """A board convoked, whose members are the one who asks and two others."""
    reunion: Reunion = ReunionFabrique(cpts=cpts, ca=True, convoquee=True)
    document = store_fichier(
        cpts_id=cpts.pk, nom="convocation.pdf", contenu=b"%PDF-1.4\n%%EOF\n", by=SYSTEME, permission="reunions.voir"
    )
    Convocation.objects.create(
        cpts=cpts,
        reunion=reunion,
        le=now(),
        convoques=3,
        preavis_jours=8,
        quorum_numerateur=1,
        quorum_denominateur=2,
        pouvoirs_max=2,
        document=document,
    )
    if membre is not None:
        keep = keep_membre(membre=membre, by=SYSTEME)
        ParticipationFabrique(cpts=cpts, reunion=reunion, personne=keep, votante=True)
    for _ in range(2):
        ParticipationFabrique(cpts=cpts, reunion=reunion, votante=True)
    return reunion


@objet(
    "reunions:fiche",
    "reunions:repondre",
    "reunions:agenda",
    "reunions:annuler",
    "reunions:relancer",
    "reunions:modifier",
    "reunions:dupliquer",
    "reunions:votes",
    "reunions:direct",
    "reunions:voter",
    "reunions:nouvelle_resolution",
    "reunions:enregistrer_pouvoir",
    "reunions:invites",
    "reunions:points",
)
def _convoquee(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    return {"pk": make_convoquee(cpts, membre).pk}


@objet("reunions:convoquer", "reunions:sans_convocation", "reunions:sondage", "reunions:envoyer_sondage")
def _preparee(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    return {"pk": ReunionFabrique(cpts=cpts).pk}


@objet("reunions:invite")
def _invite(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    one = ParticipationFabrique(cpts=cpts, reunion=ReunionFabrique(cpts=cpts))
    return {"pk": one.reunion_id, "participation_id": one.pk}


@objet("reunions:point")
def _point(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    point = PointFabrique(cpts=cpts, reunion=ReunionFabrique(cpts=cpts))
    return {"pk": point.reunion_id, "point_id": point.pk}


@objet("reunions:creneau")
def _creneau(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    sondage = make_sondage(cpts, ReunionFabrique(cpts=cpts, sans_date=True))
    return {"pk": sondage.reunion_id, "creneau_id": sondage.creneaux.get().pk}


def make_sondage(cpts: Cpts, reunion: Reunion) -> Sondage:
    sondage = Sondage.objects.create(cpts=cpts, reunion=reunion, envoye_le=now())
    debut = now() + timedelta(days=20)
    Creneau.objects.create(cpts=cpts, sondage=sondage, debut=debut, fin=debut + timedelta(hours=1))
    return sondage


@objet("reunions:resolution")
def _resolution(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    reunion = make_convoquee(cpts, membre)
    resolution = Resolution.objects.create(cpts=cpts, reunion=reunion, rang=1, titre="Comptes")
    return {"pk": reunion.pk, "resolution_id": resolution.pk}


@objet("reunions:retirer_pouvoir")
def _pouvoir(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    reunion = make_convoquee(cpts, None)
    mandant, mandataire = reunion.participations.all()
    pouvoir = Pouvoir.objects.create(
        cpts=cpts,
        reunion=reunion,
        mandant=mandant,
        mandataire=mandataire,
        donne_le=now(),
        preuve=PreuvePouvoir.PAPIER,
    )
    return {"pk": reunion.pk, "pouvoir_id": pouvoir.pk}


@objet("reunions:regles_instance")
def _instance(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    return {"instance": "ag"}


@lien("reunions.invitation")
def _lien_invitation(cpts: Cpts) -> UUID:
    one: Participation = make_convoquee(cpts, None).participations.first()  # type: ignore[assignment]
    return one.pk


@lien("reunions.sondage")
def _lien_sondage(cpts: Cpts) -> UUID:
    reunion = ReunionFabrique(cpts=cpts, sans_date=True)
    make_sondage(cpts, reunion)
    one: Participation = ParticipationFabrique(cpts=cpts, reunion=reunion)
    return one.pk


@canari
def _reunions(cpts: Cpts, mot: str) -> None:
    reunion = ReunionFabrique(cpts=cpts, titre=mot, lieu=mot)
    ParticipationFabrique(cpts=cpts, reunion=reunion, personne=PersonneFabrique(cpts=cpts, nom=mot))
    PointFabrique(cpts=cpts, reunion=reunion, titre=mot)
