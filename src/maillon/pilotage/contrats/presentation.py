"""From figures to the components that pages show."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from maillon.regles import aci
from maillon.regles.aci.formats import format_nombre
from maillon.socle.ui.composants import (
    A_CONFIRMER,
    Chiffre,
    Evenement,
    Explication,
    Fait,
    LigneExplication,
    Pastille,
    ProgressionAnnee,
)
from maillon.socle.ui.typographie import INSECABLE, compter, format_date, format_euros

from .annee import AnneeContrat, IndicateurAnnee
from .enums import Nature, SensIndicateur, StatutMission
from .models import Avenant, Contrat, ContratSigne
from .phrases import put_in_plural


def certitude(a_confirmer: bool) -> str:
    """The mark of an amount recalled and not yet read in a text."""
    return A_CONFIRMER if a_confirmer else ""


def build_chiffres(annee: AnneeContrat) -> list[Chiffre]:
    """The euros of the variable part, by word."""
    montants, total = annee.montants, annee.variable
    doute = certitude(annee.a_confirmer)

    def chiffre(libelle: str, montant: Decimal, source: str) -> Chiffre:
        return Chiffre(
            libelle,
            montant,
            "€",
            cible=f"sur {format_euros(total)}",
            realise=montant / total if total else None,
            source=source,
            certitude=doute,
        )

    chiffres = [
        chiffre("Constaté", montants.constate, "Certifié, acquis"),
        chiffre("À confirmer", montants.a_confirmer, "Prévu d’après les actes et les déclarations"),
    ]
    if annee.is_close:
        chiffres.append(chiffre("Perdu", montants.perdu + annee.non_reparti, "Non atteint à la fin de l’année"))
    else:
        reste = montants.encore_possible + annee.non_reparti
        chiffres.append(chiffre("Encore possible", reste, "Jusqu’au palier le plus haut"))
    return chiffres


def build_barres(annee: AnneeContrat) -> list[ProgressionAnnee]:
    """One bar a mission that has a variable part."""
    barres = []
    for mission in annee.missions:
        if mission.variable is None or not mission.variable.valeur:
            continue
        notes = []
        if mission.mission.statut == StatutMission.PREVUE:
            notes.append("Mission pas encore démarrée.")
        if mission.non_reparti:
            notes.append(f"{format_euros(mission.non_reparti)} ne sont encore portés par aucun indicateur.")
        if mission.variable.a_confirmer:
            notes.append("Enveloppe à confirmer.")
        barres.append(
            ProgressionAnnee(
                mission.libelle,
                mission.montants.constate,
                mission.montants.a_confirmer,
                mission.montants.encore_possible + (0 if annee.is_close else mission.non_reparti),
                mission.montants.perdu + (mission.non_reparti if annee.is_close else 0),
                note=" ".join(notes),
                url=f"#{mission.mission.mission}",
                cle=f"barre-{mission.mission.mission}",
            )
        )
    return barres


def build_barre(ligne: IndicateurAnnee) -> ProgressionAnnee:
    """The bar of one indicator."""
    m = ligne.montants
    return ProgressionAnnee(
        "Euros de l’indicateur", m.constate, m.a_confirmer, m.encore_possible, m.perdu, cle="indicateur"
    )


@dataclass(frozen=True, slots=True)
class LignePalier:
    """A tier as read: its condition in words, its euros, how far it is."""

    condition: str
    libelle: str
    montant: Decimal
    etat: Pastille


def build_paliers(ligne: IndicateurAnnee, *, close: bool) -> list[LignePalier]:
    """The tiers from the easiest to the hardest, each with its state."""
    resultat = ligne.resultat
    indicateur = resultat.indicateur
    paliers = indicateur.paliers_by_difficulty()
    rangs = {palier: rang for rang, palier in enumerate(paliers)}
    constate = rangs[resultat.palier_constate] if resultat.palier_constate else -1
    prevu = rangs[resultat.palier_prevu] if resultat.palier_prevu else -1
    lignes = []
    for rang, palier in enumerate(paliers):
        if rang <= constate:
            etat = Pastille("constaté" if rang == constate else "dépassé", "bien")
        elif rang <= prevu:
            etat = Pastille("prévu, à confirmer" if rang == prevu else "dépassé", "attente", "help-circle")
        elif close:
            etat = Pastille("perdu", "neutre")
        else:
            etat = Pastille(_distance(ligne, palier), "cours", "target")
        signe = "jusqu’à" if indicateur.direction is aci.Sens.BAISSE else "à partir de"
        unite = "%" if ligne.indicateur.nature == "taux" else ""
        lignes.append(
            LignePalier(
                f"{signe} {format_nombre(palier.seuil)}\u00a0{unite}".strip(), palier.libelle, palier.montant, etat
            )
        )
    return lignes


def say_condition(seuil: Decimal, sens: str, unite: str) -> str:
    """« jusqu'à 100 », « à partir de 72,4 % »."""
    signe = "jusqu’à" if sens == SensIndicateur.BAISSE else "à partir de"
    return f"{signe} {format_nombre(seuil)}{INSECABLE + '%' if unite == '%' else ''}"


def _distance(ligne: IndicateurAnnee, palier: aci.Palier) -> str:
    resultat = ligne.resultat
    valeurs = [v for v in (resultat.valeur_constatee, resultat.valeur_prevue) if v is not None]
    if not valeurs:
        return "encore possible"
    meilleure = min(valeurs) if resultat.indicateur.direction is aci.Sens.BAISSE else max(valeurs)
    ecart = abs(palier.seuil - meilleure)
    return f"encore {format_nombre(ecart)} {resultat.indicateur.format_unite(ecart)}"


def build_faits(ligne: IndicateurAnnee) -> list[Fait]:
    """What the indicator is."""
    indicateur = ligne.indicateur
    faits = [Fait("Ce qui est mesuré", indicateur.definition or indicateur.libelle)]
    sens = "" if indicateur.nature == Nature.STOCK_BAISSE else f", {indicateur.get_sens_display()}"
    faits.append(Fait("Nature", f"{indicateur.get_nature_display()}{sens}"))
    if indicateur.reference is not None:
        depuis = f"au {format_date(indicateur.reference_le, jour=False)}" if indicateur.reference_le else ""
        faits.append(Fait("Valeur de référence", say_valeur(indicateur.reference, indicateur.unite), depuis))
    faits.append(Fait("Certifié par", indicateur.certificateur, indicateur.get_periodicite_display()))
    faits.append(Fait("Justificatif demandé", indicateur.preuve_demandee or "aucun n’est précisé"))
    faits.append(Fait("Source", indicateur.source))
    return faits


def say_valeur(valeur: Decimal | None, unite: str) -> str:
    """« 105 patients en ALD », « 69,9 % »."""
    if valeur is None:
        return "—"
    if unite == "%":
        return f"{format_nombre(valeur)}\u00a0%"
    return f"{format_nombre(valeur)} {unite if abs(valeur) < 2 else put_in_plural(unite)}".strip()


def build_explication(annee: AnneeContrat) -> Explication:
    """The ceiling line by line: rule, text, date, certainty."""
    lignes = [
        LigneExplication(
            ligne.libelle, ligne.montant, ligne.regle, ligne.source, ligne.date, certitude(ligne.a_confirmer)
        )
        for ligne in annee.plafond.explication
    ]
    activation = annee.plafond.activation.valeur
    conclusion = ""
    if activation:
        conclusion = (
            f"Sans crise reconnue, l’année vaut au plus {format_euros(annee.plafond.hors_activation.valeur)}. "
            f"Les {format_euros(activation)} d’activation ne sont versés que si l’ARS reconnaît une crise."
        )
    if annee.is_interrompue:
        fin = f"Le contrat a pris fin le {annee.annee.fin:%d/%m/%Y} : ce plafond est celui d’une année entière."
        conclusion = f"{fin} {conclusion}".strip()
    return Explication(
        lignes,
        total=annee.plafond.total.valeur,
        libelle_total="Plafond de l’année, crise comprise" if activation else "Plafond de l’année",
        certitude=certitude(annee.plafond.total.a_confirmer),
        conclusion=conclusion,
        titre=f"Plafond de l’année {annee.annee.numero}",
    )


def build_faits_contrat(contrat: Contrat, annee: AnneeContrat) -> list[Fait]:
    """The terms of the contract."""
    fin = contrat.periode.upper
    faits = [
        Fait("Signé le", format_date(contrat.signe_le, jour=False), f"pour {annee.duree} ans, jusqu’au {fin:%d/%m/%Y}"),
        Fait(
            "Année en cours",
            f"année {annee.annee.numero} sur {annee.duree}",
            f"du {annee.annee.debut:%d/%m/%Y} au {annee.annee.fin:%d/%m/%Y}, date anniversaire",
        ),
    ]
    termes = annee.termes.porteur
    if termes.population is not None:
        vintage = f", population {termes.millesime}" if termes.millesime else ""
        faits.append(Fait("Taille", f"taille {termes.taille}", f"{compter(termes.population, 'habitant')}{vintage}"))
    else:
        faits.append(Fait("Taille", f"taille {termes.taille}"))
    faits.append(Fait("Barème", f"en vigueur au {termes.bareme_le:%d/%m/%Y}"))
    if contrat.plafond_publie is not None:
        publie, calcule = contrat.plafond_publie, annee.plafond.total.valeur
        ecart = "" if publie == calcule or annee.annee.numero > 1 else f" ; le calcul donne {format_euros(calcule)}"
        faits.append(
            Fait(
                "Plafond publié",
                f"{format_euros(publie)} par an",
                f"{contrat.plafond_source}{ecart}".strip(f"{INSECABLE}; "),
            )
        )
    faits.append(Fait("Texte", termes.source))
    return faits


def build_faits_signature(texte: ContratSigne | None) -> list[Fait]:
    """Who signed for each party, as the community says."""
    if texte is None:
        return []
    noms = {"la communauté": texte.signe_cpts, "l’Assurance Maladie": texte.signe_cpam, "l’ARS": texte.signe_ars}
    return [Fait(f"Signé pour {partie} par", nom) for partie, nom in noms.items() if nom]


def build_frise(contrat: Contrat, on: date, avenants: Iterable[Avenant] = ()) -> list[Evenement]:
    """Signature, avenants and anniversaries, past and to come."""
    jours = aci.compute_anniversaires(contrat.signe_le, on=contrat.bareme_le)
    dates: dict[date, Evenement] = {jours[0]: Evenement(jours[0], "Contrat signé", ton="bien")}
    for rang, jour in enumerate(jours[1:], start=1):
        dernier = rang == len(jours) - 1
        titre = "Fin du contrat" if dernier else f"Anniversaire : l’année {rang} se clôt, l’année {rang + 1} commence"
        dates[jour] = Evenement(jour, titre, ton="bien" if jour <= on else "attente" if dernier else "neutre")
    for avenant in avenants:
        jour, effet = avenant.effet_le, f"Avenant n° {avenant.numero} : {avenant.objet}"
        if jour in dates:
            dates[jour] = replace(dates[jour], texte=effet)
        else:
            dates[jour] = Evenement(jour, effet, ton="bien" if jour <= on else "neutre")
    fin = contrat.periode.upper
    if fin < jours[-1]:
        dates = {jour: evenement for jour, evenement in dates.items() if jour < fin}
        dates[fin] = Evenement(fin, "Contrat résilié", ton="alerte")
    return [dates[jour] for jour in sorted(dates)]


def barre_of_json(
    libelle: str, element: Mapping[str, Any], *, cle: str, url: str = "", close: bool = False
) -> ProgressionAnnee:
    """A bar from the figures of a relevé; of a year that is over, nothing is possible any more."""
    montants = {nom: Decimal(valeur) for nom, valeur in element["montants"].items()}
    montants["perdu" if close else "encore_possible"] += Decimal(element.get("non_reparti", "0"))
    return ProgressionAnnee(
        libelle,
        montants["constate"],
        montants["a_confirmer"],
        montants["encore_possible"],
        montants["perdu"],
        url=url,
        cle=cle,
    )


def chiffres_of_json(chiffres: Mapping[str, Any], *, close: bool) -> list[Chiffre]:
    """The euros of the variable part by word, from the figures of a relevé or of a sealed period."""
    variable = Decimal(chiffres["variable"])
    doute = certitude(chiffres["plafond"]["total"]["a_confirmer"])
    dernier = ("Perdu", "perdu") if close else ("Encore possible", "encore_possible")
    lignes = (("Constaté", "constate"), ("À confirmer", "a_confirmer"), dernier)
    sommes = {cle: Decimal(chiffres["montants"][cle]) for _, cle in lignes}
    sommes[dernier[1]] += Decimal(chiffres["non_reparti"])
    return [
        Chiffre(
            libelle,
            sommes[cle],
            "€",
            cible=f"sur {format_euros(variable)}",
            realise=sommes[cle] / variable if variable else None,
            certitude=doute,
        )
        for libelle, cle in lignes
    ]
