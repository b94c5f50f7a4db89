"""Searching the national directory: 2.4 million activities, answers in some milliseconds.

A search goes from the narrowest index to the widest and stops as soon as it has enough: the beginning of the name,
whole words in any order, beginnings of words, then words that resemble. People come out with all their places.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db import connection
from django.db.models import QuerySet

from maillon.communaute.recherche import normalize_nom

from ..enums import Profession
from ..faits import FaitsProfessionnel, build_faits
from ..models import Diplome, ImportAnnuaire, Inscription, Libelle, Mouvement, SavoirFaire
from .mots import SUITES, find_resembling, finish

RESULTATS = 50
# Lines read for as many people as wanted: one person has three or four at the most.
LIGNES_PAR_PERSONNE = 4
MOTS = SearchVector("nom_recherche", config="simple")


@dataclass(frozen=True, slots=True)
class Lieu:
    """A place where somebody works, as the directory says it."""

    structure: str
    nom: str
    adresse: str
    code_postal: str
    commune: str
    libelle_commune: str
    telephone: str
    courriel: str
    mode_exercice: str
    finess: str


@dataclass(frozen=True, slots=True)
class PersonneTrouvee:
    """A professional of the directory, with codes as published. `rpps` is empty for a former ADELI number."""

    identifiant: str
    rpps: str
    nom: str
    prenom: str
    titre: str
    profession: str
    savoir_faire: tuple[str, ...]
    lieux: tuple[Lieu, ...]
    fictive: bool


@dataclass(frozen=True, slots=True)
class Recherche:
    """The people found, the nearest names first. `complete`: there are no others; `approchee`: names only resemble."""

    personnes: tuple[PersonneTrouvee, ...]
    complete: bool
    approchee: bool = False


def search_inscriptions(
    texte: str = "",
    *,
    profession: Profession | str = "",
    savoir_faire: str = "",
    communes: Collection[str] = (),
    limit: int = RESULTATS,
) -> Recherche:
    """People of the national directory by name (accents, word order, beginnings and typing errors forgiven) or number,
    profession, savoir-faire and communes (INSEE codes); each criterion narrows.
    """
    rows = Inscription.objects.all()
    if communes:
        rows = rows.filter(commune__in=list(communes))
    if profession:
        rows = rows.filter(profession=profession)
    if savoir_faire:
        rows = rows.filter(savoir_faire=savoir_faire)
    texte = texte.strip()
    numero = texte.replace(" ", "")
    if numero.isdigit() and len(numero) in (9, 11):
        return _answer(rows.filter(identifiant=numero).values_list("identifiant", flat=True), limit)
    mots = normalize_nom(texte).split()
    if mots:
        return _search_nom(rows, mots, limit)
    if texte:
        return Recherche((), complete=True)
    if communes or savoir_faire:
        found = _search_index(communes, profession, savoir_faire, limit * LIGNES_PAR_PERSONNE)
        return _answer(found, limit)
    return _answer(_page(rows, limit), limit)


def _page(rows: QuerySet[Inscription], limit: int) -> Iterable[str]:
    """Identifiers of the first lines by name."""
    return rows.order_by("nom_recherche").values_list("identifiant", flat=True)[: limit * LIGNES_PAR_PERSONNE]


def _search_nom(rows: QuerySet[Inscription], mots: Sequence[str], limit: int) -> Recherche:
    found: dict[str, None] = {}
    for debut in _turns(mots):
        found |= dict.fromkeys(_page(rows.filter(nom_recherche__startswith=debut), limit))
    if len(mots) > 1:
        for rang in range(len(mots)):
            if len(found) > limit:
                break
            found |= dict.fromkeys(_page(_begin_with(rows, mots[rang], [*mots[:rang], *mots[rang + 1 :]]), limit))
    if len(found) > limit:
        return _answer(found, limit)
    suites = finish(mots)
    if all(suites.values()):
        for requete in (_whole(mots), _beginnings(suites)):
            if len(found) <= limit:
                found |= dict.fromkeys(_search_mots(rows, requete, limit))
    if found:
        return _answer(found, limit)
    return _answer(_search_resembling(rows, suites, limit), limit, approchee=True)


def _begin_with(rows: QuerySet[Inscription], premier: str, autres: Sequence[str]) -> QuerySet[Inscription]:
    """Names that begin with this word, finished or not, and hold the others: an ordered walk of the index by name,
    which stops early when the others are common.
    """
    rows = rows.filter(nom_recherche__startswith=premier if len(premier) > 2 else f"{premier} ")
    for mot in autres:
        rows = rows.filter(nom_recherche__contains=f" {mot}")
    return rows


def _search_resembling(rows: QuerySet[Inscription], suites: dict[str, list[str]], limit: int) -> Iterable[str]:
    """Words that nobody bears give way to those that resemble them; if that finds nobody, so do the others."""
    choix = {mot: [mot] for mot in suites}
    inconnus = [mot for mot, siennes in suites.items() if mot not in siennes]
    found: Iterable[str] = ()
    for remplaces in (inconnus, [mot for mot in suites if mot not in inconnus]):
        for mot in remplaces:
            choix[mot] = find_resembling(mot)
            if not choix[mot]:
                return ()
        found = _search_mots(rows, _any_of(choix), limit) if remplaces else ()
        if found:
            break
    return found


def _turns(mots: Sequence[str]) -> list[str]:
    """The name as it is written, then with its last words first: people say the first name first."""
    return [" ".join([*mots[coupe:], *mots[:coupe]]) for coupe in range(min(len(mots), 3))]


def _search_mots(rows: QuerySet[Inscription], requete: str, limit: int) -> Iterable[str]:
    """Identifiers of lines whose words answer. The index gives them in no order and stops at the number wanted; the
    shortest names come first, as the nearest to what was asked.
    """
    found = rows.annotate(mots=MOTS).filter(mots=SearchQuery(requete, config="simple", search_type="raw"))
    lignes = found.values_list("nom_recherche", "identifiant")[: limit * LIGNES_PAR_PERSONNE]
    return [identifiant for _, identifiant in sorted(lignes, key=lambda ligne: (ligne[0].count(" "), ligne))]


def _whole(mots: Sequence[str]) -> str:
    return " & ".join(mots)


def _beginnings(suites: dict[str, list[str]]) -> str:
    """Words may be unfinished. The few that begin so are named one by one: the index then goes from one line of the
    rarest to the next, where it would gather first all the lines of a beginning.
    """
    return _any_of({mot: siennes if len(siennes) <= SUITES else [f"{mot}:*"] for mot, siennes in suites.items()})


def _any_of(choix: dict[str, list[str]]) -> str:
    return " & ".join(f"({' | '.join(mots)})" for mots in choix.values())


def _search_index(communes: Collection[str], profession: str, savoir_faire: str, lignes: int) -> list[str]:
    """Identifiers of the first lines by name, asked of each commune or profession: each is an ordered walk of an index.

    In a commune without a profession named, professions follow one another, each by name.
    """
    filtres, valeurs = [], []
    for colonne, valeur in (("profession", profession), ("savoir_faire", savoir_faire)):
        if valeur and not (colonne == "profession" and not communes):
            filtres.append(f" AND {colonne} = %s")
            valeurs.append(valeur)
    codes = list(communes) or ([profession] if profession else Profession.values)
    par = "commune" if communes else "profession"
    ordre = "nom_recherche" if profession or not communes else "profession, nom_recherche"
    requete = f"""
        SELECT l.identifiant FROM unnest(%s::text[]) AS c (code) CROSS JOIN LATERAL (
            SELECT identifiant, profession, nom_recherche FROM annuaire_inscription
            WHERE {par} = c.code{"".join(filtres)} ORDER BY {ordre} LIMIT %s
        ) l ORDER BY {ordre} LIMIT %s
    """  # noqa: S608 - columns named here
    with connection.cursor() as cursor:
        cursor.execute(requete, [codes, *valeurs, lignes, lignes])
        return [identifiant for (identifiant,) in cursor.fetchall()]


def _answer(identifiants: Iterable[str], limit: int, *, approchee: bool = False) -> Recherche:
    """The people of these identifiers, as many as wanted."""
    found = list(dict.fromkeys(identifiants))
    rangs = {identifiant: rang for rang, identifiant in enumerate(found[:limit])}
    personnes = sorted(get_personnes(rangs), key=lambda personne: rangs[personne.identifiant])
    return Recherche(tuple(personnes), complete=len(found) <= limit, approchee=approchee and bool(found))


def get_personnes(identifiants: Collection[str]) -> list[PersonneTrouvee]:
    """These people with all their places, by name."""
    rows = Inscription.objects.filter(identifiant__in=list(identifiants)).order_by("nom_recherche", "identifiant")
    return [_build(list(lignes)) for _, lignes in groupby(rows, key=lambda row: (row.nom_recherche, row.identifiant))]


def _build(lignes: list[Inscription]) -> PersonneTrouvee:
    premiere = lignes[0]
    lieux = dict.fromkeys(
        Lieu(
            ligne.structure,
            ligne.enseigne or ligne.raison_sociale,
            ligne.adresse,
            ligne.code_postal,
            ligne.commune,
            ligne.libelle_commune,
            ligne.telephone or ligne.telephone_2,
            ligne.courriel,
            ligne.mode_exercice,
            ligne.finess,
        )
        for ligne in lignes
    )
    return PersonneTrouvee(
        identifiant=premiere.identifiant,
        rpps=premiere.identifiant if premiere.type_identifiant == "8" else "",
        nom=premiere.nom,
        prenom=premiere.prenom,
        titre=premiere.titre,
        profession=premiere.profession,
        savoir_faire=tuple(dict.fromkeys(ligne.savoir_faire for ligne in lignes if ligne.savoir_faire)),
        lieux=tuple(lieu for lieu in lieux if lieu.commune or lieu.adresse),
        fictive=premiere.fictive,
    )


def get_inscriptions(identifiant: str) -> list[Inscription]:
    """The lines of one person, places by name of commune."""
    return list(Inscription.objects.filter(identifiant=identifiant).order_by("libelle_commune", "empreinte"))


def fetch_faits(rpps: Collection[str]) -> dict[str, FaitsProfessionnel]:
    """What the directory says of these people, by RPPS number; those whom it does not have are left out."""
    lignes: dict[str, list[Inscription]] = {}
    for ligne in Inscription.objects.filter(identifiant__in=list(rpps), type_identifiant="8").order_by("empreinte"):
        lignes.setdefault(ligne.identifiant, []).append(ligne)
    savoir_faire: dict[str, list[str]] = {}
    for identifiant, code in SavoirFaire.objects.filter(identifiant__in=list(lignes)).values_list(
        "identifiant", "code"
    ):
        savoir_faire.setdefault(identifiant, []).append(code)
    return {numero: build_faits(siennes, savoir_faire.get(numero, ())) for numero, siennes in lignes.items()}


def get_diplomes(identifiant: str) -> list[Diplome]:
    """Diplomas and authorisations of one person."""
    return list(Diplome.objects.filter(identifiant=identifiant).order_by("type_diplome", "diplome"))


def get_mouvements(identifiant: str) -> list[Mouvement]:
    """What imports changed or ended for one person, the latest first, over the time that it is kept."""
    rows = Mouvement.objects.filter(identifiant=identifiant).select_related("importe")
    return list(rows.order_by("-importe__le", "pk"))


def get_libelles(nomenclature: str) -> dict[str, str]:
    """Labels by code, as the national files say them: `savoir_faire`, `profession`, `secteur`…"""
    return dict(Libelle.objects.filter(nomenclature=nomenclature).order_by("libelle").values_list("code", "libelle"))


def list_imports(*, limit: int = 12) -> list[ImportAnnuaire]:
    """The last imports that changed something, the latest first."""
    return list(ImportAnnuaire.objects.all()[:limit])
