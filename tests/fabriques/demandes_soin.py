"""Requests for care that several people want at once, and what became of each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from fabriques.course import race
from fabriques.medecin_traitant import Guichet
from fabriques.patients import make_identite
from fabriques.soins import Pro
from maillon.communaute.patients.models import RelationSoin
from maillon.communaute.sollicitations.enums import EtatAppel, EtatSollicitation
from maillon.communaute.sollicitations.models import Appel, Sollicitation
from maillon.missions.soins_non_programmes import services
from maillon.missions.soins_non_programmes.enums import PRIS, Besoin, EtatDemande, Modalite, Origine
from maillon.missions.soins_non_programmes.models import GENRE, DemandeSoin
from maillon.socle import horloge
from maillon.socle.contexte import use_cpts
from maillon.socle.droits.acteur import Acteur


def file(
    soins: Guichet, *, by: Acteur | None = None, usuel: Pro | None = None, cle: str = "", **identite: object
) -> DemandeSoin:
    """A request for a nurse within two hours, filed by a pharmacy."""
    return services.file_demande(
        cpts=soins.cpts,
        identite=make_identite(**identite),
        saisie=services.SaisieDemande(
            besoin=Besoin.SOIN_INFIRMIER,
            profession="60",
            modalite=Modalite.CABINET,
            commune_id=soins.saint_etienne.pk,
            avant_le=horloge.now() + timedelta(hours=2),
            usuel_id=usuel.professionnel.pk if usuel else None,
        ),
        origine=Origine.PHARMACIE,
        cle_depot=cle or uuid4().hex,
        by=by or soins.acteur,
    )


def asked(demande: DemandeSoin, *etats: str) -> list[Sollicitation]:
    """Who is asked, by wave."""
    rows = Sollicitation.objects.of_objets(GENRE, [demande.pk])
    if etats:
        rows = rows.filter(etat__in=etats)
    return list(rows.order_by("vague", "rang").select_related("professionnel", "appel"))


@dataclass
class Terrain:
    """A community, nurses who are all asked in one wave, and what became of a request."""

    soins: Guichet
    pros: list[Pro]

    @property
    def cpts_id(self) -> UUID:
        return self.soins.cpts.pk

    def file(self) -> tuple[UUID, list[UUID]]:
        """A new request, and its solicitations."""
        saisie = services.SaisieDemande(
            besoin=Besoin.SOIN_INFIRMIER,
            profession="60",
            modalite=Modalite.CABINET,
            commune_id=self.soins.saint_etienne.pk,
            avant_le=horloge.now() + timedelta(hours=2),
        )
        with use_cpts(self.cpts_id):
            demande = services.file_demande(
                cpts=self.soins.cpts,
                identite=make_identite(),
                saisie=saisie,
                origine=Origine.PHARMACIE,
                cle_depot=uuid4().hex,
                by=self.soins.acteur,
            )
            asked = Sollicitation.objects.of_objets(GENRE, [demande.pk]).filter(etat=EtatSollicitation.ENVOYEE)
            pks = list(asked.order_by("pk").values_list("pk", flat=True))
            assert len(pks) == len(self.pros)
            return demande.pk, pks

    def race(self, *gestures: Callable[[], object]) -> list[str]:
        return race(self.cpts_id, gestures)

    def read(self, demande_id: UUID) -> Issue:
        with use_cpts(self.cpts_id):
            demande = DemandeSoin.objects.get(pk=demande_id)
            rows = Sollicitation.objects.of_objets(GENRE, [demande_id])
            relations = RelationSoin.objects.filter(patient=demande.patient_id, jusque=None)
            return Issue(
                EtatDemande(demande.etat),
                sorted(rows.values_list("etat", flat=True)),
                sorted(relations.values_list("rpps", flat=True)),
                demande.rendez_vous.filter(etat__in=PRIS).count(),
                Appel.objects.filter(objet_id=demande_id, etat__in=(EtatAppel.OUVERT, EtatAppel.RESERVE)).count(),
                demande.accepte_par.rpps if demande.accepte_par else "",
            )


@dataclass(frozen=True)
class Issue:
    etat: EtatDemande
    sollicitations: list[str]
    relations: list[str]
    rendez_vous: int
    appels: int
    accepte_par: str

    @property
    def acceptees(self) -> int:
        return self.sollicitations.count("acceptee")
