"""The national directory of the demonstration: its members, and neighbours whom no community knows yet."""

from collections.abc import Iterator, Sequence

from maillon.communaute.annuaire.enums import Profession
from maillon.communaute.annuaire.importation.empreintes import compute_empreintes
from maillon.communaute.annuaire.models import Activite, Inscription, Libelle, Mot
from maillon.communaute.recherche import normalize_nom
from maillon.communaute.territoire.models import Commune

from .communautes import PREMIER_RPPS, Communaute
from .personnes import METIERS, Tirage

VOISINS = 500
PREMIER_VOISIN = PREMIER_RPPS + 500_000
SAVOIR_FAIRE = {"SM54": "Médecine générale", "SM04": "Cardiologie et maladies vasculaires"}


def fill_annuaire(communautes: Sequence[Communaute]) -> None:
    """Lines like those of an import, marked as fictitious: an import of the true files leaves them alone."""
    lignes = [*_list_membres(), *_draw_voisins(communautes)]
    empreintes = compute_empreintes([f"{ligne.identifiant} {ligne.structure}".encode() for ligne in lignes])
    for ligne, empreinte in zip(lignes, empreintes.tolist(), strict=True):
        ligne.empreinte = empreinte
        ligne.nom_recherche = normalize_nom(f"{ligne.nom} {ligne.prenom}")
    Inscription.objects.bulk_create(lignes)
    mots = {mot for ligne in lignes for mot in ligne.nom_recherche.split()}
    Mot.objects.bulk_create([Mot(mot=mot) for mot in sorted(mots)], ignore_conflicts=True)
    libelles = [Libelle(nomenclature="profession", code=p.value, libelle=p.label.capitalize()) for p in Profession]
    libelles += [Libelle(nomenclature="savoir_faire", code=c, libelle=libelle) for c, libelle in SAVOIR_FAIRE.items()]
    Libelle.objects.bulk_create(libelles, ignore_conflicts=True)


def _list_membres() -> Iterator[Inscription]:
    places = Activite.objects.filter(professionnel__fictif=True).select_related("professionnel", "commune")
    for lieu in places.order_by("professionnel__rpps"):
        professionnel = lieu.professionnel
        yield _build(
            professionnel.rpps,
            professionnel.nom,
            professionnel.prenom,
            Profession(professionnel.profession),
            professionnel.savoir_faire,
            lieu.commune,
            adresse=lieu.adresse,
            telephone=lieu.telephone,
            courriel=lieu.courriel,
        )


def _draw_voisins(communautes: Sequence[Communaute]) -> Iterator[Inscription]:
    tirage = Tirage("annuaire national")
    communes = [commune for communaute in communautes for commune in communaute.communes]
    poids = [float(commune.superficie_km2 or 1) for commune in communes]
    metiers = list(METIERS.values())
    for numero in range(VOISINS):
        personne = tirage.personne()
        profession, savoir_faire = tirage.hasard.choice(metiers)
        commune = tirage.hasard.choices(communes, poids)[0]
        yield _build(
            str(PREMIER_VOISIN + numero),
            personne.nom,
            personne.prenom,
            profession,
            savoir_faire,
            commune,
            adresse=tirage.adresse(),
            telephone=tirage.telephone(),
            courriel="",
        )


def _build(
    rpps: str,
    nom: str,
    prenom: str,
    profession: Profession,
    savoir_faire: Sequence[str],
    commune: Commune,
    *,
    adresse: str,
    telephone: str,
    courriel: str,
) -> Inscription:
    numero, _, voie = adresse.partition(" ")
    return Inscription(
        type_identifiant="8",
        identifiant=rpps,
        fictive=True,
        nom=nom,
        prenom=prenom,
        titre="DR" if profession == Profession.MEDECIN else "",
        profession=profession,
        categorie="C",
        type_savoir_faire="S" if savoir_faire else "",
        savoir_faire=savoir_faire[0] if savoir_faire else "",
        mode_exercice="L",
        structure=f"DEMO{rpps}",
        raison_sociale=f"Cabinet {nom}",
        numero_voie=numero,
        voie=voie,
        code_postal=(commune.codes_postaux or [""])[0],
        commune=commune.pk,
        libelle_commune=commune.nom,
        pays="FR",
        telephone=telephone.replace(" ", ""),
        courriel=courriel,
        departement=commune.departement,
    )
