"""Objects of the addresses of messages."""

from typing import Any
from uuid import UUID

from acces.objets import canari, lien, objet
from fabriques.messagerie import (
    get_piece,
    make_annonce,
    make_boite,
    make_conversation,
    make_envoi,
    make_fil,
    make_gens,
)
from maillon.communaute.messagerie.criteres import Criteres
from maillon.communaute.messagerie.enums import EtatMssante, Portee
from maillon.communaute.messagerie.models import BoiteMssante, EnvoiMssante, Participant
from maillon.communaute.messagerie.services.commun import Recu
from maillon.communaute.messagerie.services.envois import LIEN_DESABONNEMENT, save_envoi
from maillon.communaute.messagerie.services.mssante import send_document
from maillon.communaute.personnes.services import keep_membre
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.droits.enums import Role
from maillon.socle.droits.models import Membre
from maillon.socle.fichiers.models import Fichier
from maillon.socle.horloge import now

M = "messagerie:"


@objet(*(M + name for name in ("conversation", "suite", "ajouter", "archiver", "quitter")))
def _conversation(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    return {"pk": make_conversation(cpts, membre).pk}


@objet(M + "revenir")
def _quittee(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    conversation = make_conversation(cpts, membre)
    Participant.objects.filter(conversation=conversation).update(quittee_le=now())
    return {"pk": conversation.pk}


@objet(M + "ouvrir")
def _patient(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    return {"patient_id": make_fil(cpts, membre).patient_id}


@objet(M + "fil", M + "fil_suite", M + "fil_ajouter", M + "courrier")
def _fil(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    return {"pk": make_fil(cpts, membre).pk}


@objet(M + "piece", M + "envoyer_mssante")
def _piece(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    fil = make_fil(cpts, membre)
    return {"pk": fil.pk, "piece_id": get_piece(fil).pk}


@objet(M + "renvoyer_mssante")
def _envoi_mssante(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    if not BoiteMssante.objects.filter(cpts=cpts).exists():
        make_boite(cpts)
    fil = make_fil(cpts, membre)
    envoi = send_document(
        fil=fil, piece=get_piece(fil), adresse="jeanne.durand@medecin.mssante.fr", texte="", by=SYSTEME
    )
    EnvoiMssante.objects.filter(pk=envoi.pk).update(etat=EtatMssante.REFUSE)
    return {"pk": fil.pk, "envoi_id": envoi.pk}


@objet(*(M + name for name in ("annonce", "annonce_lue", "rappeler_annonce", "retirer_annonce")))
def _annonce(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    if membre is not None:
        keep_membre(membre=membre, by=SYSTEME)
    return {"pk": make_annonce(cpts).pk}


@objet(
    *(
        M + name
        for name in (
            "envoi",
            "modifier_envoi",
            "avancement",
            "destinataires",
            "essayer_envoi",
            "lancer_envoi",
            "renvoyer_envoi",
            "copier_envoi",
            "garder_envoi",
            "supprimer_envoi",
        )
    )
)
def _envoi(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    return {"pk": make_envoi(cpts).pk}


@objet(M + "retirer_piece")
def _piece_envoi(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    envoi = make_envoi(cpts)
    save_envoi(cpts_id=cpts.pk, champs={}, pieces=[Recu("a.pdf", b"%PDF-1.7")], envoi=envoi, by=SYSTEME)
    return {"pk": envoi.pk, "fichier_id": Fichier.objects.filter(cpts=cpts).latest("depose_le").pk}


@lien(LIEN_DESABONNEMENT)
def _desabonnement(cpts: Cpts) -> UUID:
    return make_gens(cpts, Role.BUREAU)[0].pk


@canari
def _messages(cpts: Cpts, mot: str) -> None:
    make_conversation(cpts, titre=mot, texte=mot)
    make_fil(cpts, texte=mot, pieces=[Recu(f"{mot}.pdf", b"%PDF-1.7")])
    make_envoi(cpts, objet=mot, texte=mot)
    make_annonce(cpts, titre=mot, texte=mot, criteres=Criteres(portee=Portee.PERSONNES))
    make_boite(cpts, adresse=f"{mot.lower()}@essai.mssante.fr")
