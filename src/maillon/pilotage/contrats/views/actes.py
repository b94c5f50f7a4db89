"""The parts of an indicator's page that show its acts and documents, and join documents to them."""

from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.urls import reverse

from maillon.socle.droits.requete import Requete
from maillon.socle.horloge import today
from maillon.socle.ui.annonces import offer_undo
from maillon.socle.ui.composants import Fait, Onglet
from maillon.socle.ui.typographie import compter, format_euros

from .. import presentation, registre, selectors, services
from ..annee import AnneeContrat, IndicateurAnnee, compute_annee
from ..enums import PorteePreuve
from ..forms_preuves import PreuveActesForm, PreuveForm
from ..mentions import find_mention
from ..models import Indicateur
from ..permissions import LIRE

ACTES_PAR_PAGE = 25
COMPTES, DEJA, MANQUE = "", "deja", "manque"


def build_forms(objet: Indicateur, *donnees: Any) -> dict[str, PreuveForm]:
    """The two forms that join documents; their fields are named alike and have ids of their own."""
    return {
        "form_preuve": PreuveForm(*donnees, indicateur=objet),
        "form_actes": PreuveActesForm(*donnees, indicateur=objet, auto_id="acte_%s"),
    }


def read_demande(request: Requete) -> dict[str, Any]:
    """What the address and a refused form keep of the request: the year, the acts ticked, the form to open."""
    annee = request.GET.get("annee", "")
    joindre = request.GET.get("joindre", "")
    return {
        "annee_voulue": annee,
        "annee_demandee": f"?annee={annee}" if annee else "",
        "coches": request.POST.getlist("acte") or request.GET.getlist("acte"),
        "ouvert": {"actes": "form_actes", "1": "form_preuve"}.get(joindre, ""),
    }


def build_justificatifs(request: Requete, ligne: IndicateurAnnee) -> dict[str, Any]:
    """The documents of the indicator itself, each with whether this person may open it."""
    documents = [preuve for preuve in ligne.preuves if not preuve.acte]
    for preuve in documents:
        preuve.indicateur = ligne.indicateur  # already read: no query for each
    return {"documents": [(preuve, registre.may_open_preuve(request.acteur, preuve)) for preuve in documents]}


def build_scelle(request: Requete, ligne: IndicateurAnnee, annee: AnneeContrat) -> dict[str, Any]:
    """What a final seal says of this indicator, and what changed since; nothing for a year still open."""
    mention = find_mention(annee)
    if mention is None or not mention.definitif:
        return {}
    objet, scelle = ligne.indicateur, mention.find_indicateur(ligne.indicateur.pk)
    faits = []
    if scelle is not None:
        for libelle, cle in (("Valeur constatée", "constate"), ("Valeur prévue", "prevu")):
            valeur = None if scelle[cle] is None else Decimal(scelle[cle])
            faits.append(Fait(libelle, presentation.say_valeur(valeur, objet.unite)))
        euros = Decimal(scelle["montants"]["constate"]), Decimal(scelle["montants"]["a_confirmer"])
        faits.append(Fait("Euros constatés", format_euros(euros[0]), f"à confirmer {format_euros(euros[1])}"))
    return {
        "mention": mention,
        "lit_arrete": request.acteur.can(LIRE),
        "faits_arretes": faits,
        "ecarts": mention.list_ecarts(objet.pk),
    }


def build_actes(request: Requete, ligne: IndicateurAnnee, annee: AnneeContrat) -> dict[str, Any]:
    """A page of the acts, each opened by its own page and by its evidence."""
    actes = selectors.get_actes(ligne, annee)
    if actes is None:
        return {"actes": None}
    objet, voir = ligne.indicateur, request.GET.get("actes", COMPTES)
    deja = actes.deja_constates.count()
    manquants = registre.count_manquants(ligne, annee)
    sources = {DEJA: actes.deja_constates, MANQUE: None}
    rows = registre.list_manquants(ligne, annee) if voir == MANQUE else sources.get(voir) or actes.comptes
    page = Paginator(rows, ACTES_PAR_PAGE).get_page(request.GET.get("page"))
    comptes = (ligne.prevision.actes or 0) if voir else page.paginator.count
    onglets = [
        Onglet("Comptés", _address(request, COMPTES), voir not in (DEJA, MANQUE), comptes),
        Onglet("Déjà constatés", _address(request, DEJA), voir == DEJA, deja),
        Onglet("Sans justificatif", _address(request, MANQUE), voir == MANQUE, manquants),
    ]
    montres = registre.show_actes(objet, actes.declare, list(page.object_list), for_acteur=request.acteur)
    ici = {montre.acte.reference for montre in montres}
    return {
        "actes": montres,
        "coches_ailleurs": [reference for reference in request.POST.getlist("acte") if reference not in ici],
        "page": page,
        "adresse_page": _address(request, voir, page=""),
        "onglets_actes": [onglet for onglet in onglets if onglet.compte or onglet.actif or not onglet.url],
        "total_actes": comptes + deja,
        "manquants": manquants,
        "voir_actes": voir,
        "deja": deja,
        "declare": actes.declare,
    }


def _address(request: Requete, voir: str, **autres: str) -> str:
    """The same page on another set of acts; the year asked for is kept."""
    annee = request.GET.get("annee", "")
    parametres = {"annee": annee, "actes": voir} | autres
    return "?" + urlencode({cle: valeur for cle, valeur in parametres.items() if valeur or cle in autres})


def join_documents(request: Requete, objet: Indicateur, form: PreuveForm, *, numero: int | None) -> bool:
    """Join what the form holds; whether it was to acts. Adds to the form what is refused, and announces the rest."""
    actes: list[str] = []
    if isinstance(form, PreuveActesForm):
        actes = _find_actes(request, objet, form, numero)
        if not actes:
            form.add_error("portee", _say_aucun(form.cleaned_data["portee"]))
            return True
    depot = services.attach_documents(
        indicateur=objet, donnees=form.donnees, pieces=form.pieces, actes=actes, numero=numero, by=request.acteur
    )
    if depot.preuves:
        fichiers = compter(
            len({preuve.fichier_id for preuve in depot.preuves}), "document est joint", "documents sont joints"
        )
        suite = f" à {compter(len(actes), 'acte')}" if actes else ""
        annuler = reverse("pilotage:annuler_preuve", args=[request.cpts.slug, depot.preuves[-1].pk])
        offer_undo(request, f"{fichiers}{suite}.", annuler)
    for refus in [*form.refus, *depot.refus]:
        form.add_error("fichiers", refus)
    return bool(actes)


def _find_actes(request: Requete, objet: Indicateur, form: PreuveActesForm, numero: int | None) -> list[str]:
    annee = compute_annee(objet.contrat, today(), numero=numero)
    ligne = selectors.find_ligne(annee, objet)
    portee = form.cleaned_data["portee"]
    if portee == PorteePreuve.MANQUE:
        declare = selectors.find_declare(objet)
        return [declare.to_acte(row).reference for row in registre.list_manquants(ligne, annee)] if declare else []
    if portee == PorteePreuve.JOUR:
        return registre.resolve_references(ligne, annee, jour=form.cleaned_data["fait_le"])
    return registre.resolve_references(ligne, annee, references=request.POST.getlist("acte"))


def _say_aucun(portee: str) -> str:
    return {
        PorteePreuve.CHOISIS: "Cochez au moins un acte dans le tableau.",
        PorteePreuve.JOUR: "Aucun acte de l’année n’a ce jour pour date. Vérifiez la date, ou cochez les actes.",
        PorteePreuve.MANQUE: "Il ne manque de justificatif à aucun acte de cette année.",
    }[PorteePreuve(portee)]
