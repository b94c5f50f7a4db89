"""Messages for tests: call inside `use_cpts(cpts.pk)`."""

from datetime import timedelta
from itertools import count
from typing import Any

from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from fabriques.droits import make_acteur, make_membre
from fabriques.patients import make_patient
from maillon.communaute.messagerie.criteres import Criteres
from maillon.communaute.messagerie.enums import Portee
from maillon.communaute.messagerie.models import Annonce, BoiteMssante, Conversation, Envoi, PiecePatient
from maillon.communaute.messagerie.services.annonces import publish_annonce
from maillon.communaute.messagerie.services.commun import Recu
from maillon.communaute.messagerie.services.conversations import open_conversation
from maillon.communaute.messagerie.services.envois import save_envoi
from maillon.communaute.messagerie.services.fils import open_fil
from maillon.communaute.patients.services import open_relation
from maillon.communaute.personnes.models import Personne
from maillon.communaute.personnes.services import keep_membre
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.acteur import SYSTEME, Acteur
from maillon.socle.droits.enums import Role
from maillon.socle.droits.models import Membre
from maillon.socle.horloge import today
from maillon.socle.identifiants import new_id

PDF = Recu("compte-rendu.pdf", b"%PDF-1.7 essai")
_suite = count(1)


def run_jobs(name: str) -> int:
    """Run the jobs that services queued under this name, as a worker would, outside any community; returns how many."""
    waiting = list(ProcrastinateJob.objects.filter(task_name=name, status="todo").values_list("args", flat=True))
    for arguments in waiting:
        app.tasks[name](**arguments)
    return len(waiting)


def make_rpps() -> str:
    """A number that nobody has."""
    return f"{91_000_000_000 + next(_suite)}"


def _keep(membre: Membre) -> tuple[Personne, Acteur]:
    return keep_membre(membre=membre, by=SYSTEME), make_acteur(membre)


def find_gens(cpts: Cpts, role: Role, *, sauf: Membre | None = None) -> tuple[Personne, Acteur]:
    """Somebody of the community who holds this role alone, made if need be."""
    rows = Membre.objects.select_related("compte", "cpts").filter(cpts=cpts, roles=[role.value])
    membre = rows.exclude(pk=sauf.pk if sauf else None).first()
    if membre is None:
        return make_gens(cpts, role)
    return _keep(membre)


def make_gens(cpts: Cpts, *roles: Role, **champs: Any) -> tuple[Personne, Acteur]:
    """A member and who they are among the people of the community."""
    return _keep(make_membre(cpts, *roles, **champs))


def make_conversation(cpts: Cpts, membre: Membre | None = None, **champs: Any) -> Conversation:
    """A conversation between this member (the coordination by default) and a member of the bureau."""
    _, auteur = find_gens(cpts, Role.COORDINATION) if membre is None else _keep(membre)
    autre, _ = find_gens(cpts, Role.BUREAU, sauf=membre)
    values = {"personnes": [autre], "titre": "Salle", "texte": "La salle est libre.", **champs}
    return open_conversation(cpts_id=cpts.pk, by=auteur, **values)


def make_fil(cpts: Cpts, membre: Membre | None = None, **champs: Any) -> Conversation:
    """A thread about a patient between this member, given a care relation if they need one, and the coordination."""
    autre, _ = find_gens(cpts, Role.COORDINATION, sauf=membre)
    membre = membre or make_membre(cpts, Role.INTERLOCUTEUR_SOCIAL)
    patient = make_patient(cpts)
    membre.compte.rpps = membre.compte.rpps or make_rpps()
    membre.compte.save(update_fields=["rpps"])
    open_relation(patient=patient, rpps=membre.compte.rpps, motif="essai", by=SYSTEME)
    keep_membre(membre=membre, by=SYSTEME)
    values = {"texte": "Elle attend une visite.", "pieces": [PDF], **champs}
    return open_fil(patient=patient, personnes=[autre], by=make_acteur(membre), **values)


def get_piece(fil: Conversation) -> PiecePatient:
    return PiecePatient.objects.only(*PiecePatient.colonnes_lisibles).get(conversation=fil)


def make_envoi(cpts: Cpts, **champs: Any) -> Envoi:
    """A draft to everybody known."""
    _, claire = find_gens(cpts, Role.COORDINATION)
    values = {
        "objet": "Ateliers",
        "texte": "Bonjour {prénom}",
        "criteres": Criteres(portee=Portee.PERSONNES).as_json(),
        **champs,
    }
    return save_envoi(cpts_id=cpts.pk, champs=values, by=claire)


def make_annonce(cpts: Cpts, **champs: Any) -> Annonce:
    """An announcement to everybody known who has an account; one of them at least."""
    _, claire = find_gens(cpts, Role.COORDINATION)
    values = {
        "titre": "Assemblée",
        "texte": "Réservez votre soirée.",
        "criteres": Criteres(portee=Portee.PERSONNES),
        "affichee_jusqu_au": today() + timedelta(days=7),
        "par_courriel": False,
        **champs,
    }
    return publish_annonce(cpts_id=cpts.pk, by=claire, **values)


def make_boite(cpts: Cpts, **champs: Any) -> BoiteMssante:
    """The mailbox of a community, on this machine unless said otherwise."""
    values = {"adresse": "cpts@essai.mssante.fr", "smtp_hote": "localhost", "identifiant": "cpts", **champs}
    boite = BoiteMssante(id=new_id(), cpts_id=cpts.pk, **values)
    boite.write_secret("secret")
    boite.save(force_insert=True)
    return boite
