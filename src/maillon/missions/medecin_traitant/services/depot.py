"""A request enters: by the patient, a carer, the desk, a professional or a partner."""

import re
import secrets
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from maillon.communaute.patients.enums import Origine as OriginePatient
from maillon.communaute.patients.identites import SaisieIdentite
from maillon.communaute.patients.services import create_patient
from maillon.socle.chiffrement import blind_index
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.acteur import Acteur
from maillon.socle.droits.services import create_lien
from maillon.socle.horloge import now, today
from maillon.socle.identifiants import new_id
from maillon.socle.journal import services as journal

from ..enums import Action, Langue, MoyenAccord, Origine
from ..models import ActionRefusee, Demande, PassagePublic
from ..notifications import AccuseReception, absolute
from .commun import (
    JOURS_LIEN_SUIVI,
    JOURS_POUR_QUALIFIER,
    LIEN_SUIVI,
    choose_responsable,
    in_days,
    set_priorite,
)

# Without 0, O, 1, I and L, which are read out wrong on the telephone.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LONGUEUR_CODE = 10
FORME_CLE = re.compile(r"[\w-]{16,64}", re.ASCII)
ORIGINES_PATIENT = {
    Origine.PUBLIC: OriginePatient.PUBLIC,
    Origine.PROCHE: OriginePatient.AIDANT,
    Origine.GUICHET: OriginePatient.ACCUEIL,
    Origine.PAPIER: OriginePatient.ACCUEIL,
    Origine.PROFESSIONNEL: OriginePatient.PROFESSIONNEL,
    Origine.PHARMACIE: OriginePatient.PROFESSIONNEL,
}
MOYENS = {
    Origine.PUBLIC: MoyenAccord.EN_LIGNE,
    Origine.PROCHE: MoyenAccord.EN_LIGNE,
    Origine.GUICHET: MoyenAccord.TELEPHONE,
    Origine.PAPIER: MoyenAccord.PAPIER,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FaitsSaisis:
    """Answers by yes or no, and the language. `plus_de_70` is derived from the year of birth when it is known."""

    ald: bool = False
    c2s: bool = False
    ame: bool = False
    plus_de_70: bool = False
    ne_peut_se_deplacer: bool = False
    grossesse: bool = False
    sortie_hopital: bool = False
    isolement: bool = False
    acces_pmr: bool = False
    langue: str = Langue.FRANCAIS

    def at_age(self, annee_naissance: int | None, annee: int) -> "FaitsSaisis":
        if annee_naissance is None:
            return self
        return replace(self, plus_de_70=annee - annee_naissance > 70)

    def as_champs(self, annee_naissance: int | None, annee: int) -> dict[str, Any]:
        """The fields of a request that say the same."""
        return asdict(self.at_age(annee_naissance, annee))


@dataclass(frozen=True, slots=True)
class Depot:
    """What the person gets: the link and the code to follow the request; the code is empty on a second post."""

    demande: Demande
    jeton_suivi: str
    code_suivi: str
    deja_deposee: bool


def make_cle() -> str:
    """The random key of a form about to be shown."""
    return secrets.token_urlsafe(24)


def read_cle(brut: str) -> str:
    """The key that a posted form carries back; a new one when it is not a key of ours."""
    return brut if FORME_CLE.fullmatch(brut) else make_cle()


def is_guichet_ouvert(cpts: Cpts) -> bool:
    """Whether the desk may hold patients today."""
    return cpts.is_ouverte_aux_patients(on=today())


def hash_code(code: str, *, cpts_id: UUID) -> bytes:
    """What the database keeps of a follow-up code; spaces, dashes and case do not matter."""
    return blind_index("".join(code.split()).replace("-", ""), cpts_id=cpts_id, kind="mt_code_suivi")


def next_references(cpts_id: UUID, nombre: int) -> list[str]:
    """As many numbers of this year as asked; the counter's row is locked until the transaction ends."""
    annee = today().year
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO medecin_traitant_compteur AS compteur (id, cpts_id, annee, dernier) VALUES (%s, %s, %s, %s)"
            " ON CONFLICT (cpts_id, annee) DO UPDATE SET dernier = compteur.dernier + %s RETURNING dernier",
            [new_id(), cpts_id, annee, nombre, nombre],
        )
        dernier = cursor.fetchone()[0]
    return [f"MT-{annee}-{numero:05d}" for numero in range(dernier - nombre + 1, dernier + 1)]


def make_code() -> str:
    """A follow-up code, kept nowhere in clear."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LONGUEUR_CODE))


def write_code(code: str) -> str:
    """« AB3CD-EF4GH », as it is read out."""
    return f"{code[:5]}-{code[5:]}"


def _lock_cle(cpts_id: UUID, cle_depot: str) -> None:
    """Two posts of the same form wait for each other; the unique constraint stands behind."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"mt-depot:{cpts_id}:{cle_depot}"])


def create_lien_suivi(demande: Demande) -> str:
    """A link that lets the person follow, correct and withdraw the request, for a year."""
    return create_lien(
        but=LIEN_SUIVI,
        cpts_id=demande.cpts_id,
        objet_id=demande.pk,
        expire_le=now() + timedelta(days=JOURS_LIEN_SUIVI),
    )


@transaction.atomic
def file_demande(
    *,
    cpts: Cpts,
    identite: SaisieIdentite,
    commune_id: str,
    annee_naissance: int | None,
    faits: FaitsSaisis,
    origine: Origine,
    notice_version: str,
    cle_depot: str,
    by: Acteur,
    medecin_souhaite_id: UUID | None = None,
    acces_partenaire_id: UUID | None = None,
) -> Depot:
    """Record a request, give it a number, an owner and a next date, and acknowledge it by mail if there is an address.

    `cle_depot` is the random key of the form: the same key twice makes one request (`deja_deposee`).
    Raises ActionRefusee when the desk is not open or has nobody.
    """
    if not is_guichet_ouvert(cpts):
        raise ActionRefusee("Le guichet de cette communauté n’est pas encore ouvert. Rien n’a été enregistré.")
    _lock_cle(cpts.pk, cle_depot)
    existing = Demande.objects.filter(cpts=cpts, cle_depot=cle_depot).first()
    if existing:
        return Depot(existing, create_lien_suivi(existing), "", deja_deposee=True)
    responsable = choose_responsable(
        cpts.pk, prefer=by.membre_id if origine in (Origine.GUICHET, Origine.PAPIER) else None
    )
    patient = create_patient(
        cpts_id=cpts.pk,
        identite=identite,
        commune_id=commune_id,
        annee_naissance=annee_naissance,
        origine=ORIGINES_PATIENT.get(origine, OriginePatient.PARTENAIRE),
        notice_version=notice_version,
        by=by,
    )
    code = make_code()
    demande = Demande(
        cpts=cpts,
        patient=patient,
        commune_id=patient.commune_id,
        origine=origine,
        depositaire_id=by.membre_id,
        responsable=responsable,
        prochaine_action=Action.QUALIFIER,
        prochaine_date=in_days(JOURS_POUR_QUALIFIER),
        cle_depot=cle_depot,
        code_suivi=hash_code(code, cpts_id=cpts.pk),
        deposee_le=now(),
        medecin_souhaite_id=medecin_souhaite_id,
        acces_partenaire_id=acces_partenaire_id,
        accord_le=now(),
        accord_par_id=by.membre_id,
        accord_moyen=MOYENS.get(origine, MoyenAccord.TIERS),
        **faits.as_champs(annee_naissance, today().year),
    )
    set_priorite(demande)
    demande.reference = next_references(cpts.pk, 1)[0]
    demande.save(force_insert=True)
    journal.record("medecin_traitant.deposee", demande, by=by, origine=str(origine))
    jeton = create_lien_suivi(demande)
    AccuseReception(cpts=cpts, objet_id=demande.pk, lien=absolute("suivi", jeton=jeton)).queue(to=identite.courriel)
    return Depot(demande, jeton, write_code(code), deja_deposee=False)


def count_passage(*, cpts_id: UUID, adresse: str, geste: str, maximum: int) -> bool:
    """Note a public gesture from this network address; False when it made more than `maximum` in one hour."""
    source = blind_index(adresse, cpts_id=cpts_id, kind="mt_passage")
    PassagePublic.objects.create(cpts_id=cpts_id, source=source, geste=geste)
    since = now() - timedelta(hours=1)
    passages = PassagePublic.objects.filter(cpts_id=cpts_id, source=source, geste=geste, le__gt=since)
    return passages.count() <= maximum
