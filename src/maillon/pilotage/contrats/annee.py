"""A contract year: what it is worth, what is certified, what remains to be won, and what lacks evidence."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from django.db.models import Count

from maillon.regles import aci
from maillon.regles.parametres import Statut
from maillon.socle.ui.typographie import format_euros

from . import regles
from .actes import Compteur, find_declare
from .enums import EtatConstat, Nature
from .models import Constat, Contrat, Indicateur, MissionContrat, Palier, Preuve, ReleveActe
from .phrases import say_nombre
from .prevision import Annee, Prevision, compute_prevision, find_certifie
from .termes import TermesContrat, find_termes, list_missions_of_annee, list_termes, read_rows


@dataclass(frozen=True, slots=True)
class Lacune:
    """Evidence that lacks: how many documents, which, and the euros that hang on them."""

    indicateur: Indicateur
    nombre: int
    libelle: str
    euros: Decimal

    @property
    def phrase(self) -> str:
        """« Manquent deux émargements »."""
        return f"{'Manque' if self.nombre < 2 else 'Manquent'} {say_nombre(self.nombre, self.libelle)}"

    @property
    def phrase_complete(self) -> str:
        return f"{self.phrase}\u00a0: {format_euros(self.euros)} en dépendent."


@dataclass(frozen=True, slots=True)
class IndicateurAnnee:
    """One indicator over the year. `resultat` holds its euros by word and the next tier."""

    indicateur: Indicateur
    paliers: tuple[Palier, ...]
    constats: tuple[Constat, ...]
    preuves: tuple[Preuve, ...]
    certifie: Constat | None
    prevision: Prevision
    resultat: aci.ResultatIndicateur
    lacune: Lacune | None

    @property
    def montants(self) -> aci.Repartition:
        return self.resultat.montants


@dataclass(frozen=True, slots=True)
class MissionAnnee:
    """One mission over the year, in euros. `fixe` is due for the year, prorated from the start of the mission;
    `activation` is paid only in a recognised crisis; `non_reparti` is the part of the envelope without indicator."""

    mission: MissionContrat
    libelle: str
    fixe: aci.Montant | None
    variable: aci.Montant | None
    activation: aci.Montant | None
    montants: aci.Repartition
    non_reparti: Decimal
    indicateurs: tuple[IndicateurAnnee, ...]

    @property
    def a_confirmer(self) -> bool:
        """Whether an amount of this mission is recalled and not yet read in a text."""
        return any(m.a_confirmer for m in (self.fixe, self.variable, self.activation) if m is not None)


@dataclass(frozen=True, slots=True)
class ProchainPalier:
    """A next tier worth reaching: « encore 1 patient en ALD pour 3 000 € de plus », in `jours` days."""

    indicateur: Indicateur
    phrase: str
    gain: Decimal
    distance: Decimal | None
    jours: int
    seuil: Decimal


@dataclass(frozen=True, slots=True)
class AnneeContrat:
    """The year whole. `plafond` gives the ceiling with and without crisis activation; `montants` the variable part."""

    contrat: Contrat
    annee: Annee
    duree: int
    plafond: aci.Plafond
    fonctionnement: aci.Montant | None
    missions: tuple[MissionAnnee, ...]
    montants: aci.Repartition
    non_reparti: Decimal
    termes: TermesContrat
    """The terms in force on the last day of the year."""

    @property
    def jours_restants(self) -> int:
        return max((self.annee.fin - self.annee.on).days, 0)

    @property
    def is_close(self) -> bool:
        return self.annee.on >= self.annee.fin

    @property
    def is_interrompue(self) -> bool:
        """Whether the contract ended inside this year, before its anniversary."""
        return regles.is_interrompue(self.contrat, self.annee.numero)

    @property
    def fixe(self) -> aci.Montant | None:
        """The fixed euros due for the year; None when the contract is known by its total."""
        parts = [mission.fixe for mission in self.missions if mission.fixe is not None]
        return None if self.fonctionnement is None else aci.Montant.somme([self.fonctionnement, *parts])

    @property
    def a_confirmer(self) -> bool:
        """Whether the total holds an amount that no text confirms yet."""
        return self.plafond.total.a_confirmer

    @property
    def is_renseignee(self) -> bool:
        """Whether a value tells this year: without any, a closed year says nothing of what was won or lost."""
        return any(self.annee.holds(c.le) for ligne in self.indicateurs for c in ligne.constats) or any(
            ligne.prevision.actes for ligne in self.indicateurs
        )

    @property
    def variable(self) -> Decimal:
        """The euros to demonstrate this year."""
        return self.montants.maximum + self.non_reparti

    @property
    def indicateurs(self) -> tuple[IndicateurAnnee, ...]:
        return tuple(i for mission in self.missions for i in mission.indicateurs)

    @property
    def lacunes(self) -> tuple[Lacune, ...]:
        """Lacking evidence, the most euros first."""
        return tuple(sorted((i.lacune for i in self.indicateurs if i.lacune), key=lambda lacune: -lacune.euros))

    @property
    def prochains(self) -> tuple[ProchainPalier, ...]:
        """Next tiers, the nearest to its threshold first (as a share of the road from the reference)."""
        return tuple(
            ProchainPalier(
                indicateur=ligne.indicateur,
                phrase=prochain.phrase,
                gain=prochain.gain,
                distance=prochain.distance,
                jours=self.jours_restants,
                seuil=prochain.palier.seuil,
            )
            for ligne in sorted(self.indicateurs, key=_nearness)
            if (prochain := ligne.resultat.prochain) is not None
        )


def _nearness(indicateur: IndicateurAnnee) -> tuple[bool, Decimal, Decimal]:
    prochain = indicateur.resultat.prochain
    if prochain is None or prochain.distance is None:
        return True, Decimal(0), -(prochain.gain if prochain else Decimal(0))
    dernier = indicateur.resultat.indicateur.paliers_by_difficulty()[-1].seuil
    chemin = abs(dernier - (indicateur.indicateur.reference or Decimal(0))) or Decimal(1)
    return False, prochain.distance / chemin, -prochain.gain


def compute_annee(contrat: Contrat, on: date, *, numero: int | None = None) -> AnneeContrat:
    """The contract year in which `on` falls, or year `numero` as known at `on`.

    The year keeps the terms of its time: each avenant counts from its date of effect, and the annex of the last day
    is the one evaluated. Queries: eight, plus one for each indicator that acts feed; never more with more acts.
    Raises an ErreurRegle when the contract cannot be computed, which `create_contrat` prevents.
    """
    if numero is None:
        numero, debut, fin = regles.find_annee(contrat, on)
    else:
        debut, fin = regles.bounds_of(contrat, numero)
    annee = Annee(numero, debut, fin, on)
    toutes, avenants = read_rows(contrat)
    missions = list_missions_of_annee(toutes, debut, fin)
    plafond = regles.compute_plafond(contrat, toutes, numero, avenants)
    parts = {ligne.poste: ligne for ligne in plafond.lignes}
    fixes = regles.compute_fixes(contrat, toutes, numero, avenants)
    termes = find_termes(list_termes(contrat, toutes, avenants), fin - timedelta(days=1))
    enveloppes = _enveloppes(termes, parts)
    indicateurs = _compute_indicateurs(contrat, annee, {m: e.statut for m, e in enveloppes.items()})
    lignes = tuple(
        _mission(mission, parts.get(mission.mission), fixes, enveloppes, indicateurs) for mission in missions
    )
    return AnneeContrat(
        contrat=contrat,
        annee=annee,
        duree=len(aci.compute_anniversaires(contrat.signe_le, on=contrat.bareme_le)) - 1,
        plafond=plafond,
        fonctionnement=fixes.get("fonctionnement"),
        missions=lignes,
        montants=sum((ligne.montants for ligne in lignes), aci.Repartition()),
        non_reparti=sum((ligne.non_reparti for ligne in lignes), Decimal(0)),
        termes=termes,
    )


def _enveloppes(termes: TermesContrat, parts: dict[str, aci.Parts]) -> dict[str, aci.Montant]:
    """Variable envelope of each mission: the euros kept at entry, as surely as the text that gives them."""
    enveloppes = {}
    for mission in termes.missions:
        if mission.enveloppe is None:
            continue
        part = parts.get(mission.code)
        statut = part.variable.statut if part and mission.montants.variable is None else Statut.VERIFIE
        explication = part.variable.explication if part else ()
        enveloppes[mission.code] = aci.Montant(mission.enveloppe, statut, explication)
    return enveloppes


def _mission(
    mission: MissionContrat,
    parts: aci.Parts | None,
    fixes: dict[str, aci.Montant],
    enveloppes: dict[str, aci.Montant],
    indicateurs: dict[str, list[IndicateurAnnee]],
) -> MissionAnnee:
    siens = tuple(indicateurs.get(mission.mission, ()))
    montants = sum((i.montants for i in siens), aci.Repartition())
    enveloppe = enveloppes.get(mission.mission)
    return MissionAnnee(
        mission=mission,
        libelle=mission.get_mission_display(),
        fixe=fixes.get(mission.mission) or (aci.Montant(Decimal("0.00")) if fixes else None),
        variable=enveloppe,
        activation=parts.activation if parts and parts.activation.valeur else None,
        montants=montants,
        non_reparti=max(enveloppe.valeur - montants.maximum, Decimal(0)) if enveloppe else Decimal(0),
        indicateurs=siens,
    )


def _compute_indicateurs(
    contrat: Contrat, annee: Annee, statuts: dict[str, Statut]
) -> dict[str, list[IndicateurAnnee]]:
    """Every indicator of the contract by mission, with constant queries."""
    faits = _Faits(contrat, annee)
    compteur = Compteur(contrat.cpts_id, [find_declare(indicateur) for indicateur in faits.indicateurs])
    previsions: dict[str, Prevision] = {}
    certifies: dict[str, Constat | None] = {}
    definitions = []
    for indicateur in faits.indicateurs:
        constats = faits.constats[indicateur.pk]
        declare = find_declare(indicateur)
        certifies[indicateur.code] = find_certifie(constats, annee)
        previsions[indicateur.code] = compute_prevision(indicateur, declare, constats, annee=annee, compteur=compteur)
        statut = statuts.get(indicateur.mission, Statut.VERIFIE)
        definitions.append(regles.indicateur_of_row(indicateur, faits.paliers[indicateur.pk], statut))
    variable = aci.compute_variable(
        on=annee.on,
        fin_periode=annee.fin,
        indicateurs=definitions,
        constatees={code: constat.valeur for code, constat in certifies.items() if constat is not None},
        prevues={code: p.valeur for code, p in previsions.items() if p.valeur is not None},
    )
    by_mission: dict[str, list[IndicateurAnnee]] = defaultdict(list)
    for indicateur, resultat in zip(faits.indicateurs, variable.resultats, strict=True):
        prevision = previsions[indicateur.code]
        by_mission[indicateur.mission].append(
            IndicateurAnnee(
                indicateur=indicateur,
                paliers=tuple(faits.paliers[indicateur.pk]),
                constats=tuple(faits.constats[indicateur.pk]),
                preuves=tuple(faits.preuves[indicateur.pk]),
                certifie=certifies[indicateur.code],
                prevision=prevision,
                resultat=resultat,
                lacune=faits.find_lacune(indicateur, prevision, resultat),
            )
        )
    return by_mission


class _Faits:
    """The rows of a contract year, read in five queries."""

    def __init__(self, contrat: Contrat, annee: Annee) -> None:
        self.annee = annee
        self.indicateurs = [i for i in contrat.indicateurs.all() if regles.holds(i, annee.fin)]
        self.paliers: dict[UUID, list[Palier]] = defaultdict(list)
        self.constats: dict[UUID, list[Constat]] = defaultdict(list)
        self.preuves: dict[UUID, list[Preuve]] = defaultdict(list)
        self.actes_nus: dict[UUID, dict[date, int]] = defaultdict(dict)
        for palier in Palier.objects.filter(indicateur__contrat=contrat):
            self.paliers[palier.indicateur_id].append(palier)
        for constat in Constat.objects.select_related("document").filter(indicateur__contrat=contrat):
            self.constats[constat.indicateur_id].append(constat)
        preuves = Preuve.objects.en_vigueur().select_related("fichier")
        preuves = preuves.filter(indicateur__contrat=contrat, le__gte=annee.debut, le__lte=annee.fin)
        for preuve in preuves:
            assert preuve.indicateur_id is not None
            self.preuves[preuve.indicateur_id].append(preuve)
        nus = ReleveActe.objects.filter(
            releve__contrat=contrat, releve__annee=annee.numero, empreinte="", cpts_id=contrat.cpts_id
        )
        for ligne in nus.values("indicateur_id", "le").annotate(nombre=Count("pk")).order_by():
            self.actes_nus[ligne["indicateur_id"]][ligne["le"]] = ligne["nombre"]

    def find_lacune(
        self, indicateur: Indicateur, prevision: Prevision, resultat: aci.ResultatIndicateur
    ) -> Lacune | None:
        """Documents that lack behind euros not yet certified: one an act, one a deliverable, one a declared value."""
        enjeu = resultat.montants.a_confirmer
        if not enjeu:
            return None
        nombre = self._count_lacking(indicateur, prevision)
        if nombre <= 0:
            return None
        return Lacune(indicateur, nombre, indicateur.preuve_demandee or "justificatif", enjeu)

    def _count_lacking(self, indicateur: Indicateur, prevision: Prevision) -> int:
        if prevision.fenetre is not None:
            jours = self.actes_nus[indicateur.pk]
            return sum(n for le, n in jours.items() if prevision.fenetre.debut <= le < prevision.fenetre.fin)
        if not prevision.declaree:
            return 0
        documents = {preuve.fichier_id for preuve in self.preuves[indicateur.pk]}
        documents |= {
            constat.document_id
            for constat in self.constats[indicateur.pk]
            if constat.document_id and constat.etat == EtatConstat.DECLARE and self.annee.holds(constat.le)
        }
        attendus = int(prevision.valeur or 0) if indicateur.nature == Nature.LIVRABLE else 1
        return attendus - len(documents)
