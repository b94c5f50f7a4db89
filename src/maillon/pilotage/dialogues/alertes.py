"""Sentences of home pages: those of the coordination, those of the agents of the CPAM and the ARS."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone

from maillon.socle.declarations import Alerte
from maillon.socle.droits.acteur import Acteur
from maillon.socle.droits.enums import RoleTerritorial
from maillon.socle.ui.typographie import compter

from .enums import DISCUTABLES, Etat, Organisme, Porteur, Position
from .models import Avis, Decision, Reponse
from .presentation import say_contestes, say_rendez_vous
from .selectors import Suivi, list_suivis, list_territoire

RENDEZ_VOUS_PROCHE = 30  # days
DITS_AU_TERRITOIRE = 5


def list_alertes(cpts_id: UUID, acteur: Acteur, now: datetime) -> list[Alerte]:
    """What is contested or asked, the meeting that comes, minutes to sign, decisions due; constant queries."""
    jour = timezone.localtime(now).date()
    alertes: list[Alerte] = []
    for suivi in list_suivis([cpts_id], (Etat.PREPARE, *DISCUTABLES, Etat.TENU)):
        dialogue = suivi.dialogue
        url = reverse("dialogues:fiche", args=[dialogue.cpts.slug, dialogue.pk])
        alertes += _say_avis(suivi, url)
        if dialogue.etat == Etat.TENU:
            phrase = f"{dialogue} : le compte rendu signé n’est pas encore déposé, ou le dialogue pas encore clos."
            alertes.append(Alerte("preuve", phrase, url))
        elif dialogue.prevu_le and 0 <= (reste := (dialogue.prevu_le - jour).days) <= RENDEZ_VOUS_PROCHE:
            phrase = f"{dialogue} : {say_rendez_vous(dialogue)}."
            if dialogue.etat == Etat.PREPARE:
                phrase += " Il n’est pas encore transmis."
            alertes.append(Alerte("expire", phrase, url, le=dialogue.prevu_le, urgente=reste <= 7))
    return alertes + _say_decisions(cpts_id, jour)


def _say_avis(suivi: Suivi, url: str) -> Iterable[Alerte]:
    """Contests and questions that wait for an answer."""
    contestes = [fil for fil in suivi.fils if fil.is_conteste]
    if contestes:
        attend = any(fil.attend_reponse for fil in contestes)
        phrase = say_contestes(contestes) + ("" if attend else " Vous avez répondu.")
        yield Alerte("attend", phrase, url, nombre=len(contestes), urgente=attend)
    questions = [fil for fil in suivi.fils if fil.attend_reponse and not fil.is_conteste]
    if questions:
        qui = sorted({o for fil in questions for o in fil.holding(Position.QUESTION)})
        noms = " et ".join(organisme.avec_article for organisme in qui)
        verbe = "posent" if len(qui) > 1 else "pose"
        phrase = f"{noms[0].upper()}{noms[1:]} {verbe} {compter(len(questions), 'question')}."
        yield Alerte("attend", phrase, url, nombre=len(questions))


def _say_decisions(cpts_id: UUID, jour: object) -> list[Alerte]:
    dues = Decision.objects.filter(
        cpts_id=cpts_id, porteur=Porteur.CPTS, faite_le__isnull=True, echeance__lte=jour
    ).select_related("dialogue__cpts")
    return [
        Alerte(
            "expire",
            f"Décision à tenir depuis le {decision.echeance:%d/%m/%Y} : {decision.libelle}.",
            reverse("dialogues:fiche", args=[decision.dialogue.cpts.slug, decision.dialogue_id]) + "#decisions",
            le=decision.echeance,
            urgente=True,
        )
        for decision in dues
    ]


def list_alertes_territoire(acteur: Acteur, now: datetime) -> list[Alerte]:
    """What an agent has to read: dialogues without their opinion yet, answers to what they contested; the nearest ones,
    one sentence for the rest; one query."""
    organismes = [o.value for o in Organisme if acteur.has_role(RoleTerritorial(o.value))]
    dialogues = list_territoire(acteur).filter(etat__in=DISCUTABLES).select_related("cpts")
    avis = Avis.objects.filter(dialogue=OuterRef("pk"), organisme__in=organismes)
    repondus = Avis.objects.filter(
        Exists(Reponse.objects.filter(avis=OuterRef("pk"))),
        dialogue=OuterRef("pk"),
        organisme__in=organismes,
        position__in=(Position.CONTESTE, Position.QUESTION),
    )
    plus_recents = Avis.objects.filter(
        dialogue=OuterRef("dialogue"),
        indicateur=OuterRef("indicateur"),
        organisme=OuterRef("organisme"),
        le__gt=OuterRef("le"),
    )
    lus = dialogues.annotate(a_lire=~Exists(avis), repondu=Exists(repondus.exclude(Exists(plus_recents))))
    alertes = []
    a_dire = [dialogue for dialogue in lus.order_by("prevu_le", "pk") if dialogue.a_lire or dialogue.repondu]
    for dialogue in a_dire[:DITS_AU_TERRITOIRE]:
        url = reverse("dialogues:territoire_fiche", args=[dialogue.pk])
        nom = f"{dialogue.cpts.nom} : {str(dialogue)[0].lower()}{str(dialogue)[1:]}"
        if dialogue.a_lire:
            quand = f", {say_rendez_vous(dialogue)}" if dialogue.prevu_le else ""
            alertes.append(Alerte("attend", f"{nom} à lire{quand}.", url, le=dialogue.prevu_le))
        else:
            alertes.append(Alerte("attend", f"{nom}, la communauté a répondu à votre avis.", url))
    if reste := len(a_dire) - len(alertes):
        phrase = f"{compter(reste, 'autre dialogue', 'autres dialogues')} à lire, ou où une réponse est arrivée."
        alertes.append(Alerte("attend", phrase, reverse("dialogues:territoire"), nombre=reste))
    return alertes
