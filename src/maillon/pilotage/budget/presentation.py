"""What the pages of the budget show: figures, bars, curve, tables."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.utils.http import urlencode

from maillon.socle.ui.composants import A_CONFIRMER, Chiffre, Explication, LigneExplication, Onglet, Segment
from maillon.socle.ui.graphiques import Graphique, Serie, build_graphique
from maillon.socle.ui.typographie import MOIS, format_euros, format_pour_cent

from .calcul import ZERO, Depenses, Enveloppe, Point
from .enums import Categorie
from .liens import find_url_poste
from .phrases import say_caisse
from .selectors import Budget, CaisseAnnoncee

ABREGES = ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.")
assert len(ABREGES) == len(MOIS)


@dataclass(frozen=True, slots=True)
class Barre:
    """One envelope as a bar of 1000 units: paid, committed, remaining; beyond it, what lacks."""

    enveloppe: Enveloppe
    segments: tuple[Segment, ...]
    url: str
    notes: tuple[str, ...]

    @property
    def resume(self) -> str:
        """The bar in one sentence, for those who do not see it."""
        dits = ", ".join(f"{format_euros(s.montant)} {s.libelle.lower()}" for s in self.segments if s.montant)
        return f"{self.enveloppe.libelle} : {dits or 'rien de dépensé'}, sur {format_euros(self.enveloppe.sure)}."


def build_barres(budget: Budget, slug: str, visibles: Sequence[str] | None = None) -> list[Barre]:
    """One bar a poste, those of `visibles` only when given."""
    return [
        build_barre(enveloppe, find_url_poste(slug, enveloppe.poste))
        for enveloppe in budget.enveloppes
        if visibles is None or enveloppe.poste in visibles
    ]


def build_barre(enveloppe: Enveloppe, url: str = "") -> Barre:
    """The bar of one envelope, with what must be said of it."""
    depenses = enveloppe.depenses
    dans_l_enveloppe = max(enveloppe.sure - max(depenses.paye, ZERO), ZERO)
    engage = min(depenses.engage, dans_l_enveloppe) if enveloppe.connue else depenses.engage
    parts = (
        ("paye", "Payé", max(depenses.paye, ZERO)),
        ("engage", "Engagé", engage),
        ("depasse", "Engagé au-delà", depenses.engage - engage),
        ("reste", "Reste à engager", max(enveloppe.reste, ZERO) if enveloppe.connue else ZERO),
    )
    total = sum((montant for _, _, montant in parts), ZERO) or Decimal(1)
    segments, x = [], Decimal(0)
    for cle, libelle, montant in parts:
        largeur = montant * 1000 / total
        segments.append(Segment(cle, libelle, montant, f"{x:.1f}", f"{largeur:.1f}"))
        x += largeur
    return Barre(enveloppe, tuple(segments), url, tuple(_notes(enveloppe)))


def _notes(enveloppe: Enveloppe) -> list[str]:
    base = enveloppe.base
    notes = []
    if not enveloppe.connue:
        notes.append("Le contrat ne donne pas le montant de cette enveloppe.")
    if base.a_confirmer:
        notes.append(f"{format_euros(base.a_confirmer)} de part variable à confirmer s’y ajouteraient.")
    if enveloppe.deplace:
        sens = "reçus d’une" if enveloppe.deplace > 0 else "cédés à une"
        notes.append(f"{format_euros(abs(enveloppe.deplace))} {sens} autre enveloppe, par décision du bureau.")
    if not base.sur:
        notes.append("Montant à confirmer.")
    return notes


def build_chiffres(budget: Budget, caisse: CaisseAnnoncee | None, operations: str, solde: str) -> list[Chiffre]:
    """Assured, paid, committed, and what is in the bank; the sentence above them says what remains."""
    depenses = budget.depenses
    certitude = "" if budget.sur else A_CONFIRMER
    chiffres = []
    if budget.connu:
        part = f"et {format_euros(budget.a_confirmer)} à confirmer, non comptés" if budget.a_confirmer else ""
        chiffres.append(Chiffre("Assuré cette année", budget.sure, "€", source=part, certitude=certitude))
    taux = depenses.paye / budget.sure if budget.connu and budget.sure > 0 else None
    projete = f"projeté à l’anniversaire : {format_euros(depenses.projete)}"
    chiffres += [
        Chiffre("Payé", depenses.paye, "€", realise=taux, url=f"{operations}?etat=payee"),
        Chiffre("Engagé", depenses.engage, "€", source=projete, url=f"{operations}?etat=engagee"),
    ]
    if caisse is not None and caisse.tresorerie is not None:
        assert caisse.solde is not None
        source = f"d’après le solde du {caisse.solde.le:%d/%m/%Y}"
        chiffres.append(Chiffre("En caisse", caisse.tresorerie.actuel, "€", source=source, url=solde))
    return chiffres


def build_courbe(caisse: CaisseAnnoncee) -> Graphique | None:
    """The cash month by month: without, and with, the variable part."""
    tresorerie = caisse.tresorerie
    if tresorerie is None:
        return None
    points = tresorerie.points
    series = [Serie("Sans la part variable", [float(p.certain) for p in points])]
    if any(p.espere != p.certain for p in points):
        series.append(Serie("Avec la part variable attendue", [float(p.espere) for p in points]))
    return build_graphique(
        titre=say_caisse(tresorerie),
        etiquettes=[_label(point, rang) for rang, point in enumerate(points)],
        series=series,
        axe_x="fin de mois, et jour le plus bas",
        axe_y="En caisse, en euros",
        cible=0 if tresorerie.negatif else None,
        cible_libelle="Caisse vide",
        write=format_euros,
    )


def _label(point: Point, rang: int) -> str:
    """« nov. 26 », then « déc. », « janv. 27 »; the day itself when it does not end a month."""
    mois = ABREGES[point.le.month - 1]
    if (point.le + timedelta(days=1)).day != 1:
        return f"{point.le.day} {mois}"
    return f"{mois} {point.le.year % 100}" if rang == 0 or point.le.month == 1 else mois


def explain_caisse(caisse: CaisseAnnoncee) -> Explication | None:
    """Where the curve comes from, line by line."""
    if caisse.solde is None or caisse.tresorerie is None:
        return None
    lignes = [
        LigneExplication(
            f"Solde au soir du {caisse.solde.le:%d/%m/%Y}", caisse.solde.montant, texte=caisse.solde.source
        ),
        LigneExplication(
            "Mouvements depuis ce jour",
            caisse.tresorerie.actuel - caisse.solde.montant,
            "Versements reçus et opérations payées après ce jour.",
        ),
    ]
    for attendu in sorted(caisse.attendus, key=lambda a: a.le):
        certitude = "" if attendu.certain and attendu.sur else A_CONFIRMER
        lignes.append(
            LigneExplication(
                attendu.libelle,
                attendu.montant,
                f"Attendu le {attendu.le:%d/%m/%Y}."
                + ("" if attendu.certain else " Compté à part, dans la courbe haute."),
                certitude=certitude,
            )
        )
    return Explication(
        lignes,
        titre="D’où vient cette courbe",
        conclusion="Les engagements sont ôtés à leur date ; ceux dont la date est passée le sont aujourd’hui. Aucun "
        "texte ne date le versement de la part variable : la courbe suppose trois mois après l’anniversaire.",
    )


@dataclass(frozen=True, slots=True)
class LigneCategorie:
    """A category of a poste: planned, paid, committed, projected."""

    libelle: str
    prevu: Decimal
    depenses: Depenses

    @property
    def ecart(self) -> Decimal:
        return self.prevu - self.depenses.total


def build_categories(budget: Budget, enveloppe: Enveloppe) -> list[LigneCategorie]:
    """Every category where something is planned or spent."""
    prevus: dict[str, Decimal] = {}
    for ligne in budget.lignes:
        if ligne.poste == enveloppe.poste:
            prevus[ligne.categorie] = prevus.get(ligne.categorie, ZERO) + ligne.prevu
    return [
        LigneCategorie(c.label, prevus.get(c.value, ZERO), enveloppe.categories.get(c.value, Depenses()))
        for c in Categorie
        if c.value in prevus or c.value in enveloppe.categories
    ]


def explain_enveloppe(enveloppe: Enveloppe) -> Explication:
    """What an envelope is made of, sure and unsure apart."""
    base = enveloppe.base
    certitude = "" if base.sur else A_CONFIRMER
    lignes = [
        LigneExplication("Part fixe due pour l’année", base.fixe, "Au prorata du démarrage.", certitude=certitude)
    ]
    if base.constate:
        lignes.append(
            LigneExplication("Part variable constatée", base.constate, "Paliers certifiés.", certitude=certitude)
        )
    if enveloppe.deplace:
        lignes.append(LigneExplication("Réaffectations", enveloppe.deplace, "Décisions du bureau."))
    if enveloppe.recu:
        lignes.append(LigneExplication("Autres recettes reçues", enveloppe.recu))
    conclusion = ""
    if base.a_confirmer or base.possible:
        conclusion = (
            f"S’y ajouteraient {format_euros(base.a_confirmer)} à confirmer et {format_euros(base.possible)} encore "
            "possibles de part variable : ils ne sont pas comptés tant qu’ils ne sont pas constatés."
        )
    return Explication(
        lignes, enveloppe.sure, "Assuré", certitude, conclusion, titre="De quoi cette enveloppe est faite"
    )


def build_onglets(budget: Budget, courante: int, poste: str = "") -> list[Onglet]:
    """The years already begun, for the whole budget or for one envelope."""
    suite = {"poste": poste} if poste else {}
    return [
        Onglet(
            f"Année {n}",
            "?" + urlencode(suite | ({"annee": str(n)} if n != courante else {})),
            n == budget.annee.annee.numero,
        )
        for n in range(1, courante + 1)
    ]


def say_taux(enveloppe: Enveloppe) -> str:
    """« 62 % »."""
    return format_pour_cent(enveloppe.taux, 0) if enveloppe.taux is not None else "—"
