"""Contract files of the commands, one or many: reading within bounds, each refusal naming its file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from maillon.regles.aci.contrat import Contrat, parse_contrat
from maillon.regles.aci.echeancier import compute_echeancier
from maillon.regles.aci.versements import Echeancier
from maillon.regles.erreurs import ErreurRegle, SaisieInvalide

TAILLE_MAXIMALE = 1_000_000
"""Bytes of a contract file: a real one has a few thousands."""
EXTENSIONS = (".yaml", ".yml", ".json")


def read_fichier(fichier: str) -> Contrat:
    """The contract of one YAML or JSON file."""
    chemin = Path(fichier)
    try:
        with chemin.open("rb") as flux:
            octets = flux.read(TAILLE_MAXIMALE + 1)
    except OSError as erreur:
        raise SaisieInvalide(
            f"Le fichier « {fichier} » ne peut pas être lu : vérifiez son nom et ses droits."
        ) from erreur
    return _parse(octets, f"Fichier « {fichier} »", is_json=chemin.suffix.lower() == ".json", nom=fichier)


def read_lot(source: str) -> Iterator[tuple[str, Contrat]]:
    """Contracts of a folder (its YAML and JSON files) or of an NDJSON file (one contract a line), with their name."""
    chemin = Path(source)
    if chemin.is_dir():
        fichiers = sorted(f for f in chemin.iterdir() if f.suffix.lower() in EXTENSIONS)
        if not fichiers:
            raise SaisieInvalide(f"Le dossier « {source} » ne contient aucun contrat (.yaml, .yml ou .json).")
        for fichier in fichiers:
            yield fichier.stem, read_fichier(str(fichier))
        return
    if chemin.suffix.lower() != ".ndjson":
        raise SaisieInvalide(
            f"« {source} » n’est ni un dossier de contrats ni un fichier .ndjson (un contrat par ligne)."
        )
    yield from _read_ndjson(chemin)


def _read_ndjson(chemin: Path) -> Iterator[tuple[str, Contrat]]:
    vide = True
    try:
        with chemin.open("rb") as flux:
            for numero, octets in enumerate(flux, start=1):
                if not octets.strip():
                    continue
                vide = False
                contrat = _parse(octets, f"Fichier « {chemin} », ligne {numero}", is_json=True, nom=str(chemin))
                yield contrat.cpts or f"ligne {numero}", contrat
    except OSError as erreur:
        raise SaisieInvalide(
            f"Le fichier « {chemin} » ne peut pas être lu : vérifiez son nom et ses droits."
        ) from erreur
    if vide:
        raise SaisieInvalide(f"Le fichier « {chemin} » ne contient aucun contrat.")


def _parse(octets: bytes, ou: str, *, is_json: bool, nom: str) -> Contrat:
    if len(octets) > TAILLE_MAXIMALE:
        raise SaisieInvalide(f"Le fichier « {nom} » est trop gros pour un contrat (plus de 1 Mo).")
    try:
        return parse_contrat(octets.decode("utf-8-sig"), is_json=is_json)
    except UnicodeDecodeError as erreur:
        raise SaisieInvalide(f"Le fichier « {nom} » n’est pas un texte en UTF-8.") from erreur
    except ErreurRegle as erreur:
        raise SaisieInvalide(f"{ou} : {erreur}") from erreur


def compute_of_contrat(contrat: Contrat) -> Echeancier:
    """The whole schedule of a contract file."""
    vie = contrat.vie
    return compute_echeancier(
        signature=contrat.signature,
        termes=contrat.termes,
        evaluations=vie.evaluations,
        activations=vie.activations,
        aide=vie.aide,
    )


def compute_lot(source: str) -> Iterator[tuple[str, Echeancier]]:
    """Schedules of many contracts, one after the other; a refusal names the contract."""
    for nom, contrat in read_lot(source):
        try:
            yield nom, compute_of_contrat(contrat)
        except ErreurRegle as erreur:
            raise SaisieInvalide(f"« {source} », contrat « {nom} » : {erreur}") from erreur
