"""What the SAS may read, free slots of all communities in three queries whatever their number; what it was told."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Case, Count, F, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce

from maillon.communaute.annuaire.enums import Profession
from maillon.communaute.structures.models import Structure
from maillon.missions.soins_non_programmes.enums import Audience, Origine
from maillon.missions.soins_non_programmes.models import RendezVous
from maillon.socle.comptes.models import Compte
from maillon.socle.contexte import Contexte, switch_contexte
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.acteur import Acteur
from maillon.socle.droits.enums import RoleTerritorial
from maillon.socle.droits.models import AgentTerritorial
from maillon.socle.horloge import now

from .enums import A_REGARDER, EtatEnvoi
from .fhir.bundle import Trouvaille
from .fhir.faits import Communaute, CreneauLibre, FormeCreneau, GroupeCreneaux, LieuPraticien, Praticien
from .fhir.recherche import RechercheSlot
from .fhir.regulateur import Identifiants
from .models import EnvoiSas, Regulateur

COMMUNAUTES = """
SELECT c.id, c.nom, c.fuseau, coalesce(s.finess, ''), coalesce(nullif(c.telephone, ''), s.telephone, '')
FROM cpts_cpts c LEFT JOIN structures_structure s ON s.cpts_id = c.id
"""
LIEUX = """
SELECT p.id::text, p.rpps, p.nom, p.prenom, p.civilite, p.profession, p.savoir_faire,
       l.id::text, l.cpts_id, l.libelle, l.adresse,
       coalesce(nullif(l.code_postal, ''), v.codes_postaux[1], ''), v.nom, l.telephone,
       coalesce(s.finess, sa.finess, ''), coalesce(nullif(s.siret, ''), sa.siret, ''), coalesce(a.cle_nationale, '')
FROM annuaire_professionnel p
JOIN soins_non_programmes_lieuconsultation l ON l.professionnel_id = p.id
JOIN territoire_commune v ON v.code_insee = l.commune_id
LEFT JOIN structures_structure s ON s.id = l.structure_id
LEFT JOIN annuaire_activite a ON a.id = l.activite_id
LEFT JOIN structures_structure sa ON sa.id = a.structure_id
WHERE p.rpps = ANY(%s)
"""
# One text for all: a thousand rows of ten columns cost the driver more than their reading costs the server.
CRENEAUX = """
SELECT string_agg(
    concat_ws(chr(31), id, debut, fin, lieu_id, cpts_id, modalite, reservable, array_to_string(audiences, ','),
              array_to_string(partages, ','), specialite),
    chr(30) ORDER BY debut, id)
FROM soins_non_programmes_creneau
WHERE cpts_id = ANY(%s) AND professionnel_id = ANY(%s::uuid[]) AND etat = 'libre' AND debut >= %s AND debut <= %s
  AND audiences && %s::varchar[]
"""
# Kinds of slots: the form of a community has all four, that of a single professional has none for those of a community.
AUDIENCES_CPTS = [audience.value for audience in Audience]
AUDIENCES_SEUL = [audience.value for audience in Audience if audience is not Audience.CPTS]
LIGNE, COLONNE = "\x1e", "\x1f"
# A practice without FINESS nor SIRET has the RPPS number of a professional and its rank there.
RPPS_RANG = re.compile(r"(?<!\d)4\d{14}(?!\d)", re.ASCII)
# Savoir-faire that the nomenclature of specialities (TRE_R38) knows.
SPECIALITES = ("SM", "SCD", "SI", "SP")


def _fetch(sql: str, parameters: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


def list_communautes() -> dict[str, Communaute]:
    """Every community, with the number by which the SAS knows it, if it has one."""
    return {
        str(key): Communaute(str(key), nom, fuseau, finess, telephone)
        for key, nom, fuseau, finess, telephone in _fetch(COMMUNAUTES, [])
    }


def find_libres(recherche: RechercheSlot, *, acteur: Acteur) -> Trouvaille:
    """Free slots of these professionals that the SAS may be shown, none in the past.

    From here on the transaction reads every community, and writes in none.
    """
    communautes = list_communautes()
    switch_contexte(Contexte(acteur=acteur.etiquette, cpts_regulees=frozenset(map(UUID, communautes))))
    praticiens, lieux, cpts_ids = _find_lieux(recherche.rpps)
    if not lieux:
        return Trouvaille()
    bounds = [max(recherche.debut, now()), recherche.fin]
    audiences = AUDIENCES_CPTS if recherche.cpts else AUDIENCES_SEUL
    [(text,)] = _fetch(CRENEAUX, [list(cpts_ids), list(praticiens), *bounds, audiences])
    found = Trouvaille((), lieux, praticiens, communautes)
    return replace(found, creneaux=tuple(_read_creneaux(text, found, cpts=recherche.cpts))) if text else Trouvaille()


def _find_lieux(rpps: Iterable[str]) -> tuple[dict[str, Praticien], dict[str, LieuPraticien], set[UUID]]:
    praticiens: dict[str, Praticien] = {}
    lieux: dict[str, LieuPraticien] = {}
    cpts_ids: set[UUID] = set()
    for row in _fetch(LIEUX, [list(rpps)]):
        person, (key, cpts_id, libelle, adresse, code_postal, ville, telephone, finess, siret, cle) = row[:7], row[7:]
        praticiens[person[0]] = make_praticien(person)
        structure = _name_structure(finess, siret, cle)
        lieux[key] = LieuPraticien(key, person[0], libelle, adresse, code_postal, ville, telephone, structure)
        cpts_ids.add(cpts_id)
    return praticiens, lieux, cpts_ids


def make_praticien(row: tuple[Any, ...]) -> Praticien:
    key, rpps, nom, prenom, civilite, profession, savoir_faire = row
    return Praticien(key, rpps, nom, prenom, civilite, profession, tuple(savoir_faire))


def _name_structure(finess: str, siret: str, cle_nationale: str) -> str:
    """1 and the FINESS number, else 3 and the SIRET, else 4 with RPPS and rank; empty when none is known."""
    if finess:
        return f"1{finess}"
    if siret:
        return f"3{siret}"
    found = RPPS_RANG.search(cle_nationale)
    return found[0] if found else ""


def _read_creneaux(text: str, found: Trouvaille, *, cpts: bool) -> Iterator[CreneauLibre]:
    """Slots as facts. What those of one place and one form share is made once. A slot for a community alone, which has
    no FINESS number to be named by, has no kind left: it is not shown."""
    groups: dict[str, GroupeCreneaux] = {}
    for line in text.split(LIGNE):
        key, debut, fin, common = line.split(COLONNE, 3)
        if common not in groups:
            groups[common] = _build_groupe(common, found, cpts=cpts)
        if groups[common].forme.audiences:
            yield CreneauLibre(key, debut, fin, groups[common])


def _build_groupe(common: str, found: Trouvaille, *, cpts: bool) -> GroupeCreneaux:
    lieu_id, cpts_id, modalite, reservable, audiences, partages, specialite = common.split(COLONNE, 6)
    communautes = found.communautes
    owners = tuple(one for one in (cpts_id, *partages.split(",")) if one in communautes and communautes[one].finess)
    praticien = found.praticiens[found.lieux[lieu_id].praticien_id]
    forme = _build_forme(praticien, specialite, modalite, tuple(audiences.split(",")), reservable == "t", owners, cpts)
    return GroupeCreneaux(lieu_id, communautes[cpts_id].fuseau, forme)


@lru_cache(maxsize=4096)
def _build_forme(
    praticien: Praticien,
    specialite: str,
    modalite: str,
    audiences: tuple[str, ...],
    reservable: bool,
    communautes: tuple[str, ...],
    cpts: bool,
) -> FormeCreneau:
    """The form of a single professional names no community, nor does that of communities without a FINESS number."""
    if not (cpts and communautes):
        audiences = tuple(code for code in audiences if code != Audience.CPTS)
    codes = (specialite,) if specialite else praticien.savoir_faire
    specialites = tuple(code for code in codes if code.startswith(SPECIALITES))
    libelle = str(Profession(praticien.profession).label).capitalize()
    named = communautes if Audience.CPTS in audiences else ()
    return FormeCreneau(modalite, audiences, reservable, specialites, libelle, named)


# Regulators -----------------------------------------------------------------------------------------------------------


def find_regulateur(identifiants: Identifiants) -> Regulateur | None:
    """The regulator of one of these identifiers: the active one, else the last who had it."""
    found: list[Regulateur] = []
    for field, value in (
        ("identifiant_national", identifiants.national),
        ("identifiant_sas", identifiants.sas),
    ):
        if value:
            found += Regulateur.objects.select_related("compte").filter(**{field: value})
    return max(found, key=lambda one: (one.actif, one.cree_le), default=None)


def list_regulateurs(*, cpts: Cpts) -> QuerySet[Regulateur]:
    """Those whom the SAS has made known over the territory of a community, with the bookings that they gave there."""
    here = Q(departements__contains=[cpts.departement]) | Q(regions__contains=[cpts.region])
    agents = AgentTerritorial.objects.filter(here, role=RoleTerritorial.REGULATEUR)
    given = RendezVous.objects.pris().filter(cpts=cpts, compte_id=OuterRef("compte_id")).order_by()
    counted = given.values("compte_id").annotate(nombre=Count("pk")).values("nombre")
    rows = Regulateur.objects.filter(compte__in=agents.values("compte")).select_related("compte")
    return rows.annotate(donnes=Coalesce(Subquery(counted), 0))


def get_identifiants(compte_id: UUID) -> Identifiants | None:
    """By which identifiers the SAS knows this account; None for a regulator of whom it never heard."""
    known = Regulateur.objects.filter(compte_id=compte_id).order_by("-actif", "-cree_le").first()
    if known is not None:
        return Identifiants(known.identifiant_national, known.identifiant_sas)
    rpps = Compte.objects.filter(pk=compte_id).values_list("rpps", flat=True).first()
    return Identifiants(national=f"8{rpps}") if rpps else None


def find_operateur(rendez_vous: RendezVous) -> Identifiants | None:
    """The regulator who gave this booking; None when no regulator did, or one whom the SAS cannot know."""
    if rendez_vous.origine != Origine.REGULATION or rendez_vous.compte_id is None:
        return None
    return get_identifiants(rendez_vous.compte_id)


# What the SAS was told ------------------------------------------------------------------------------------------------


def list_envois(*, cpts_id: UUID) -> QuerySet[EnvoiSas]:
    """Every booking told to the SAS, with `rang`: what a person must look at, what is under way, the rest."""
    under_way = (EtatEnvoi.A_ENVOYER, EtatEnvoi.EN_COURS)
    rang = Case(When(etat__in=A_REGARDER, then=0), When(etat__in=under_way, then=1), default=2)
    rows = EnvoiSas.objects.filter(cpts_id=cpts_id).annotate(rang=rang, anciennete=now() - F("cree_le"))
    return rows.select_related("rendez_vous__creneau__professionnel")


def count_a_regarder(*, cpts_id: UUID) -> dict[str, int]:
    """How many bookings the SAS refused, or may not have received, by state."""
    rows = EnvoiSas.objects.filter(cpts_id=cpts_id, etat__in=A_REGARDER).values_list("etat")
    return dict(rows.annotate(Count("pk")))


def get_finess(cpts_id: UUID) -> str:
    """The FINESS number of a community; empty while nobody gave it."""
    return Structure.objects.filter(cpts_id=cpts_id).values_list("finess", flat=True).first() or ""


def count_visibles(*, cpts_id: UUID, moment: datetime) -> int:
    """How many free slots of this community the SAS would be shown now, over all professionals."""
    [(found,)] = _fetch(
        "SELECT count(*) FROM soins_non_programmes_creneau WHERE cpts_id = %s AND etat = 'libre' AND debut >= %s"
        " AND debut <= %s + interval '72 hours' AND audiences && %s::varchar[]",
        [cpts_id, moment, moment, AUDIENCES_CPTS if get_finess(cpts_id) else AUDIENCES_SEUL],
    )
    return int(found)
