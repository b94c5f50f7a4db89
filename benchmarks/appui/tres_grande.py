"""A desk of 300 000 requests, 15 000 of them open, over 230 000 inhabitants and 300 doctors.

The same rows as those of `grande`, with names as various as true ones, written by COPY as the owner of the tables.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar

from django.db import connections, models, transaction

from maillon.missions.medecin_traitant.enums import Etat
from maillon.portail.demo.communautes import Atelier
from maillon.portail.demo.contrats import sign_contrat
from maillon.portail.demo.services import publish
from maillon.socle import horloge
from maillon.socle.comptes.models import Compte

from .annuaire import COURANTS, _compose_nom, _weigh
from .grande import DONNEES, MODELES, MOIS, Depots, create_comptes, offer_places

SLUG = "tres-grande-mesure"
DEMANDES = 300_000
# One in twenty is open.
PARTS = {Etat.DEPOSEE: 0.005, Etat.QUALIFIEE: 0.03, Etat.PROPOSEE: 0.01, Etat.ACCEPTEE: 0.005, Etat.CLOSE: 0.15}
TRES_GRANDE: dict[str, Any] = {
    **DONNEES,
    "slug": SLUG,
    "nom": "CPTS de la très grande mesure",
    "communes": ["38185", "38421", "38151"],
    "membres": {**DONNEES["membres"], "professions": {"medecin_generaliste": 300, "infirmier": 100}},
}


class DepotsParCopy(Depots):
    nombre = DEMANDES
    parts: ClassVar[dict[Etat, float]] = PARTS

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._courants = _weigh(COURANTS)
        self._rares = [_compose_nom(self.hasard) for _ in range(120_000)]

    def draw_nom(self) -> str:
        return self.hasard.choice(self._courants if self.hasard.random() < 0.08 else self._rares)

    def insert_all(self) -> None:
        """By COPY, without the history that these rows never had."""
        self._set_triggers("DISABLE")
        try:
            super().insert_all()
        finally:
            self._set_triggers("ENABLE")

    def _set_triggers(self, verbe: str) -> None:
        with connections["proprietaire"].cursor() as curseur:
            for modele in MODELES:
                curseur.execute(f'ALTER TABLE "{modele._meta.db_table}" {verbe} TRIGGER USER')

    def write(self, modele: type[Any], lignes: list[Any]) -> None:
        connexion = connections["proprietaire"]
        colonnes = [
            champ
            for champ in modele._meta.concrete_fields
            if not (champ.primary_key and isinstance(champ, models.AutoField))
        ]
        noms = ", ".join(f'"{champ.column}"' for champ in colonnes)
        copie = f'COPY "{modele._meta.db_table}" ({noms}) FROM STDIN'
        with (
            transaction.atomic(using="proprietaire"),
            connexion.cursor() as curseur,
            curseur.cursor.copy(copie) as flux,
        ):
            for ligne in lignes:
                flux.write_row([champ.get_db_prep_save(getattr(ligne, champ.attname), connexion) for champ in colonnes])


def build_tres_grande() -> None:
    """Build the community; nothing to do when it is there."""
    if Compte.objects.filter(email=f"coordination@{SLUG}.example.org").exists():
        return
    now = horloge.now()
    atelier = Atelier(premier_rpps=99_000_900_000)
    communaute = atelier.create_communaute(TRES_GRANDE, since=(now - timedelta(days=30 * MOIS)).date())
    offer_places(communaute, now)
    DepotsParCopy(communaute, create_comptes(communaute, now), now).insert_all()
    sign_contrat(communaute, now=now)
    publish(communaute.cpts.pk)
