"""A contract year as canonical JSON: what a sealed period holds, and the hash that anyone can compute again.

The canonical form is the JSON with its keys sorted, encoded in UTF-8 without escapes nor spaces; its SHA-256 is the
hash printed on documents. A file that holds it is therefore checked by `sha256sum`.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from maillon.pilotage.contrats.actes import find_declare, find_preuves, make_empreinte, make_reference
from maillon.pilotage.contrats.annee import AnneeContrat, IndicateurAnnee, compute_annee
from maillon.pilotage.contrats.models import Contrat, Preuve, Releve, ReleveActe
from maillon.pilotage.contrats.releves import build_actes, build_chiffres

VERSION = 1


def build_contenu(contrat: Contrat, numero: int, *, on: date) -> dict[str, Any]:
    """Year `numero` of the contract as known at `on`, without patient nor professional, in plain JSON.

    `chiffres` is what `releves.build_chiffres` gives; `actes` and `preuves` are documented below. Amounts and values
    are text, dates ISO: no number loses a digit in a reader.
    """
    return contenu_of_annee(compute_annee(contrat, on, numero=numero))


def contenu_of_annee(annee: AnneeContrat) -> dict[str, Any]:
    """The same, of a year already computed."""
    actes = _group(build_actes(annee))
    return {
        "version": VERSION,
        "au": annee.annee.on.isoformat(),
        "cpts": _cpts(annee.contrat),
        "chiffres": build_chiffres(annee),
        "actes": actes,
        # Indicators of which a list says what few may know of a person: no day nor place of them among members.
        "discrets": sorted(
            str(ligne.indicateur.pk)
            for ligne in annee.indicateurs
            if (declare := find_declare(ligne.indicateur)) is not None and declare.discret
        ),
        "preuves": _list_preuves(annee, actes),
    }


def contenu_of_releve(releve: Releve, actes: Iterable[ReleveActe]) -> dict[str, Any]:
    """What CPAM and ARS can compare with a sealed period: the figures and acts published for them."""
    return {"chiffres": releve.chiffres, "actes": _group(actes)}


def serialise(contenu: dict[str, Any]) -> bytes:
    """The canonical form of a content."""
    return json.dumps(contenu, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def compute_empreinte(contenu: dict[str, Any]) -> str:
    """SHA-256 of the canonical form, in hexadecimal."""
    return hashlib.sha256(serialise(contenu)).hexdigest()


def _cpts(contrat: Contrat) -> dict[str, Any]:
    cpts = contrat.cpts
    return {
        "slug": cpts.slug,
        "nom": cpts.nom,
        "departement": cpts.departement,
        "region": cpts.region,
        "fictive": cpts.fictive,
    }


def _group(actes: Iterable[ReleveActe]) -> dict[str, list[dict[str, Any]]]:
    """Acts by indicator, the oldest first, then by reference."""
    par_indicateur: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for acte in actes:
        par_indicateur[str(acte.indicateur_id)].append(
            {
                "reference": acte.reference,
                "le": acte.le.isoformat(),
                "nature": acte.nature,
                "etat": acte.etat,
                "commune": acte.commune,
                "empreinte": acte.empreinte,
                "preuve": acte.preuve,
                "compte": acte.compte,
            }
        )
    return {
        indicateur: sorted(lus, key=lambda acte: (acte["le"], acte["reference"]))
        for indicateur, lus in par_indicateur.items()
    }


def _list_preuves(annee: AnneeContrat, actes: dict[str, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """Documents in force behind the year. `pour` says what each proves: an indicator, one act of it, or a value.

    The document of an act bears the reference and the hash made for its indicator, as the act does.
    """
    jointes = find_preuves(annee.contrat.cpts_id)
    preuves = [
        preuve
        for ligne in annee.indicateurs
        for preuve in (
            *(_of_preuve(ligne, p) for p in ligne.preuves if not p.acte),
            *_of_valeurs(ligne, annee),
            *_of_actes(ligne, jointes, actes.get(str(ligne.indicateur.pk), []), cpts_id=annee.contrat.cpts_id),
        )
    ]
    return sorted(preuves, key=lambda p: (p["indicateur"], p["pour"], p["le"], p["acte"], p["empreinte"]))


def _of_preuve(ligne: IndicateurAnnee, preuve: Preuve, *, acte: str = "", empreinte: str = "") -> dict[str, Any]:
    return {
        "indicateur": str(ligne.indicateur.pk),
        "pour": "acte" if acte else "indicateur",
        "acte": acte,
        "libelle": preuve.libelle_publie,
        "genre": preuve.genre,
        "le": preuve.le.isoformat(),
        "empreinte": empreinte or preuve.empreinte,
        "nominative": preuve.nominative,
        "version": preuve.version,
    }


def _of_actes(
    ligne: IndicateurAnnee, jointes: dict[str, Preuve], actes: list[dict[str, Any]], *, cpts_id: UUID
) -> Iterable[dict[str, Any]]:
    code, connus = ligne.indicateur.code, {acte["reference"] for acte in actes}
    if not connus:
        return
    for brut, preuve in jointes.items():
        reference = make_reference(brut, code=code, cpts_id=cpts_id)
        if reference in connus:
            empreinte = make_empreinte(preuve.empreinte, code=code)
            yield _of_preuve(ligne, preuve, acte=reference, empreinte=empreinte)


def _of_valeurs(ligne: IndicateurAnnee, annee: AnneeContrat) -> Iterable[dict[str, Any]]:
    """The documents that came with values of the year."""
    for constat in ligne.constats:
        if constat.document is not None and annee.annee.holds(constat.le):
            yield {
                "indicateur": str(ligne.indicateur.pk),
                "pour": "valeur",
                "acte": "",
                "libelle": constat.source if constat.document_anonyme else str(constat.genre_document.label),
                "genre": constat.genre_document.value,
                "le": constat.le.isoformat(),
                "empreinte": constat.document.empreinte,
                "nominative": not constat.document_anonyme,
                "version": 1,
            }
