"""What CPAM and ARS read: the year's figures and its acts, without patient nor professional, in plain JSON."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction

from maillon.regles import aci
from maillon.regles.parametres import Statut
from maillon.regles.secret import find_caches
from maillon.socle.declarations import Acte, Agregat
from maillon.socle.horloge import now, today

from .actes import Fenetre, find_declare, find_preuves, get_rows, show_acte
from .annee import AnneeContrat, IndicateurAnnee, MissionAnnee, compute_annee
from .ecarts import publish_ecarts
from .echeances import compute_echeancier
from .enums import EtatContrat
from .models import Contrat, Releve, ReleveActe


@transaction.atomic
def refresh_releve(*, cpts_id: UUID, contrat: Contrat | None = None, numero: int | None = None) -> Releve | None:
    """Write again the figures and acts of the current contract year, or of the last one of a finished contract;
    with `contrat` and `numero`, of that year of that contract.

    None for a community without contract.
    Idempotent: only what differs is written. Figures come from the selector of the members' pages.
    """
    contrat = contrat or _find_contrat(cpts_id)
    if contrat is None:
        return None
    annee = compute_annee(contrat, today(), numero=numero)
    bornes = {"debut": annee.annee.debut, "fin": annee.annee.fin, "etat": contrat.etat}
    releve, _ = Releve.objects.get_or_create(
        cpts_id=cpts_id, contrat=contrat, annee=annee.annee.numero, defaults={**bornes, "chiffres": {}}
    )
    # Locked: two jobs of one community would write the same acts twice.
    Releve.objects.select_for_update().get(pk=releve.pk)
    _replace_actes(releve, list(build_actes(annee, releve=releve)))
    # The evidence that lacks is read from those acts: the figures come after them.
    annee = compute_annee(contrat, today(), numero=numero)
    releve.chiffres = build_chiffres(annee)
    releve.explications = publish_ecarts(annee)
    releve.etabli_le = now()
    colonnes = bornes | build_colonnes(annee)
    if numero is None:
        colonnes["courant"] = True
        Releve.objects.filter(cpts_id=cpts_id, courant=True).exclude(pk=releve.pk).update(courant=False)
    for nom, valeur in colonnes.items():
        setattr(releve, nom, valeur)
    releve.save(update_fields=["chiffres", "explications", "etabli_le", *colonnes])
    return releve


def build_colonnes(annee: AnneeContrat) -> dict[str, Any]:
    """What lists of contracts sort and add up; the four words sum to the variable part."""
    montants, plafond = annee.montants, annee.plafond
    reste = "perdu" if annee.is_close else "encore_possible"
    return {
        "taille": annee.contrat.taille,
        "population": annee.contrat.population,
        "plafond": plafond.total.valeur,
        "hors_activation": plafond.hors_activation.valeur,
        "plafond_a_confirmer": plafond.total.a_confirmer,
        "variable": annee.variable,
        "constate": montants.constate,
        "a_confirmer": montants.a_confirmer,
        "encore_possible": montants.encore_possible,
        "perdu": montants.perdu,
        reste: getattr(montants, reste) + annee.non_reparti,
        "sans_preuve": sum((lacune.euros for lacune in annee.lacunes), Decimal(0)),
        "atteintes": _parts(annee, lambda m: m.constate),
        "previsions": _parts(annee, lambda m: m.prevu),
    }


def _parts(annee: AnneeContrat, euros: Callable[[aci.Repartition], Decimal]) -> dict[str, float]:
    """Share of each mission's variable part, 0 to 1, to the thousandth."""
    return {
        mission.mission.mission: round(float(euros(mission.montants) / mission.variable.valeur), 3)
        for mission in annee.missions
        if mission.variable and mission.variable.valeur
    }


def _find_contrat(cpts_id: UUID) -> Contrat | None:
    """« actif » sorts before « clos »: a contract in force wins over a finished one."""
    signes = Contrat.objects.filter(cpts_id=cpts_id).exclude(etat=EtatContrat.BROUILLON)
    return signes.order_by("etat", "-signe_le").first()


def build_actes(annee: AnneeContrat, *, releve: Releve | None = None) -> Iterable[ReleveActe]:
    """The acts of the year as CPAM and ARS read them, indicator by indicator; not saved."""
    cpts_id = annee.contrat.cpts_id
    preuves = find_preuves(cpts_id)
    lus = [
        (indicateur, declare, indicateur.prevision.fenetre or Fenetre(annee.annee.jusqu_a, annee.annee.jusqu_a))
        for indicateur in annee.indicateurs
        if (declare := find_declare(indicateur.indicateur)) is not None
    ]
    listes = hide_linked_cells(
        [
            [
                declare.to_acte(row)
                for row in get_rows(
                    declare, cpts_id, Fenetre(min(annee.annee.debut, fenetre.debut), annee.annee.jusqu_a)
                )
            ]
            for _, declare, fenetre in lus
        ]
    )
    for (indicateur, declare, fenetre), actes in zip(lus, listes, strict=True):
        code = indicateur.indicateur.code
        for brut in actes:
            acte = show_acte(brut, code=code, cpts_id=cpts_id, jointe=preuves.get(brut.reference))
            yield ReleveActe(
                cpts_id=cpts_id,
                releve=releve,
                indicateur_id=indicateur.indicateur.pk,
                reference=acte.reference,
                le=acte.le,
                nature=acte.nature[:120],
                etat=acte.etat[:80],
                empreinte=acte.empreinte,
                preuve=acte.preuve[:160],
                commune=acte.commune[:80],
                # Rows of a stock are all in it, whenever they began.
                compte=declare.agregat is Agregat.STOCK or fenetre.debut <= acte.le < fenetre.fin,
            )


def _replace_actes(releve: Releve, voulus: Sequence[ReleveActe]) -> None:
    champs = ("le", "nature", "etat", "empreinte", "preuve", "commune", "compte")
    cles = {(acte.indicateur_id, acte.reference): acte for acte in voulus}
    perimes, changes = [], []
    for present in ReleveActe.objects.filter(releve=releve):
        voulu = cles.pop((present.indicateur_id, present.reference), None)
        if voulu is None:
            perimes.append(present.pk)
        elif any(getattr(present, champ) != getattr(voulu, champ) for champ in champs):
            voulu.pk = present.pk
            changes.append(voulu)
    ReleveActe.objects.filter(pk__in=perimes).delete()
    ReleveActe.objects.bulk_update(changes, champs, batch_size=500)
    ReleveActe.objects.bulk_create(cles.values(), batch_size=1000)


def hide_small_cells(actes: Sequence[Acte]) -> list[Acte]:
    """The same acts, without the commune where a breakdown whose total is known must hide it (`regles.secret`).

    Acts that bear no commune already are not counted: they add no doubt on those hidden here.
    """
    caches = find_caches(Counter(acte.commune for acte in actes if acte.commune))
    return [replace(acte, commune="") if acte.commune in caches else acte for acte in actes]


def hide_linked_cells(listes: Sequence[Sequence[Acte]]) -> list[list[Acte]]:
    """The same lists of acts, where an act whose commune is hidden in one list shows it in none.

    One act feeds several indicators, under another reference and hash in each but with one date: read in the long list
    of those of 16 and over, its commune could otherwise be put back into the short list of those with ALD and C2S.
    """
    caches: set[str] = set()
    while True:
        masques = [
            hide_small_cells([replace(acte, commune="") if acte.reference in caches else acte for acte in liste])
            for liste in listes
        ]
        connus = {acte.reference for liste in listes for acte in liste if acte.commune}
        trouves = {acte.reference for liste in masques for acte in liste if not acte.commune} & connus
        if trouves <= caches:
            return masques
        caches |= trouves


def build_chiffres(annee: AnneeContrat) -> dict[str, Any]:
    """The year as JSON: euros as text with cents, dates in ISO."""
    contrat = annee.contrat
    return {
        "annee": annee.annee.numero,
        "duree": annee.duree,
        "debut": annee.annee.debut.isoformat(),
        "fin": annee.annee.fin.isoformat(),
        "signe_le": contrat.signe_le.isoformat(),
        "taille": annee.termes.porteur.taille,
        "population": annee.termes.porteur.population,
        "millesime": annee.termes.porteur.millesime,
        "plafond": {
            "total": _montant(annee.plafond.total),
            "hors_activation": _montant(annee.plafond.hors_activation),
            "activation": _montant(annee.plafond.activation),
        },
        "fonctionnement": _montant(annee.fonctionnement),
        "variable": str(annee.variable),
        "non_reparti": str(annee.non_reparti),
        "montants": _repartition(annee.montants),
        "versements": _versements(annee),
        "missions": [_mission(mission) for mission in annee.missions],
        "lacunes": [
            {
                "indicateur": str(lacune.indicateur.pk),
                "nombre": lacune.nombre,
                "libelle": lacune.libelle,
                "euros": str(lacune.euros),
            }
            for lacune in annee.lacunes
        ],
    }


def _versements(annee: AnneeContrat) -> dict[str, Any] | None:
    """Expected and received so far, over the whole contract; None when only its total is known."""
    suivi = compute_echeancier(annee.contrat, annee.annee.on)
    if suivi is None:
        return None
    prochaine, resiliation = suivi.prochaine, suivi.resiliation
    return {
        "attendu": str(suivi.compte.attendu),
        "recu": str(suivi.compte.recu),
        "total": _montant(suivi.echeancier.total),
        "prochain": {"date": prochaine[0].isoformat(), "euros": str(prochaine[1])} if prochaine else None,
        "avenants": [
            {"numero": termes.numero, "effet_le": termes.depuis.isoformat(), "objet": termes.objet}
            for termes in suivi.termes[1:]
        ],
        "resiliation": resiliation
        and {
            "le": resiliation.le.isoformat(),
            "a_rembourser": str(resiliation.a_rembourser),
            "reste_du": str(resiliation.reste_du),
            "a_confirmer": resiliation.statut is Statut.MEMOIRE,
        },
    }


def _mission(mission: MissionAnnee) -> dict[str, Any]:
    return {
        "code": mission.mission.mission,
        "libelle": mission.libelle,
        "statut": mission.mission.get_statut_display(),
        "debut": mission.mission.debut.isoformat() if mission.mission.debut else None,
        "fixe": _montant(mission.fixe),
        "variable": _montant(mission.variable),
        "activation": _montant(mission.activation),
        "montants": _repartition(mission.montants),
        "non_reparti": str(mission.non_reparti),
        "indicateurs": [_indicateur(indicateur) for indicateur in mission.indicateurs],
    }


def _indicateur(ligne: IndicateurAnnee) -> dict[str, Any]:
    indicateur = ligne.indicateur
    return {
        "id": str(indicateur.pk),
        "code": indicateur.code,
        "libelle": indicateur.libelle,
        "definition": indicateur.definition,
        "nature": indicateur.get_nature_display(),
        "sens": indicateur.sens,
        "unite": indicateur.unite,
        "reference": _nombre(indicateur.reference),
        "certificateur": indicateur.certificateur,
        "preuve_demandee": indicateur.preuve_demandee,
        "source": indicateur.source,
        "paliers": [
            {"seuil": _nombre(palier.seuil), "montant": str(palier.montant), "libelle": palier.libelle}
            for palier in ligne.resultat.indicateur.paliers_by_difficulty()
        ],
        "constate": _nombre(ligne.certifie.valeur) if ligne.certifie else None,
        "constate_le": ligne.certifie.le.isoformat() if ligne.certifie else None,
        "certifie_par": ligne.certifie.certifie_par if ligne.certifie else "",
        "prevu": _nombre(ligne.prevision.valeur),
        "methode": ligne.prevision.methode,
        "actes": ligne.prevision.actes,
        "montants": _repartition(ligne.montants),
        "prochain": ligne.resultat.prochain.phrase if ligne.resultat.prochain else "",
        "prochain_seuil": _nombre(ligne.resultat.prochain.palier.seuil) if ligne.resultat.prochain else None,
        "serie": [
            {"le": c.le.isoformat(), "valeur": _nombre(c.valeur), "etat": c.get_etat_display()} for c in ligne.constats
        ],
        # The document of one act is read at its act, under the hash made for this indicator.
        "preuves": [
            {
                "libelle": p.libelle_publie,
                "genre": p.genre,
                "le": p.le.isoformat(),
                "empreinte": p.empreinte,
                "nominative": p.nominative,
                "version": p.version,
            }
            for p in ligne.preuves
            if not p.acte
        ],
    }


def _montant(montant: aci.Montant | None) -> dict[str, Any] | None:
    if montant is None:
        return None
    return {"euros": str(montant.valeur), "a_confirmer": montant.statut is Statut.MEMOIRE}


def _repartition(montants: aci.Repartition) -> dict[str, str]:
    return {
        "constate": str(montants.constate),
        "a_confirmer": str(montants.a_confirmer),
        "encore_possible": str(montants.encore_possible),
        "perdu": str(montants.perdu),
    }


def _nombre(valeur: Decimal | None) -> str | None:
    return None if valeur is None else f"{valeur.normalize():f}"


def count_by_commune(actes: Iterable[str]) -> list[tuple[str, int]]:
    """Acts by commune, the most first; "" gathers those of small communes, at the end."""
    comptes: dict[str, int] = defaultdict(int)
    for commune in actes:
        comptes[commune] += 1
    return sorted(comptes.items(), key=lambda paire: (not paire[0], -paire[1], paire[0]))
