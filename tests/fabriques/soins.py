"""Situations of unscheduled care: call inside `use_cpts(cpts.pk)`, except `make_soins`.

soins = make_soins()                       # a community open to patients, its desk
pro = make_pro(soins)                      # a member nurse, with a place
creneau = make_creneau(soins, pro, dans=2) # a free slot in two hours
rendez_vous = make_rendez_vous(soins, creneau)
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import count
from typing import Any
from uuid import uuid4

from fabriques.adhesions import AdhesionFabrique
from fabriques.annuaire import ProfessionnelFabrique
from fabriques.droits import make_acteur, make_compte, make_cpts, make_membre
from fabriques.medecin_traitant import Guichet, make_guichet
from fabriques.patients import make_patient
from maillon.communaute.adhesions.enums import College
from maillon.communaute.annuaire.models import Professionnel
from maillon.missions.soins_non_programmes import services
from maillon.missions.soins_non_programmes.enums import Audience, Modalite, Origine
from maillon.missions.soins_non_programmes.models import Creneau, LieuConsultation, Plage, RendezVous
from maillon.socle.droits.acteur import Acteur
from maillon.socle.droits.enums import Role
from maillon.socle.droits.models import Membre
from maillon.socle.horloge import now, today

_numeros = count(1)
# Who comes, as the form of a booking asks it.
IDENTITE = {
    "telephone": "06 12 34 56 78",
    "nom": "Garcia",
    "prenom": "Louise",
    "naissance": "12/03/1950",
    "commune": "42218",
    "courriel": "",
}


@dataclass(frozen=True)
class Pro:
    """A member professional with a place; `acteur` is them, signed in."""

    professionnel: Professionnel
    lieu: LieuConsultation
    membre: Membre
    acteur: Acteur


def make_soins(**champs: Any) -> Guichet:
    """A community open to patients, over the Grand Saint-Étienne, with its desk."""
    return make_guichet(make_cpts(telephone="04 77 00 00 00", patients_ouverts_le=today(), **champs))


def make_lieu(soins: Guichet, professionnel: Professionnel, **champs: Any) -> LieuConsultation:
    values = {
        "libelle": "Cabinet",
        "adresse": "1 rue de la Paix",
        "commune": soins.saint_etienne,
        "telephone": "04 77 11 22 33",
        "lon": 4.39,
        "lat": 45.43,
        **champs,
    }
    return LieuConsultation.objects.create(cpts=soins.cpts, professionnel=professionnel, **values)


def make_pro(soins: Guichet, *, nom: str = "Durand", generaliste: bool = False, **champs: Any) -> Pro:
    """A member professional (a nurse unless `generaliste`), with an account and a place."""
    numero = next(_numeros)
    traits = {"generaliste": True, "civilite": "Dr"} if generaliste else {}
    professionnel = ProfessionnelFabrique(nom=nom, prenom=f"Sacha {numero}", **traits, **champs)
    AdhesionFabrique(
        cpts=soins.cpts,
        professionnel=professionnel,
        college=College.MEDECINS if generaliste else College.PROFESSIONNELS,
        debut=today(),
    )
    compte = make_compte(prenom=professionnel.prenom, nom=nom, rpps=professionnel.rpps)
    membre = make_membre(soins.cpts, Role.PROFESSIONNEL, compte=compte)
    return Pro(professionnel, make_lieu(soins, professionnel), membre, make_acteur(membre))


def make_plage(soins: Guichet, pro: Pro, **champs: Any) -> Plage:
    """Today from 14 to 20, once, seen by the community and the centre 15."""
    values = {
        "jour": today(),
        "de": time(14),
        "a": time(20),
        "audiences": [Audience.CPTS, Audience.SNP],
        **champs,
    }
    return Plage.objects.create(cpts=soins.cpts, professionnel=pro.professionnel, lieu=pro.lieu, **values)


def make_creneau(
    soins: Guichet, pro: Pro, *, dans: float = 2, minutes: int = 20, debut: datetime | None = None, **champs: Any
) -> Creneau:
    """A free slot in `dans` hours, seen by the community and the centre 15."""
    start = debut or (now() + timedelta(hours=dans)).replace(microsecond=0)
    values = {
        "profession": pro.professionnel.profession,
        "commune": pro.lieu.commune_id,
        "zone": soins.cpts.departement,
        "modalite": Modalite.CABINET,
        "audiences": [Audience.CPTS, Audience.SNP],
        **champs,
    }
    return Creneau.objects.create(
        cpts=soins.cpts,
        professionnel=pro.professionnel,
        lieu=pro.lieu,
        debut=start,
        fin=start + timedelta(minutes=minutes),
        **values,
    )


def make_rendez_vous(soins: Guichet, creneau: Creneau, **champs: Any) -> RendezVous:
    """Jeanne Martin, booked by the desk on this slot; `champs` are her identity's."""
    return services.book(
        creneau_id=creneau.pk,
        patient=make_patient(soins.cpts, **champs),
        by=soins.acteur,
        cle_depot=uuid4().hex,
        origine=Origine.GUICHET,
    )
