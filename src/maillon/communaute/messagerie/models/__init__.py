"""Conversations, threads about patients, announcements, mailings, MSSanté."""

from .annonces import Annonce, Reception
from .conversations import Conversation, MessageConversation, Participant, PieceConversation
from .envois import Desabonnement, Destinataire, Envoi, PieceEnvoi
from .fils import MessagePatient, PiecePatient
from .mssante import BoiteMssante, EnvoiMssante

__all__ = [
    "Annonce",
    "BoiteMssante",
    "Conversation",
    "Desabonnement",
    "Destinataire",
    "Envoi",
    "EnvoiMssante",
    "MessageConversation",
    "MessagePatient",
    "Participant",
    "PieceConversation",
    "PieceEnvoi",
    "PiecePatient",
    "Reception",
]
