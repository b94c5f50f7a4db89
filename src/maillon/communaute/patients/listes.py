"""The traces of one patient, as they are given to that person."""

from maillon.socle.journal.listes import DONNEES, PERSONNE, QUAND, QUI, ROLE, ListeJournal
from maillon.socle.ui.composants import Vide
from maillon.socle.ui.listes import Colonne


class ListeTraces(ListeJournal):
    titre = "Accès aux données du patient"
    objet = ("accès", "accès")
    colonnes = (
        QUAND,
        QUI,
        ROLE,
        DONNEES,
        Colonne("pourquoi", "Motif", tri=True),
    )
    filtres = (PERSONNE,)
    export_nom = "traces"
    vide = Vide(
        "Personne n’a lu les données de ce patient", "Chaque lecture s’inscrira ici, avec son motif.", icone="eye"
    )
