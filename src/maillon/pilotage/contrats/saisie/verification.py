"""Does the entry agree with itself and with the scale? Every disagreement is a sentence with its numbers. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from maillon.regles import aci
from maillon.regles.erreurs import BaremeIncomplet, ErreurRegle
from maillon.socle.ui.typographie import compter, format_euros

from ..donnees import DonneesContrat
from ..enums import CodeMission, NatureVersement, StatutMission
from .donnees import Saisie

ZERO = Decimal(0)
# Their date depends on what happens.
HORS_ECHEANCIER = (NatureVersement.VARIABLE, NatureVersement.ACTIVATION, NatureVersement.AIDE)


@dataclass(frozen=True, slots=True)
class Probleme:
    """A disagreement, the step that corrects it, and whether it stops the recording."""

    etape: str
    phrase: str
    bloquant: bool = True


@dataclass(frozen=True, slots=True)
class Baremes:
    """What the scale gives for one mission and year 1; None where no text publishes it."""

    fixe: aci.Montant | None
    variable: aci.Montant | None
    activation: aci.Montant | None


@dataclass(frozen=True, slots=True)
class Enveloppe:
    """A mission's variable envelope against the sum of its indicators. `montant` is None when no text gives it."""

    mission: str
    libelle: str
    engagee: bool
    montant: aci.Montant | None
    somme: Decimal
    nombre: int

    @property
    def ecart(self) -> Decimal | None:
        """What the indicators give beyond the envelope (negative: what they lack)."""
        return None if self.montant is None else self.somme - self.montant.valeur

    @property
    def is_juste(self) -> bool:
        return not self.ecart

    @property
    def phrase(self) -> str:
        """« Accès aux soins : les indicateurs totalisent 34 000 € pour une enveloppe…, il manque 1 000 €. »"""
        if self.montant is None or not self.ecart:
            return ""
        sens = "il manque" if self.ecart < 0 else "il y a en trop"
        return (
            f"{self.libelle} : les indicateurs totalisent {format_euros(self.somme)} pour une enveloppe variable de "
            f"{format_euros(self.montant.valeur)}, {sens} {format_euros(abs(self.ecart))}."
        )


@dataclass(frozen=True, slots=True)
class Attendu:
    """What the contract calls for by now for one year and poste, and what arrived. `attendu` is None without rule."""

    annee: int
    poste: str
    libelle: str
    attendu: Decimal | None
    recu: Decimal
    a_confirmer: bool = False

    @property
    def ecart(self) -> Decimal | None:
        return None if self.attendu is None else self.recu - self.attendu


def find_taille(donnees: DonneesContrat) -> int:
    """Size of the contract. Raises an ErreurRegle."""
    on = donnees.bareme_le or donnees.signe_le
    if donnees.population is not None:
        return int(aci.compute_taille(donnees.population, on=on))
    return int(aci.Taille.read(donnees.taille or 0))


def read_bareme(code: str, *, taille: int, on: date, annee: int = 1) -> Baremes:
    """The scale's amounts of a mission."""
    try:
        parts = aci.compute_parts(
            aci.Mission(code), taille=aci.Taille(taille), annee_contrat=annee, on=on, montants=None
        )
    except ErreurRegle:
        return Baremes(None, None, None)
    return Baremes(parts.fixe, parts.variable, parts.activation)


def read_fonctionnement(*, taille: int, on: date) -> aci.Montant | None:
    """The scale's amount for the fonctionnement."""
    try:
        return aci.compute_parts(None, taille=aci.Taille(taille), annee_contrat=1, on=on).fixe
    except ErreurRegle:
        return None


def build_montants(donnees: DonneesContrat) -> aci.MontantsContrat | None:
    """The contract's own amounts; None when the scale gives them all."""
    propres = {
        aci.Mission(m.code): aci.MontantsMission(m.fixe, m.variable, m.fixe_suivantes, m.activation)
        for m in donnees.missions
        if any(part is not None for part in (m.fixe, m.variable, m.fixe_suivantes, m.activation))
    }
    if donnees.fonctionnement is None and not propres:
        return None
    return aci.MontantsContrat(source=donnees.source, fonctionnement=donnees.fonctionnement, missions=propres)


def compute_enveloppes(donnees: DonneesContrat, indicateurs: Iterable[tuple[str, Decimal]]) -> tuple[Enveloppe, ...]:
    """One line a mission. `indicateurs` gives mission and maximum euros of each row, sound or not."""
    taille, on = find_taille(donnees), donnees.bareme_le or donnees.signe_le
    maxima = list(indicateurs)
    lignes = []
    for mission in donnees.missions:
        siens = [maximum for code, maximum in maxima if code == mission.code]
        montant = read_bareme(mission.code, taille=taille, on=on).variable
        if mission.variable is not None:
            montant = aci.Montant(mission.variable)
        lignes.append(
            Enveloppe(
                mission.code,
                CodeMission(mission.code).label,
                mission.statut != StatutMission.PREVUE,
                montant,
                sum(siens, ZERO),
                len(siens),
            )
        )
    return tuple(lignes)


def compute_echeancier(donnees: DonneesContrat) -> aci.Echeancier | None:
    """Payments that the contract calls for; None when only its total is known. Raises an ErreurRegle."""
    engagees = [mission for mission in donnees.missions if mission.statut != StatutMission.PREVUE]
    try:
        return aci.compute_versements(
            signature=donnees.signe_le,
            on=donnees.bareme_le or donnees.signe_le,
            missions=[mission.code for mission in engagees],
            demarrages={aci.Mission(m.code): m.debut for m in engagees if m.debut},
            population=donnees.population,
            taille=donnees.taille if donnees.population is None else None,
            montants=build_montants(donnees),
        )
    except BaremeIncomplet:
        return None


def list_dus(echeancier: aci.Echeancier | None, *, on: date) -> Iterator[tuple[date, aci.Versement]]:
    """Payments whose day has come by `on`: those that depend on what happens have no day."""
    for versement in echeancier.versements if echeancier else ():
        if versement.date is not None and versement.date <= on:
            yield versement.date, versement


def compare_versements(saisie: Saisie, echeancier: aci.Echeancier | None, *, on: date) -> tuple[Attendu, ...]:
    """What was called for by `on` and what arrived, by year and poste. Variable parts and aids have no fixed date."""
    attendus: dict[tuple[int, str], list[aci.Montant]] = {}
    for _, versement in list_dus(echeancier, on=on):
        attendus.setdefault((versement.annee_contrat, versement.poste), []).append(versement.montant)
    recus: dict[tuple[int, str], Decimal] = {}
    for recu in saisie.versements:
        if not recu.annee or recu.nature in HORS_ECHEANCIER:
            continue
        recus[recu.annee, recu.poste] = recus.get((recu.annee, recu.poste), ZERO) + recu.montant
    return _merge(attendus, recus)


def _merge(
    attendus: Mapping[tuple[int, str], Sequence[aci.Montant]], recus: Mapping[tuple[int, str], Decimal]
) -> tuple[Attendu, ...]:
    """A payment received for the whole of a year is compared with the year's whole."""
    globales = {annee for annee, poste in recus if not poste}
    lignes = []
    for annee in sorted({annee for annee, _ in (*attendus, *recus)}):
        postes = [poste for a, poste in attendus if a == annee]
        postes += [poste for a, poste in recus if a == annee and poste not in postes]
        if annee in globales:
            dus = [montant for (a, _), montants in attendus.items() if a == annee for montant in montants]
            total = sum((recu for (a, _), recu in recus.items() if a == annee), ZERO)
            lignes.append(_compare(annee, "", dus, total))
        else:
            lignes += [_compare(annee, p, attendus.get((annee, p), ()), recus.get((annee, p), ZERO)) for p in postes]
    return tuple(lignes)


def _compare(annee: int, poste: str, dus: Sequence[aci.Montant], recu: Decimal) -> Attendu:
    somme = aci.Montant.somme(dus) if dus else None
    return Attendu(
        annee, poste, name_poste(poste), somme.valeur if somme else None, recu, bool(somme and somme.a_confirmer)
    )


def name_poste(poste: str) -> str:
    if poste in CodeMission.values:
        return str(CodeMission(poste).label)
    return "Fonctionnement" if poste else "Toutes missions"


def list_problemes(
    saisie: Saisie, enveloppes: Iterable[Enveloppe], attendus: Sequence[Attendu], *, on: date
) -> list[Probleme]:
    """What stops the recording, then what deserves a look."""
    contrat = saisie.contrat
    codes = {mission.code for mission in contrat.missions}
    problemes = list(_list_enveloppes(enveloppes))
    problemes += [
        Probleme(
            "indicateurs",
            f"L’indicateur « {i.libelle} » est rangé dans « {CodeMission(i.mission).label} », qui n’est pas au "
            "contrat : changez sa mission, ou ajoutez-la à l’étape 2.",
        )
        for i in contrat.indicateurs
        if i.mission not in codes
    ]
    problemes += _list_resultats(saisie, on)
    if saisie.versements:
        problemes += _list_versements(attendus)
    return sorted(problemes, key=lambda probleme: not probleme.bloquant)


def _list_enveloppes(enveloppes: Iterable[Enveloppe]) -> Iterator[Probleme]:
    for enveloppe in enveloppes:
        if enveloppe.is_juste or enveloppe.montant is None:
            continue
        if not enveloppe.engagee:
            if enveloppe.nombre:
                yield Probleme(
                    "indicateurs", f"{enveloppe.phrase} Elle est prévue : à régler avant son démarrage.", False
                )
        elif not enveloppe.nombre:
            yield Probleme(
                "missions",
                f"{enveloppe.libelle} : la mission est démarrée, son enveloppe variable est de "
                f"{format_euros(enveloppe.montant.valeur)} et elle n’a aucun indicateur. Ajoutez-les à l’étape 3, ou "
                "mettez la mission « prévue » à l’étape 2.",
            )
        else:
            suite = (
                " L’enveloppe du barème est à confirmer : si votre contrat en écrit une autre, donnez-la à l’étape 2."
            )
            yield Probleme("indicateurs", enveloppe.phrase + (suite if enveloppe.montant.a_confirmer else ""))


def _list_resultats(saisie: Saisie, on: date) -> Iterator[Probleme]:
    """A rate above 100 would be refused; a value worse than the baseline is only said."""
    indicateurs = dict(zip(saisie.cles, saisie.contrat.indicateurs, strict=True))
    for resultat in saisie.resultats:
        indicateur = indicateurs[resultat.cle]
        if indicateur.nature == "taux" and resultat.valeur > 100:
            yield Probleme(
                "passe",
                f"« {indicateur.libelle} », année {resultat.annee} : un taux de {resultat.valeur} % est impossible.",
            )
    manquent = _count_sans_resultat(saisie, on)
    if manquent:
        yield Probleme(
            "passe",
            f"{compter(manquent, 'résultat manque', 'résultats manquent')} pour les années passées. "
            "Vous pourrez les ajouter plus tard.",
            bloquant=False,
        )


def _count_sans_resultat(saisie: Saisie, on: date) -> int:
    finies = [fin for fin in aci.compute_anniversaires(saisie.contrat.signe_le, on=on)[1:] if fin <= on]
    donnes = {(resultat.cle, resultat.annee) for resultat in saisie.resultats}
    return len(finies) * len(saisie.cles) - len(donnes)


def _list_versements(attendus: Sequence[Attendu]) -> Iterator[Probleme]:
    for ligne in attendus:
        if not ligne.ecart:
            continue
        sens = "de moins" if ligne.ecart < 0 else "de plus"
        reserve = " (montant du barème à confirmer)" if ligne.a_confirmer else ""
        yield Probleme(
            "passe",
            f"Année {ligne.annee}, {ligne.libelle} : reçu {format_euros(ligne.recu)}, attendu à ce jour "
            f"{format_euros(ligne.attendu)}{reserve}, soit {format_euros(abs(ligne.ecart))} {sens}.",
            bloquant=False,
        )
