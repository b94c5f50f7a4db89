"""A desk of 300 000 requests, 15 000 of them open, over 230 000 inhabitants and 300 doctors.

The same rows as those of `grande`, with names as various as true ones, written by COPY as the owner of the tables.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.db import connections, models, transaction
from django.db.models.expressions import DatabaseDefault

from maillon.communaute.annuaire.models import Professionnel
from maillon.communaute.territoire.models import Commune
from maillon.missions.medecin_traitant.enums import OUVERTS, Etat
from maillon.missions.medecin_traitant.models import Capacite, Demande
from maillon.missions.medecin_traitant.services import keep_jours
from maillon.pilotage.contrats.models import Contrat
from maillon.pilotage.contrats.regles import find_annee
from maillon.pilotage.contrats.releves import refresh_releve
from maillon.portail.demo.communautes import Atelier, Communaute
from maillon.portail.demo.contrats import sign_contrat
from maillon.portail.demo.personnes import Tirage
from maillon.portail.demo.services import publish
from maillon.socle import horloge
from maillon.socle.contexte import use_cpts
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.models import Membre

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
    """Begins with the open requests, and goes on where an interrupted construction stopped."""

    nombre = DEMANDES
    parts: ClassVar[dict[Etat, float]] = PARTS

    def __init__(self, *arguments: Any, total: int) -> None:
        super().__init__(*arguments)
        with use_cpts(self.cpts.pk):
            faites = Counter(Demande.objects.order_by().values_list("etat", flat=True))
        self.premier = faites.total()
        reste = Counter(self.etats) - faites
        ouvertes = [etat for etat in reste.elements() if etat in OUVERTS]
        finies = [etat for etat in reste.elements() if etat not in OUVERTS]
        self.hasard.seed(self.premier)
        self.hasard.shuffle(finies)
        self.etats = [*ouvertes, *finies][: max(0, total - self.premier)]
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
                flux.write_row([self._value_of(ligne, champ, connexion) for champ in colonnes])

    def _value_of(self, ligne: Any, champ: Any, connexion: Any) -> Any:
        value = getattr(ligne, champ.attname)
        if isinstance(value, DatabaseDefault):
            value = getattr(champ.db_default, "value", champ.db_default)
        return champ.get_db_prep_save(value, connexion)


def build_tres_grande(total: int = DEMANDES) -> None:
    """Build the community up to this number of requests; nothing to do when they are there."""
    now = horloge.now()
    communaute, responsables = _find(now) or _create(now)
    depots = DepotsParCopy(communaute, responsables, now, total=total)
    if depots.etats:
        depots.insert_all()
    with use_cpts(communaute.cpts.pk):  # what the night keeps
        keep_jours(cpts_id=communaute.cpts.pk)
    with use_cpts(communaute.cpts.pk):
        if Contrat.objects.exists():
            return
    sign_contrat(communaute, now=now)
    publish(communaute.cpts.pk)
    with use_cpts(communaute.cpts.pk):  # published in its time, as in service
        contrat = Contrat.objects.get()
        numero, _, _ = find_annee(contrat, now.date())
        if numero > 1:
            refresh_releve(cpts_id=communaute.cpts.pk, contrat=contrat, numero=numero - 1)


def _create(now: datetime) -> tuple[Communaute, list[Membre]]:
    atelier = Atelier(premier_rpps=99_000_900_000)
    communaute = atelier.create_communaute(TRES_GRANDE, since=(now - timedelta(days=30 * MOIS)).date())
    offer_places(communaute, now)
    return communaute, create_comptes(communaute, now)


def _find(now: datetime) -> tuple[Communaute, list[Membre]] | None:
    """What `_create` made in an earlier run."""
    cpts = Cpts.objects.filter(slug=SLUG).first()
    if cpts is None:
        return None
    with use_cpts(cpts.pk):
        communes = list(Commune.objects.filter(pk__in=TRES_GRANDE["communes"]).order_by("pk"))
        medecins = list(Professionnel.objects.filter(pk__in=Capacite.objects.values("professionnel")).order_by("pk"))
        gens = [f"{nom}@{SLUG}.example.org" for nom in ("guichet", "coordination")]
        membres = list(Membre.objects.filter(compte__email__in=gens).order_by("-compte__email"))
    return Communaute(cpts, TRES_GRANDE, communes, medecins, Tirage(SLUG)), membres
