"""A kind of call of its own, for the room alone: a slot to fill within minutes, by a mission that only takes notes.

essai = make_essai(monkeypatch)          # declares the kind « essai »
objet = essai.make_objet(cpts)
solicit(genre=ESSAI, objet=objet, vagues=essai.waves([a], [b, c]), delai=MINUTES, by=SYSTEME)
assert essai.faits == ["envoyee", "vague"]
"""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from fabriques.annuaire import ActiviteFabrique, ProfessionnelFabrique
from maillon.communaute.annuaire.models import Professionnel
from maillon.communaute.sollicitations import declarations
from maillon.communaute.sollicitations.services import Cible
from maillon.communaute.territoire.models import Commune
from maillon.missions.medecin_traitant.notifications import DemandeProposee, RappelMedecin
from maillon.socle.cpts.models import Cpts
from maillon.socle.declarations import (
    FaitSollicitation,
    GenreSollicitation,
    VueSollicitation,
    get_genre_sollicitation,
)
from maillon.socle.droits.enums import Role
from maillon.socle.droits.permissions import Permission
from maillon.socle.identifiants import new_id

ESSAI = "essai"
MINUTES = timedelta(minutes=5)
MOTIFS = (("complet", "Je n’ai plus de place"), ("loin", "C’est trop loin"))
GERER = Permission("essai.gerer", "Tenir les essais", {Role.COORDINATION})
REPONDRE = Permission("essai.repondre", "Répondre aux essais", {Role.PROFESSIONNEL})


@dataclass(frozen=True)
class Objet:
    """What a mission wants to fill."""

    pk: UUID
    cpts_id: UUID


@dataclass
class Essai:
    """The notes of the mission: what it was told, and who it says is no longer suitable."""

    objets: dict[UUID, Objet] = field(default_factory=dict)
    faits: list[str] = field(default_factory=list)
    pris: set[UUID] = field(default_factory=set)

    def make_objet(self, cpts: Cpts) -> Objet:
        objet = Objet(new_id(), cpts.pk)
        self.objets[objet.pk] = objet
        return objet

    def forget(self) -> None:
        self.faits.clear()

    @staticmethod
    def waves(*vagues: list[Professionnel]) -> list[list[Cible]]:
        return [[Cible(professionnel.pk) for professionnel in vague] for vague in vagues]

    def follow(self, fait: FaitSollicitation, *_: Any) -> None:
        self.faits.append(fait.value)


def make_essai(monkeypatch: Any, **champs: Any) -> Essai:
    """Declare the kind for the time of a test; `champs` are those of the declaration."""
    essai = Essai()
    genre = GenreSollicitation(
        **{
            "code": ESSAI,
            "libelle": "Essai",
            "titre": "Une place est à prendre",
            "attente": ("place est à prendre", "places sont à prendre"),
            "motifs": MOTIFS,
            "repondre": REPONDRE,
            "gerer": GERER,
            "verrouille": essai.objets.__getitem__,
            "suit": essai.follow,
            "presente": lambda _, ids: {pk: VueSollicitation("Aujourd’hui à 14 h", (), MOTIFS) for pk in ids},
            "disponibles": lambda _, ids: set(ids) - essai.pris,
            "courriel": DemandeProposee,
            "rappel": RappelMedecin,
            "rappel_avant": None,
            "accepte": "Je la prends",
            "merci": "Merci.",
            "suite": "C’est noté.",
            **champs,
        }
    )
    monkeypatch.setattr(declarations, "SOLLICITATIONS", (genre,), raising=False)
    get_genre_sollicitation.cache_clear()
    return essai


def make_professionnel(nom: str = "Durand") -> Professionnel:
    """A general practitioner who can be written to."""
    professionnel = ProfessionnelFabrique(generaliste=True, nom=nom, civilite="Dr")
    commune, _ = Commune.objects.get_or_create(
        code_insee="42218", defaults={"nom": "Saint-Étienne", "departement": "42", "region": "84"}
    )
    ActiviteFabrique(professionnel=professionnel, commune=commune, courriel=f"{professionnel.rpps}@example.org")
    return professionnel
