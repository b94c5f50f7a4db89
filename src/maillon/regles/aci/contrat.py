"""Contract file (YAML or JSON) of the commands: strict reading, French refusals. Schema: docs/algorithmes/aci.md."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from maillon.regles.aci.champs import (
    read_boolean,
    read_choice,
    read_date,
    read_decimal,
    read_integer,
    read_list,
    read_mapping,
    read_optional,
    read_text,
)
from maillon.regles.aci.indicateurs import Genre, Indicateur, Palier, Sens
from maillon.regles.aci.termes import Termes, apply_avenants
from maillon.regles.aci.types import Mission, MontantsContrat
from maillon.regles.aci.vie import CLES_VIE, Vie, read_missions, read_montants, read_vie
from maillon.regles.erreurs import SaisieInvalide
from maillon.regles.lecture import load_json, load_yaml

_CLES = {
    "cpts", "signature", "date_bareme", "population", "taille", "annee_contrat", "missions", "montants",
    "indicateurs", "enveloppes", "constatees", "prevues", "evaluee", *CLES_VIE,
}  # fmt: skip
_CLES_INDICATEUR = {
    "code", "libelle", "mission", "genre", "paliers", "unite", "unite_pluriel", "initial", "variation", "cible",
    "sens", "certificateur", "source", "depuis", "jusqu_a",
}  # fmt: skip
_CLES_PALIER = {"seuil", "montant", "libelle"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Contrat:
    """A contract as its file tells it. ``missions`` is ``None`` when the file does not list them (all of them)."""

    signature: date
    cpts: str = ""
    date_bareme: date | None = None
    population: int | None = None
    taille: int | None = None
    annee_contrat: int = 1
    missions: tuple[Mission, ...] | None = None
    demarrages: Mapping[Mission, date] = field(default_factory=dict)
    montants: MontantsContrat | None = None
    indicateurs: tuple[Indicateur, ...] = ()
    enveloppes: Mapping[Mission, Decimal] = field(default_factory=dict)
    constatees: Mapping[str, Decimal] = field(default_factory=dict)
    prevues: Mapping[str, Decimal] = field(default_factory=dict)
    evaluee: bool = False
    vie: Vie = field(default_factory=Vie)
    validites: Mapping[str, tuple[date | None, date | None]] = field(default_factory=dict)
    """Days of the indicators that an avenant added or ended, by code."""

    @property
    def termes(self) -> tuple[Termes, ...]:
        """The terms at signature, then those of each avenant."""
        premiers = Termes(
            depuis=self.signature,
            population=self.population,
            taille=self.taille,
            missions=self.missions,
            demarrages=self.demarrages,
            montants=self.montants,
            on=self.date_bareme,
        )
        return apply_avenants(premiers, self.vie.avenants)

    def indicateurs_before(self, fin: date) -> tuple[Indicateur, ...]:
        """Indicators in force on the last day of a year that ends on ``fin``, excluded: those that are evaluated."""

        def holds(indicateur: Indicateur) -> bool:
            depuis, jusqu_a = self.validites.get(indicateur.code, (None, None))
            return (depuis is None or depuis < fin) and (jusqu_a is None or jusqu_a >= fin)

        return tuple(indicateur for indicateur in self.indicateurs if holds(indicateur))

    def enveloppes_before(self, fin: date) -> dict[Mission, Decimal]:
        """Variable envelopes in force on that day: an avenant's own amounts replace those of the contract."""
        enveloppes = dict(self.enveloppes)
        missions: Sequence[Mission | str] | None = self.missions
        for avenant in sorted(self.vie.avenants, key=lambda a: a.effet):
            if avenant.effet >= fin:
                break
            missions = avenant.missions or missions
            propres = avenant.montants.missions.items() if avenant.montants else ()
            enveloppes |= {mission: p.variable for mission, p in propres if p.variable is not None}
        return {m: montant for m, montant in enveloppes.items() if missions is None or m in missions}


def parse_contrat(texte: str, *, is_json: bool = False) -> Contrat:
    """Contract from the text of its file.

    Raises ``LectureImpossible`` for bad syntax and ``SaisieInvalide``, naming the key, for a bad content.
    """
    brut = read_mapping(load_json(texte) if is_json else load_yaml(texte), "le contrat", _CLES)
    if "signature" not in brut:
        raise SaisieInvalide("Le contrat ne donne pas sa date de signature : ajoutez « signature: AAAA-MM-JJ ».")
    missions, demarrages = read_missions(brut.get("missions"), "missions")
    montants = read_montants(brut["montants"], "montants") if "montants" in brut else None
    indicateurs = tuple(_read_indicateur(i, n) for n, i in enumerate(read_list(brut, "indicateurs"), start=1))
    vie = read_vie(brut)
    connues = None if missions is None else {*missions, *(m for a in vie.avenants for m in a.missions or ())}
    for indicateur in indicateurs:
        if connues is not None and indicateur.mission not in connues:
            raise SaisieInvalide(
                f"L’indicateur « {indicateur.code} » est de la mission « {indicateur.mission} », "
                "qui n’est pas au contrat."
            )
    return Contrat(
        signature=read_date(brut["signature"], "signature"),
        cpts=read_text(brut.get("cpts", ""), "cpts"),
        date_bareme=read_optional(brut, "date_bareme", read_date),
        population=read_optional(brut, "population", read_integer),
        taille=read_optional(brut, "taille", read_integer),
        annee_contrat=read_integer(brut.get("annee_contrat", 1), "annee_contrat"),
        missions=missions,
        demarrages=demarrages,
        montants=montants,
        indicateurs=indicateurs,
        enveloppes=_read_enveloppes(brut.get("enveloppes", {}), montants),
        constatees=_read_valeurs(brut.get("constatees", {}), "constatees"),
        prevues=_read_valeurs(brut.get("prevues", {}), "prevues"),
        evaluee=read_boolean(brut.get("evaluee", False), "evaluee"),
        vie=vie,
        validites=_read_validites(read_list(brut, "indicateurs")),
    )


def _read_enveloppes(brut: object, montants: MontantsContrat | None) -> dict[Mission, Decimal]:
    """Envelopes written in the file, else the variable amounts of the contract; the scale is never presumed here."""
    propres = montants.missions if montants else {}
    enveloppes = {mission: parts.variable for mission, parts in propres.items() if parts.variable is not None}
    for code, valeur in read_mapping(brut, "enveloppes", None).items():
        enveloppes[Mission.read(code)] = read_decimal(valeur, f"enveloppes.{code}")
    return enveloppes


def _read_valeurs(brut: object, nom: str) -> dict[str, Decimal]:
    return {code: read_decimal(valeur, f"{nom}.{code}") for code, valeur in read_mapping(brut, nom, None).items()}


def _read_validites(indicateurs: list[object]) -> dict[str, tuple[date | None, date | None]]:
    validites = {}
    for numero, brut in enumerate(indicateurs, start=1):
        contenu = read_mapping(brut, f"indicateur n° {numero}", None)
        bornes = (read_optional(contenu, "depuis", read_date), read_optional(contenu, "jusqu_a", read_date))
        if any(bornes):
            validites[str(contenu["code"]).strip()] = bornes
    return validites


def _read_indicateur(brut: object, numero: int) -> Indicateur:
    nom = f"indicateur n° {numero}"
    contenu = read_mapping(brut, nom, _CLES_INDICATEUR)
    for cle in ("code", "libelle", "mission", "genre", "paliers"):
        if cle not in contenu:
            raise SaisieInvalide(f"L’{nom} n’a pas de « {cle} ».")
    return Indicateur(
        code=read_text(contenu["code"], f"{nom}, code"),
        libelle=read_text(contenu["libelle"], f"{nom}, libelle"),
        mission=Mission.read(str(contenu["mission"])),
        genre=read_choice(Genre, contenu["genre"], f"{nom}, genre"),
        paliers=tuple(_read_palier(p, f"{nom}, palier") for p in read_list(contenu, "paliers")),
        unite=read_text(contenu.get("unite", ""), f"{nom}, unite"),
        unite_pluriel=read_text(contenu.get("unite_pluriel", ""), f"{nom}, unite_pluriel"),
        initial=read_optional(contenu, "initial", read_decimal),
        variation=read_optional(contenu, "variation", read_decimal),
        cible=read_optional(contenu, "cible", read_decimal),
        sens=read_choice(Sens, contenu["sens"], f"{nom}, sens") if "sens" in contenu else None,
        certificateur=read_text(contenu.get("certificateur", ""), f"{nom}, certificateur"),
        source=read_text(contenu.get("source", "annexe du contrat"), f"{nom}, source"),
    )


def _read_palier(brut: object, nom: str) -> Palier:
    contenu = read_mapping(brut, nom, _CLES_PALIER)
    if not {"seuil", "montant"} <= contenu.keys():
        raise SaisieInvalide(f"Un palier de l’{nom.removesuffix(', palier')} doit donner « seuil » et « montant ».")
    return Palier(
        seuil=read_decimal(contenu["seuil"], f"{nom}, seuil"),
        montant=read_decimal(contenu["montant"], f"{nom}, montant"),
        libelle=read_text(contenu.get("libelle", ""), f"{nom}, libelle"),
    )
