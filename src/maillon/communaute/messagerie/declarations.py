"""What messages offer to upper rooms: menu, sentences of home pages, events, personal data, patients' rights."""

from datetime import datetime, timedelta
from uuid import UUID

from django.urls import reverse

from maillon.socle.cpts.selectors import get_slug
from maillon.socle.declarations import (
    AccesFichier,
    Alerte,
    DonneesPersonnelles,
    EffacementPatient,
    EntreeMenu,
    OppositionPatient,
    SourceAlertes,
)
from maillon.socle.droits.acteur import Acteur
from maillon.socle.ui.typographie import compter

from .models import Conversation
from .permissions import CONVERSER, DIFFUSER, SOIGNER
from .selectors.conversations import get_unread
from .selectors.diffusion import is_piece_visible, list_a_lire
from .selectors.fils import count_refused
from .services import fils

# A refusal that nobody took up for so long is no news any more; its thread still shows it.
RECENT = timedelta(days=14)


def get_alertes(cpts_id: UUID, acteur: Acteur, moment: datetime) -> list[Alerte]:
    """Announcements to read, conversations that wait, documents that MSSanté did not deliver."""
    annonces, unread = list_a_lire(acteur), get_unread(acteur)
    refused = count_refused(acteur, since=moment - RECENT) if acteur.can(SOIGNER) else []
    if not annonces and not unread.conversations and not refused:
        return []
    slug = get_slug(cpts_id)
    found = [
        Alerte(
            "attend",
            f"Annonce à lire : {annonce.titre}",
            reverse("messagerie:annonce", args=[slug, annonce.pk]),
            le=annonce.publiee_le,
        )
        for annonce in annonces
    ]
    if unread.conversations:
        page = reverse("messagerie:conversations", args=[slug])
        if unread.seule is not None:
            page = reverse("messagerie:conversation", args=[slug, unread.seule.pk])
        phrase = f"{compter(unread.conversations, 'conversation a', 'conversations ont')} des messages non lus"
        found.append(Alerte("attend", phrase, page, unread.conversations, le=unread.depuis))
    for fil, nombre in refused:
        phrase = f"{compter(nombre, 'document n’est pas arrivé', 'documents ne sont pas arrivés')} par MSSanté"
        found.append(Alerte("attend", phrase, reverse("messagerie:fil", args=[slug, fil]), nombre, urgente=True))
    return found


def may_open_piece(acteur: Acteur, fichier_id: UUID) -> bool:
    """A document of a conversation opens to those who take part in it."""
    return Conversation.objects.visible_to(acteur).filter(messages__pieces__fichier=fichier_id).exists()


def erase_fils(cpts_id: UUID, patient_id: UUID) -> int:
    return fils.erase_fils(cpts_id=cpts_id, patient_id=patient_id)


def close_opposed(cpts_id: UUID, patient_id: UUID, by: Acteur) -> int:
    return fils.close_opposed(cpts_id=cpts_id, patient_id=patient_id, by=by)


MENU = (
    EntreeMenu("Messages", "messagerie:conversations", "messages", "Communauté", CONVERSER, ordre=60),
    EntreeMenu("Annonces", "messagerie:annonces", "bell", "Communauté", CONVERSER, 62, sous="messagerie:conversations"),
    EntreeMenu(
        "Écrire aux membres", "messagerie:envois", "send", "Communauté", DIFFUSER, 64, sous="messagerie:conversations"
    ),
    EntreeMenu("Message", "messagerie:nouvelle", "message", "Nouveau", CONVERSER, ordre=60),
)
ALERTES = (SourceAlertes(get_alertes, CONVERSER),)
ACCES_FICHIERS = (AccesFichier(CONVERSER, may_open_piece), AccesFichier(DIFFUSER, is_piece_visible))
EFFACEMENTS = (EffacementPatient("messagerie.MessagePatient", erase_fils),)
OPPOSITIONS = (OppositionPatient("messagerie.Conversation", close_opposed),)
EVENEMENTS = (
    ("messagerie.ouverte", "Conversation ouverte"),
    ("messagerie.message", "Message écrit"),
    ("messagerie.participant", "Personne ajoutée à une conversation"),
    ("messagerie.quittee", "Conversation quittée"),
    ("messagerie.rejointe", "Conversation rejointe"),
    ("messagerie.fil_ouvert", "Fil ouvert au sujet d’un patient"),
    ("messagerie.message_patient", "Message écrit au sujet d’un patient"),
    ("messagerie.expiree", "Messages effacés à la fin de leur conservation"),
    ("messagerie.annonce", "Annonce publiée"),
    ("messagerie.annonce_lue", "Annonce lue"),
    ("messagerie.annonce_rappelee", "Annonce rappelée à ceux qui ne l’ont pas lue"),
    ("messagerie.annonce_retiree", "Annonce retirée"),
    ("messagerie.annonce_remise", "Annonce remise"),
    ("messagerie.envoi_enregistre", "Brouillon d’envoi enregistré"),
    ("messagerie.envoi_modele", "Modèle d’envoi gardé ou retiré"),
    ("messagerie.envoi_essaye", "Envoi essayé"),
    ("messagerie.envoi_lance", "Envoi lancé"),
    ("messagerie.envoi_parti", "Envoi remis au facteur"),
    ("messagerie.envoi_renvoye", "Envoi repris après des échecs"),
    ("messagerie.envoi_supprime", "Brouillon d’envoi supprimé"),
    ("messagerie.desabonnement", "Désabonnement des informations"),
    ("messagerie.reabonnement", "Réabonnement aux informations"),
    ("messagerie.mssante_reglee", "Boîte MSSanté réglée"),
    ("messagerie.mssante_essayee", "Boîte MSSanté essayée"),
    ("messagerie.mssante_oubliee", "Boîte MSSanté retirée"),
    ("messagerie.mssante_demandee", "Document envoyé par MSSanté"),
    ("messagerie.mssante_renvoyee", "Document renvoyé par MSSanté"),
)
_VIE = "Vie de l’association : "
_MESSAGES = "Trois ans après le dernier message de la conversation"
_FIL = "Douze mois après le dernier message du fil, ou à l’effacement du patient"
DONNEES_PERSONNELLES = (
    DonneesPersonnelles("messagerie.Conversation", f"{_VIE}échanges entre membres", _MESSAGES),
    DonneesPersonnelles("messagerie.Participant", f"{_VIE}qui prend part à un échange", _MESSAGES),
    DonneesPersonnelles("messagerie.MessageConversation", f"{_VIE}échanges entre membres", _MESSAGES),
    DonneesPersonnelles(
        "messagerie.MessagePatient", "Coordonner les soins d’une personne entre ceux qui la suivent", _FIL, patient=True
    ),
    DonneesPersonnelles(
        "messagerie.PiecePatient", "Coordonner les soins d’une personne entre ceux qui la suivent", _FIL, patient=True
    ),
    DonneesPersonnelles(
        "messagerie.EnvoiMssante", "Transmettre un document à un professionnel par MSSanté", _FIL, patient=True
    ),
    DonneesPersonnelles("messagerie.Annonce", f"{_VIE}informer les membres", "Cinq ans après sa publication"),
    DonneesPersonnelles("messagerie.Reception", f"{_VIE}savoir qui est informé", "Cinq ans après l’annonce"),
    DonneesPersonnelles("messagerie.Envoi", f"{_VIE}écrire aux membres", "Cinq ans après l’envoi"),
    DonneesPersonnelles("messagerie.Destinataire", f"{_VIE}à qui un envoi est parti", "Cinq ans après l’envoi"),
    DonneesPersonnelles(
        "messagerie.Desabonnement", "Ne plus écrire à qui ne le veut plus", "Tant que la personne est connue"
    ),
)
