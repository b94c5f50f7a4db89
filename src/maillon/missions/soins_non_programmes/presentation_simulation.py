"""Variants of an offer side by side: what each would have answered, and the finding. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from maillon.communaute.annuaire.enums import Profession
from maillon.regles.simulation_soins import Bilan, Modification, Sens
from maillon.socle.ui.graphiques import Serie, build_graphique
from maillon.socle.ui.sections import Section, Tableau, Valeur
from maillon.socle.ui.typographie import compter, format_duree, format_heure, format_nombre, format_pour_cent

JOURS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
SEMAINE = frozenset(range(5))


@dataclass(frozen=True, slots=True)
class Variante:
    """One offer, in words, and what the requests found in it, by profession."""

    nom: str
    phrase: str
    bilans: Mapping[str, Bilan]

    def total(self, champ: str) -> int:
        return sum(getattr(bilan, champ) for bilan in self.bilans.values())


@dataclass(frozen=True, slots=True)
class Comparaison:
    """The variants as the page shows them."""

    titre: str
    variantes: Sequence[Variante]
    sections: Sequence[Section]
    depuis: date


def say_modification(modification: Modification) -> str:
    """« 1 médecin de plus, du lundi au vendredi, de 17 h à 20 h »."""
    nom = str(Profession(modification.profession).label)
    if modification.jours == SEMAINE:
        jours = "du lundi au vendredi"
    else:
        jours = "le " + ", le ".join(JOURS[jour] for jour in sorted(modification.jours))
    heures = f"de {format_heure(modification.de)} à {format_heure(modification.a)}"
    if modification.sens is Sens.EN_MOINS:
        return f"Aucun {nom}, {jours}, {heures}"
    return f"{compter(modification.combien, nom)} de plus, {jours}, {heures}"


def build_comparaison(variantes: Sequence[Variante], *, depuis: date) -> Comparaison:
    professions = sorted({code for variante in variantes for code in variante.bilans})
    sections = [_build_ensemble(variantes)]
    if len(professions) > 1:
        sections += [_build_profession(code, variantes) for code in professions if _asks(code, variantes)]
    return Comparaison(_say(variantes), variantes, sections, depuis)


def _asks(code: str, variantes: Sequence[Variante]) -> bool:
    return any(variante.bilans[code].arrivees for variante in variantes if code in variante.bilans)


def _say(variantes: Sequence[Variante]) -> str:
    base = variantes[0]
    if len(variantes) == 1:
        part = base.total("jour_meme") / base.total("arrivees")
        return f"Une place le jour même pour {format_pour_cent(part, 0)} des demandes"
    meilleure = max(variantes[1:], key=lambda variante: variante.total("jour_meme"))
    ecart = meilleure.total("jour_meme") - base.total("jour_meme")
    if not ecart:
        return f"{meilleure.nom}\u00a0: autant de personnes servies le jour même"
    mot = "de plus" if ecart > 0 else "de moins"
    return f"{meilleure.nom}\u00a0: {compter(abs(ecart), 'personne')} {mot} avec une place le jour même"


def _build_ensemble(variantes: Sequence[Variante]) -> Section:
    titre = _say(variantes)
    graphique = build_graphique(
        titre=titre,
        etiquettes=["Place le jour même", "Place dans les 24 h", "Sans place", "Places restées libres"],
        series=[
            Serie(v.nom, [v.total("jour_meme"), v.total("sous_24h"), v.total("perdues"), v.total("restees")])
            for v in variantes
        ],
        genre="barres",
        axe_y="Demandes ou places",
    )
    lignes: list[Sequence[Valeur]] = [
        ("Demandes", *(v.total("arrivees") for v in variantes)),
        ("Une place le jour même", *(v.total("jour_meme") for v in variantes)),
        ("Une place dans les 24 heures", *(v.total("sous_24h") for v in variantes)),
        ("Sans place en 24 heures", *(v.total("perdues") for v in variantes)),
        ("Places offertes", *(v.total("places") for v in variantes)),
        ("Places restées libres", *(v.total("restees") for v in variantes)),
    ]
    return Section(
        "ensemble",
        titre,
        Tableau(("Ensemble", *(v.nom for v in variantes)), lignes),
        graphique,
        replie=True,
        large=True,
    )


def _build_profession(code: str, variantes: Sequence[Variante]) -> Section:
    vide = Bilan(0, 0, 0, None, 0)
    bilans = [variante.bilans.get(code, vide) for variante in variantes]
    nom = str(Profession(code).label)
    parts = [bilan.part_jour_meme for bilan in bilans]
    titre = f"{nom.capitalize()}\u00a0: {' → '.join(format_pour_cent(part, 0) for part in parts)} le jour même"

    def row(mot: str, lit: Callable[[Bilan], str]) -> list[Valeur]:
        return [mot, *(lit(bilan) for bilan in bilans)]

    tableau = Tableau(
        (nom.capitalize(), *(variante.nom for variante in variantes)),
        [
            row("Demandes", lambda b: format_nombre(b.arrivees)),
            row("Place le jour même", lambda b: format_nombre(b.jour_meme)),
            row("Sans place en 24 h", lambda b: format_nombre(b.perdues)),
            row("Attente médiane", lambda b: _attente(b.attente)),
            row("Places offertes", lambda b: format_nombre(b.places)),
        ],
    )
    return Section(f"profession-{code}", titre, tableau)


def _attente(attente: timedelta | None) -> str:
    return format_duree(attente)
