"""The register of evidence, what lacks, and one document with its versions."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from maillon.regles.erreurs import ErreurRegle
from maillon.socle.droits.acteur import Acteur
from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.fichiers.services import FichierRefuse
from maillon.socle.horloge import today
from maillon.socle.journal import services as journal
from maillon.socle.ui.composants import Evenement, Fait, Onglet, Pastille, Vide
from maillon.socle.ui.listes import Colonne, Filtre, Liste, afficher_liste
from maillon.socle.ui.typographie import compter, format_date

from .. import registre, selectors, services
from ..annee import AnneeContrat, Lacune, compute_annee
from ..enums import CodeMission, EtatPreuve, GenrePreuve
from ..forms_preuves import RetraitForm, VersionForm
from ..models import Constat, Indicateur, Preuve
from ..permissions import LIRE, LIRE_MISSION, MODIFIER

ETATS = {
    EtatPreuve.EN_VIGUEUR: Pastille("en vigueur", "bien"),
    EtatPreuve.REMPLACEE: Pastille("remplacé", "neutre"),
    EtatPreuve.RETIREE: Pastille("retiré", "alerte"),
}
OCTETS_PAR_KO = 1024


def say_taille(octets: int) -> str:
    """« 12 Ko », « 3,4 Mo »."""
    if octets < OCTETS_PAR_KO**2:
        return f"{max(1, round(octets / OCTETS_PAR_KO))}\u00a0Ko"
    return f"{octets / OCTETS_PAR_KO**2:.1f}\u00a0Mo".replace(".", ",")


class ListeJustificatifs(Liste):
    """Every document, what it proves, its version and its hash."""

    titre = "Justificatifs"
    objet = ("justificatif", "justificatifs")
    colonnes = (
        Colonne("libelle", "Document", tri="libelle_lu", principale=True),
        Colonne("indicateur", "Indicateur", "indicateur.libelle", tri="indicateur__libelle"),
        Colonne("mission", "Mission", "indicateur.get_mission_display", tri="indicateur__mission", facultative=True),
        Colonne("acte", "Acte", registre.say_reference),
        Colonne("genre", "Genre", lambda p: p.get_genre_display(), tri="genre"),
        Colonne("le", "Date du fait", genre="date", tri="le"),
        Colonne("version", "Version", genre="nombre", tri="version", facultative=True),
        Colonne("etat", "État", lambda p: ETATS[p.etat], "pastille", tri="situation"),
        Colonne("nominative", "Nomme des personnes", genre="oui_non", tri="nominative", facultative=True),
        Colonne("type", "Type", "fichier.get_type_display", tri="fichier__type", facultative=True),
        Colonne("taille", "Taille", lambda p: say_taille(p.fichier.taille), tri="fichier__taille", facultative=True),
        Colonne("empreinte", "Empreinte", tri="empreinte", gabarit="pilotage/_empreinte.html"),
        Colonne("jointe_le", "Joint le", genre="date_heure", tri="jointe_le", facultative=True),
    )
    filtres = (
        Filtre("etat", "État", "situation", choix=EtatPreuve.choices),
        Filtre("genre", "Genre", choix=GenrePreuve.choices),
        Filtre("mission", "Mission", "indicateur__mission", choix=CodeMission.choices),
        Filtre("nominative", "Nomme des personnes", genre="oui_non"),
        Filtre("depuis", "Depuis le", "le", "depuis"),
        Filtre("jusqu_a", "Jusqu’au", "le", "jusqu_a"),
    )
    recherche = ("libelle_lu", "indicateur__libelle", "empreinte")
    tri_defaut = "-le"
    export_nom = "justificatifs"
    vide = Vide(
        "Aucun justificatif pour l’instant",
        "Les documents joints aux indicateurs et à leurs actes se retrouvent ici, avec leur empreinte.",
        icone="paperclip",
    )

    def url_ligne(self, objet: Preuve) -> str:
        return reverse("pilotage:justificatif", args=[self.request.cpts.slug, objet.pk])

    def prepare(self, objets: list[Preuve]) -> list[Preuve]:
        """Of a document that names people, those whom it does not concern read the kind alone."""
        for preuve in objets:
            if not registre.may_open_preuve(self.request.acteur, preuve):
                preuve.libelle = preuve.libelle_publie
        return objets

    def on_export(self, objets: list[Preuve], format_export: str) -> None:
        _record_export(self.request, format_export, len(objets))


class ListeDocumentsValeurs(Liste):
    """The documents that came with values: letters, statistics, tables of the certifier."""

    titre = "Documents des valeurs"
    objet = ("document", "documents")
    colonnes = (
        Colonne("source", "D’où vient la valeur", tri="source", principale=True),
        Colonne("indicateur", "Indicateur", "indicateur.libelle", tri="indicateur__libelle"),
        Colonne("le", "À la date du", genre="date", tri="le"),
        Colonne("certifie_par", "Certifiée par", tri="certifie_par"),
        Colonne("fichier", "Fichier", "document.nom", tri="document__nom"),
        Colonne("type", "Type", "document.get_type_display", tri="document__type", facultative=True),
        Colonne("taille", "Taille", lambda c: say_taille(c.document.taille), tri="document__taille", facultative=True),
        Colonne("empreinte", "Empreinte", "document.empreinte", gabarit="pilotage/_empreinte.html"),
    )
    filtres = (
        Filtre("mission", "Mission", "indicateur__mission", choix=CodeMission.choices),
        Filtre("depuis", "Depuis le", "le", "depuis"),
        Filtre("jusqu_a", "Jusqu’au", "le", "jusqu_a"),
    )
    recherche = ("source", "indicateur__libelle", "document__empreinte")
    tri_defaut = "-le"
    export_nom = "documents-des-valeurs"
    panneau = False
    vide = Vide(
        "Aucune valeur n’est venue avec un document",
        "Le courrier ou le tableau joint à une valeur, sur la page de l’indicateur, se retrouve ici.",
        icone="paperclip",
    )

    def url_ligne(self, objet: Constat) -> str:
        return reverse("fichiers_telecharger", args=[self.request.cpts.slug, objet.document_id])

    def on_export(self, objets: list[Constat], format_export: str) -> None:
        _record_export(self.request, format_export, len(objets))


def _record_export(request: Requete, format_export: str, lignes: int) -> None:
    journal.record(
        "pilotage.justificatifs_exportes",
        request.cpts,
        by=request.acteur,
        cpts_id=request.cpts.pk,
        format=format_export,
        lignes=lignes,
    )


def _build_onglets(request: Requete, actif: str, lacunes: tuple[Lacune, ...]) -> list[Onglet]:
    slug = request.cpts.slug
    manquent = sum(lacune.nombre for lacune in lacunes)
    return [
        Onglet("Le registre", reverse("pilotage:justificatifs", args=[slug]), actif == "registre"),
        Onglet("Documents des valeurs", reverse("pilotage:documents_valeurs", args=[slug]), actif == "valeurs"),
        Onglet("Ce qui manque", reverse("pilotage:manquants", args=[slug]), actif == "manque", manquent),
    ]


def _find_lacunes(request: Requete) -> tuple[AnneeContrat | None, tuple[Lacune, ...]]:
    """The current year, and the lacking evidence of the indicators that this person sees, the most euros first."""
    contrat = selectors.get_contrat(request.cpts.pk)
    if contrat is None:
        return None, ()
    annee = compute_annee(contrat, today())
    if request.acteur.can(LIRE):
        return annee, annee.lacunes
    visibles = set(Indicateur.objects.visible_to(request.acteur).filter(contrat=contrat).values_list("pk", flat=True))
    return annee, tuple(lacune for lacune in annee.lacunes if lacune.indicateur.pk in visibles)


@acces(LIRE_MISSION)
@require_GET
def justificatifs(request: Requete, slug: str) -> HttpResponse:
    """The register."""
    _, lacunes = _find_lacunes(request)
    return afficher_liste(
        request,
        ListeJustificatifs,
        registre.list_preuves(request.cpts.pk, for_acteur=request.acteur),
        gabarit="pilotage/justificatifs.html",
        contexte={
            "onglets": _build_onglets(request, "registre", lacunes),
        },
    )


@acces(LIRE_MISSION)
@require_GET
def documents_valeurs(request: Requete, slug: str) -> HttpResponse:
    """The documents that came with values."""
    _, lacunes = _find_lacunes(request)
    return afficher_liste(
        request,
        ListeDocumentsValeurs,
        registre.list_valeurs(request.cpts.pk, for_acteur=request.acteur),
        gabarit="pilotage/justificatifs.html",
        contexte={
            "onglets": _build_onglets(request, "valeurs", lacunes),
        },
    )


RIEN_NE_MANQUE = Vide(
    "Rien ne manque",
    "Tout ce qui reste à confirmer cette année a son justificatif.",
    icone="circle-check",
)
SANS_CONTRAT = Vide(
    "Aucun contrat n’est encore saisi",
    "Les justificatifs qui manquent se lisent à partir des indicateurs du contrat.",
    icone="signature",
)


@acces(LIRE_MISSION)
@require_GET
def manquants(request: Requete, slug: str) -> HttpResponse:
    """What lacks, the most euros first, each with its way to be joined."""
    annee, lacunes = _find_lacunes(request)
    return render(
        request,
        "pilotage/manquants.html",
        {
            "titre": "Ce qui n’est pas prouvé",
            "onglets": _build_onglets(request, "manque", lacunes),
            "annee": annee,
            "lacunes": lacunes,
            "phrase": selectors.say_lacunes(lacunes) if lacunes else "",
            "modifiable": request.acteur.can(MODIFIER),
            "vide": RIEN_NE_MANQUE if annee else SANS_CONTRAT,
        },
    )


@acces(LIRE_MISSION)
@require_GET
def justificatif(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """One document: what it proves, its hash, its versions."""
    return _render_justificatif(request, registre.get_preuve(pk, cpts_id=request.cpts.pk, for_acteur=request.acteur))


def _render_justificatif(request: Requete, preuve: Preuve, status: int = 200, **formulaires: Any) -> HttpResponse:
    slug, memes = request.cpts.slug, registre.count_memes(preuve)
    ouvrable = registre.may_open_version(request.acteur, preuve)
    contexte: dict[str, Any] = {
        "titre": preuve.libelle if registre.may_open_preuve(request.acteur, preuve) else preuve.libelle_publie,
        "fil": [("Justificatifs", reverse("pilotage:justificatifs", args=[slug])), ("Un document", "")],
        "preuve": preuve,
        "pastille_etat": ETATS[preuve.etat],
        "ouvrable": ouvrable,
        "faits": _faits(slug, preuve, memes),
        "evenements": _frise(slug, registre.list_versions(preuve), request.acteur),
        "memes": memes,
    }
    if request.acteur.can(MODIFIER) and preuve.etat == EtatPreuve.EN_VIGUEUR:
        contexte |= {
            "form_version": VersionForm(preuve=preuve),
            "form_retrait": RetraitForm(plusieurs=memes > 1, auto_id="retrait_%s"),
        }
    return render(request, "pilotage/justificatif.html", contexte | formulaires, status=status)


def _faits(slug: str, preuve: Preuve, memes: int) -> list[Fait]:
    faits = []
    if preuve.indicateur is not None:
        adresse = reverse("pilotage:indicateur", args=[slug, preuve.indicateur.pk])
        faits.append(Fait("Indicateur", preuve.indicateur.libelle, preuve.indicateur.get_mission_display(), adresse))
    if preuve.acte:
        autres = f"le même document prouve {compter(memes, 'acte')}" if memes > 1 else ""
        faits.append(Fait("Acte", registre.say_reference(preuve), autres))
    return [
        *faits,
        Fait("Genre", preuve.get_genre_display()),
        Fait("Date du fait", format_date(preuve.le, jour=False)),
        Fait("Version", preuve.version),
        Fait("Fichier", preuve.fichier.get_type_display(), say_taille(preuve.fichier.taille)),
        Fait("Nomme des personnes", "oui" if preuve.nominative else "non"),
    ]


def _frise(slug: str, versions: list[Preuve], acteur: Acteur) -> list[Evenement]:
    evenements = []
    for version in versions:
        ouvre = registre.may_open_version(acteur, version)
        url = reverse("fichiers_telecharger", args=[slug, version.fichier_id]) if ouvre else ""
        retrait = getattr(version, "retrait", None)
        if retrait is not None:
            evenements.append(Evenement(retrait.le, "Retiré", texte=retrait.motif, ton="alerte"))
        evenements.append(
            Evenement(
                version.jointe_le,
                f"Version {version.version} jointe",
                texte=f"SHA-256 {version.empreinte}",
                ton="bien" if version is versions[0] and retrait is None else "neutre",
                url=url,
            )
        )
    return evenements


@acces(MODIFIER)
@require_POST
def remplacer(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """A new version; the former stays readable."""
    preuve = registre.get_preuve(pk, cpts_id=request.cpts.pk, for_acteur=request.acteur)
    form = VersionForm(request.POST, request.FILES, preuve=preuve)
    if form.is_valid():
        try:
            nouvelles = services.replace_preuve(
                preuve=preuve, donnees=form.donnees, piece=form.piece, by=request.acteur
            )
        except (ErreurRegle, FichierRefuse) as refus:
            form.add_error(None, str(refus))
        else:
            nouvelle = next(n for n in nouvelles if n.remplace_id == preuve.pk)
            messages.success(request, f"La version {nouvelle.version} est en vigueur ; la précédente reste lisible.")
            return redirect("pilotage:justificatif", slug=slug, pk=nouvelle.pk)
    return _render_justificatif(request, preuve, status=422, form_version=form, ouvert="form_version")


@acces(MODIFIER)
@require_POST
def retirer(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """A document joined by mistake: it stays visible, withdrawn, with the reason."""
    preuve = registre.get_preuve(pk, cpts_id=request.cpts.pk, for_acteur=request.acteur)
    form = RetraitForm(request.POST, plusieurs=registre.count_memes(preuve) > 1, auto_id="retrait_%s")
    if form.is_valid():
        try:
            services.withdraw_preuve(
                preuve=preuve,
                motif=form.cleaned_data["motif"],
                partout=form.cleaned_data.get("partout", False),
                by=request.acteur,
            )
        except ErreurRegle as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, "Le justificatif est retiré. Il reste visible, avec le motif.")
            return redirect("pilotage:justificatif", slug=slug, pk=pk)
    return _render_justificatif(request, preuve, status=422, form_retrait=form, ouvert="form_retrait")


@acces(MODIFIER)
@require_POST
def annuler(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Undo what has just been joined."""
    preuve = registre.get_preuve(pk, cpts_id=request.cpts.pk, for_acteur=request.acteur)
    services.undo_depot(preuve=preuve, by=request.acteur)
    messages.success(request, "C’est annulé : le registre garde la trace des documents retirés.")
    if preuve.indicateur_id is None:
        return redirect("pilotage:justificatifs", slug=slug)
    return redirect("pilotage:indicateur", slug=slug, pk=preuve.indicateur_id)
