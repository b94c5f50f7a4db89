"""Objects of attendance, minutes and decisions."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from acces.objets import canari, lien, objet
from fabriques.personnes import PersonneFabrique
from fabriques.reunions import ParticipationFabrique, ReunionFabrique
from maillon.communaute.personnes.services import keep_membre
from maillon.communaute.reunions.codes import make_code
from maillon.communaute.reunions.enums import Etat, GenreDocument, Presence, PreuvePresence
from maillon.communaute.reunions.models import DocumentReunion, Participation, Reunion
from maillon.communaute.reunions.permissions import OUVRIR_DOCUMENTS
from maillon.communaute.reunions.services.comptes_rendus import begin_compte_rendu
from maillon.communaute.reunions.services.decisions import give_tache, record_decision
from maillon.communaute.reunions.services.presences import LIEN_PRESENCE, LIEN_TABLETTE
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.droits.models import Membre
from maillon.socle.fichiers.models import Fichier
from maillon.socle.horloge import now, today
from maillon.socle.identifiants import new_id


def make_soiree(cpts: Cpts, membre: Membre | None, *, mot: str = "Vial", tenue: bool = False) -> Participation:
    """A line of a meeting under way (or held); the member who asks is on the list too."""
    debut = now() - timedelta(minutes=30)
    reunion = ReunionFabrique(cpts=cpts, titre=mot, debut=debut, etat=Etat.TENUE if tenue else Etat.CONVOQUEE)
    if membre is not None:
        ParticipationFabrique(cpts=cpts, reunion=reunion, personne=keep_membre(membre=membre, by=SYSTEME))
    return ParticipationFabrique(
        cpts=cpts,
        reunion=reunion,
        personne=PersonneFabrique(cpts=cpts, nom=mot),
        presence=Presence.PRESENT,
        preuve=PreuvePresence.SAISIE,
        present_le=now(),
    )


@objet(
    "reunions:presences",
    "reunions:presences_code",
    "reunions:presences_tablette",
    "reunions:presences_liens",
    "reunions:presences_feuille",
    "reunions:presences_papier",
    "reunions:presences_ajouter",
    "reunions:presences_clore",
    "reunions:decision_ajouter",
    "reunions:tache_ajouter",
)
def _reunion(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    return {"pk": make_soiree(cpts, membre).reunion_id}


@objet("reunions:presence_noter", "reunions:presence_heures")
def _ligne(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    ligne = make_soiree(cpts, membre)
    return {"pk": ligne.reunion_id, "participation_id": ligne.pk}


@objet("reunions:presence_code")
def _code(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    return {"code": make_code(make_soiree(cpts, membre).reunion_id, now())}


@objet("reunions:lien_tablette_signer")
def _ligne_de_tablette(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    ligne = Participation.objects.order_by("-pk").first()
    return {"participation_id": ligne.pk if ligne else new_id()}


def _tenue(cpts: Cpts, membre: Membre | None) -> Reunion:
    return make_soiree(cpts, membre, tenue=True).reunion


@objet(
    "reunions:compte_rendu",
    "reunions:compte_rendu_ecrire",
    "reunions:compte_rendu_point",
    "reunions:compte_rendu_soumettre",
    "reunions:compte_rendu_approuver",
    "reunions:compte_rendu_reprendre",
)
def _compte_rendu(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    return {"pk": begin_compte_rendu(reunion=_tenue(cpts, membre), by=SYSTEME).reunion_id}


@objet("reunions:compte_rendu_projet")
def _projet(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    return {**_compte_rendu(cpts, membre), "genre": "docx"}


@objet("reunions:decision_retirer")
def _decision(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    reunion = _tenue(cpts, membre)
    return {"pk": reunion.pk, "decision_id": record_decision(reunion=reunion, texte="Oui", by=SYSTEME).pk}


@objet("reunions:tache_faite", "reunions:tache_rouvrir", "reunions:tache_retirer")
def _tache(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    ligne = make_soiree(cpts, membre, tenue=True)
    tache = give_tache(
        reunion=ligne.reunion, libelle="Écrire", responsable=ligne.personne, echeance=today(), by=SYSTEME
    )
    return {"tache_id": tache.pk}


@lien(LIEN_PRESENCE)
def _lien(cpts: Cpts) -> UUID:
    return make_soiree(cpts, None).pk


@lien("reunions.compte_rendu")
def _lien_compte_rendu(cpts: Cpts) -> UUID:
    ligne = make_soiree(cpts, None, tenue=True)
    fichier = Fichier(
        cpts=cpts, nom="cr.pdf", type="application/pdf", taille=1, empreinte="0" * 64, permission=OUVRIR_DOCUMENTS.code
    )
    fichier.save(force_insert=True)
    DocumentReunion.objects.create(
        cpts=cpts, reunion=ligne.reunion, genre=GenreDocument.COMPTE_RENDU, fichier=fichier, empreinte="0" * 64
    )
    return ligne.pk


@lien(LIEN_TABLETTE)
def _tablette(cpts: Cpts) -> UUID:
    return make_soiree(cpts, None).reunion_id


@canari
def _presences(cpts: Cpts, mot: str) -> None:
    ligne = make_soiree(cpts, None, mot=mot, tenue=True)
    record_decision(reunion=ligne.reunion, texte=mot, by=SYSTEME)
    give_tache(reunion=ligne.reunion, libelle=mot, responsable=ligne.personne, echeance=today(), by=SYSTEME)
