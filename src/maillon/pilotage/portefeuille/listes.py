"""The lists of contracts: one to follow, one to compare. Each shows and exports the published figures."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from maillon.pilotage.contrats.enums import CodeMission, EtatContrat
from maillon.pilotage.contrats.models import Releve
from maillon.socle.horloge import today
from maillon.socle.ui.composants import Onglet, Pastille, Vide
from maillon.socle.ui.listes import Colonne, Filtre, Liste
from maillon.socle.ui.typographie import compter, format_euros, format_pour_cent

ETATS = (("en_vigueur", "En vigueur"), ("termine", "Terminé"), ("expire", "Anniversaire dans moins de 60 jours"))
TAILLES = tuple((numero, f"Taille {numero}") for numero in range(1, 5))
PROCHE = 60


def show_etat(releve: Releve) -> Pastille:
    """« année 3 », with the days left near its anniversary."""
    jours = (releve.fin - today()).days
    if releve.etat != EtatContrat.ACTIF or jours <= 0:
        return Pastille("terminé", "neutre")
    if jours <= PROCHE:
        return Pastille(f"année {releve.annee}, {jours} j", "attente")
    return Pastille(f"année {releve.annee}", "bien")


def show_a_voir(releve: Any) -> str:
    """« 1 contesté, 2 en retard »: what an agent opens first."""
    dits = ((releve.contestes, "contesté", "contestés"), (releve.depassees, "en retard", "en retard"))
    return ", ".join(compter(nombre, un, plusieurs) for nombre, un, plusieurs in dits if nombre)


def _by_etat(releves: Any, etat: str) -> QuerySet[Releve]:
    en_vigueur = releves.en_vigueur(today())
    if etat == "termine":
        return releves.exclude(pk__in=en_vigueur.order_by().values("pk"))
    return en_vigueur.filter(fin__lte=today() + timedelta(days=PROCHE)) if etat == "expire" else en_vigueur


def _by_seuil(champ: str) -> Callable[[QuerySet[Releve], str], QuerySet[Releve]]:
    def apply(releves: QuerySet[Releve], oui_non: str) -> QuerySet[Releve]:
        return releves.filter(**{f"{champ}__gt": 0}) if oui_non == "oui" else releves.filter(**{champ: 0})

    return apply


def euros_par_habitant(releve: Releve) -> str | None:
    """Euros of the year, crisis left out, by inhabitant."""
    if not releve.population:
        return None
    return format_euros((releve.hors_activation / releve.population).quantize(Decimal("0.01")))


def _part(releve: Releve) -> str | None:
    return format_pour_cent(releve.constate / releve.variable) if releve.variable else None


COMMUNS: tuple[Colonne, ...] = (
    Colonne("nom", "Communauté", "cpts.nom", tri="cpts__nom", principale=True),
    Colonne("departement", "Dépt", "cpts.departement", tri="cpts__departement", facultative=True),
)
# Words of the columns: the whole names would not fit side by side.
COURTS = {
    CodeMission.ACCES: "Accès",
    CodeMission.PARCOURS: "Parcours",
    CodeMission.PREVENTION: "Prévention",
    CodeMission.QUALITE: "Qualité",
    CodeMission.ACCOMPAGNEMENT: "Accompagnement",
}
FILTRES = (
    Filtre("etat", "État", choix=ETATS, applique=_by_etat),
    Filtre("departement", "Département", "cpts__departement", genre="texte"),
    Filtre("taille", "Taille", choix=TAILLES),
)


class ListePortefeuille(Liste):
    """Contracts of the territory: contested first, then late, then the nearest anniversary."""

    titre = "Contrats du territoire"
    objet = ("contrat", "contrats")
    colonnes = (
        *COMMUNS,
        Colonne(
            "a_voir",
            "À voir",
            show_a_voir,
            tri=("moins_contestes", "moins_depassees", "fini", "fin"),
            gabarit="portefeuille/_a_voir.html",
        ),
        Colonne("etat", "État", show_etat, "pastille", tri=("etat", "annee")),
        Colonne("echeance_le", "Échéance", genre="date", tri=True, gabarit="portefeuille/_echeance.html"),
        Colonne("fin", "Anniversaire", genre="date", tri=True, facultative=True),
        Colonne(
            "hors_activation",
            "Engagés",
            genre="euros",
            tri=True,
            gabarit="portefeuille/_plafond.html",
        ),
        Colonne("variable", "Part variable", genre="euros", tri=True, facultative=True),
        Colonne("constate", "Constaté", genre="euros", tri=True, gabarit="portefeuille/_constate.html"),
        Colonne("atteinte", "Constaté, part", _part, facultative=True),
        Colonne("a_confirmer", "À confirmer", genre="euros", tri=True),
        Colonne("encore_possible", "Encore possible", genre="euros", tri=True, facultative=True),
        Colonne("perdu", "Perdu", genre="euros", tri=True, facultative=True),
        Colonne("sans_preuve", "Sans justificatif", genre="euros", tri=True, facultative=True),
        Colonne("echeance", "Ce qui est attendu", facultative=True),
        Colonne("contestes", "Contestés", genre="nombre", tri=True, facultative=True),
        Colonne("depassees", "Échéances dépassées", genre="nombre", tri=True, facultative=True),
        Colonne("plafond", "Plafond avec crise", genre="euros", tri=True, facultative=True),
        Colonne("certitude", "Montants", lambda r: "à confirmer" if r.plafond_a_confirmer else "", facultative=True),
        Colonne("taille", "Taille", genre="nombre", tri=True, facultative=True),
        Colonne("population", "Habitants", genre="nombre", tri=True, facultative=True),
        Colonne("par_habitant", "Euros par habitant", euros_par_habitant, facultative=True),
        Colonne("etabli_le", "Chiffres établis le", genre="date_heure", tri=True, facultative=True),
    )
    filtres = (
        *FILTRES,
        Filtre("anniversaire", "Anniversaire avant le", "fin", genre="jusqu_a"),
        Filtre("sans_preuve", "Justificatifs manquants", genre="oui_non", applique=_by_seuil("sans_preuve")),
        Filtre("contestes", "Indicateurs contestés", genre="oui_non", applique=_by_seuil("contestes")),
        Filtre("retards", "Échéances dépassées", genre="oui_non", applique=_by_seuil("depassees")),
    )
    recherche = ("cpts__nom",)
    recherche_libelle = "Chercher une communauté"
    tri_defaut = "a_voir"
    export_nom = "contrats-du-territoire"
    panneau = False
    vide = Vide(
        "Aucun contrat publié sur votre territoire",
        "Un contrat apparaît ici dès que la communauté l’a saisi.",
        icone="signature",
    )

    def url_ligne(self, objet: Any) -> str:
        return reverse("portefeuille:contrat", args=[objet.contrat_id])


# The selections that agents open every week; each is an address, to keep among one's bookmarks.
VUES = (
    ("Tous", ""),
    ("Contestés", "contestes=oui"),
    ("En retard", "retards=oui"),
    ("Anniversaire proche", "etat=expire"),
    ("Justificatifs manquants", "sans_preuve=oui"),
)


def build_vues(liste: Liste) -> list[Onglet]:
    """One tab a selection; the one in use is marked."""
    actifs = "&".join(f"{filtre.cle}={valeur}" for filtre, valeur in liste.filtres_actifs)
    return [
        Onglet(libelle, f"?{adresse}" if adresse else "?", not liste.texte and actifs == adresse)
        for libelle, adresse in VUES
    ]


def _mission(code: str, nom: str) -> Callable[[Releve], Decimal | None]:
    def read(releve: Releve) -> Decimal | None:
        part = getattr(releve, nom).get(code)
        return None if part is None else (Decimal(str(part)) * 100).quantize(Decimal(1))

    return read


def _colonnes_missions() -> tuple[Colonne, ...]:
    return tuple(
        Colonne(
            f"{prefixe}_{code}", libelle + suffixe, _mission(code, nom), "nombre", f"{nom}__{code}", facultative=cachee
        )
        for prefixe, nom, suffixe, cachee in (
            ("atteinte", "atteintes", ", %", False),
            ("prevision", "previsions", ", % prévu", True),
        )
        for code, libelle in COURTS.items()  # the crisis mission has no variable part
    )


class ListeComparaison(Liste):
    """The same contracts side by side: what share of each mission's variable part is certified or forecast."""

    titre = "Comparer les communautés"
    objet = ("contrat", "contrats")
    colonnes = (
        *COMMUNS,
        Colonne("annee", "Année", genre="nombre", tri=True),
        Colonne("taille", "Taille", genre="nombre", tri=True, facultative=True),
        *_colonnes_missions(),
        Colonne("par_habitant", "Euros par habitant", euros_par_habitant, facultative=True),
    )
    filtres = (*FILTRES[1:], Filtre("annee", "Année du contrat", choix=[(n, f"Année {n}") for n in range(1, 6)]))
    recherche = ("cpts__nom",)
    recherche_libelle = "Chercher une communauté"
    tri_defaut = "nom"
    export_nom = "comparaison-des-contrats"
    panneau = False
    vide = ListePortefeuille.vide

    def url_ligne(self, objet: Any) -> str:
        return reverse("portefeuille:contrat", args=[objet.contrat_id])
