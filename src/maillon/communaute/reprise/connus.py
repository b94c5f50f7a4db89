"""What the community and the directory already know of the people of a list: a constant number of queries a list."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from maillon.communaute.adhesions.enums import Etat
from maillon.communaute.adhesions.models import Adhesion
from maillon.communaute.adhesions.selectors import get_choix_colleges
from maillon.communaute.annuaire.enums import Profession
from maillon.communaute.annuaire.models import Activite, Inscription, Professionnel
from maillon.communaute.annuaire.selectors.national import fetch_faits
from maillon.communaute.personnes.models import Appartenance, Groupe, Personne
from maillon.communaute.recherche import normalize_nom
from maillon.communaute.structures.models import Structure
from maillon.communaute.territoire.models import Commune
from maillon.communaute.territoire.selectors import get_codes_by_cpts
from maillon.regles.catalogue import fold
from maillon.socle.cpts.models import Cpts
from maillon.socle.lots import batched

from .fiches import Fiche, fold_nom


@dataclass(frozen=True, slots=True)
class Trouve:
    """A professional of the directory; `professionnel` is None for one whom no community has taken yet."""

    rpps: str
    nom: str
    prenom: str
    metier: str
    lieux: frozenset[str] = frozenset()
    professionnel: Professionnel | None = None

    def __str__(self) -> str:
        return f"{self.prenom} {self.nom}, {self.metier}, RPPS {self.rpps}"


@dataclass(slots=True)
class Connus:
    """Indexes of what is known, as rows of a list are compared with them."""

    personnes: dict[UUID, Personne] = field(default_factory=dict)
    par_rpps: dict[str, Personne] = field(default_factory=dict)
    par_nom: dict[str, list[Personne]] = field(default_factory=lambda: defaultdict(list))
    par_courriel: dict[str, list[Personne]] = field(default_factory=lambda: defaultdict(list))
    annuaire: dict[str, Trouve] = field(default_factory=dict)
    homonymes: dict[str, dict[str, Trouve]] = field(default_factory=lambda: defaultdict(dict))
    lieux: dict[UUID, set[str]] = field(default_factory=lambda: defaultdict(set))
    adhesions: dict[UUID, list[Adhesion]] = field(default_factory=lambda: defaultdict(list))
    structures: dict[str, Structure] = field(default_factory=dict)
    communes: dict[tuple[str, str], Commune] = field(default_factory=dict)
    groupes: dict[str, Groupe] = field(default_factory=dict)
    appartenances: set[tuple[UUID, UUID]] = field(default_factory=set)
    colleges: dict[str, str] = field(default_factory=dict)

    def commune_of(self, fiche: Fiche) -> Commune | None:
        return self.communes.get((normalize_nom(fiche.commune), fiche.code_postal))

    def places_of(self, personne: Personne) -> set[str]:
        """Codes of the communes where a person works."""
        places = set(self.lieux.get(personne.professionnel_id, ())) if personne.professionnel_id else set()
        if personne.structure is not None and personne.structure.commune_id:
            places.add(personne.structure.commune_id)
        return places

    def is_member(self, adherent_id: UUID) -> bool:
        """Whether a membership is under way."""
        return any(adhesion.etat == Etat.ACTIVE for adhesion in self.adhesions.get(adherent_id, ()))

    def was_member(self, adherent_id: UUID, on: date) -> date | None:
        """The end of a past membership that covers this day."""
        ends = (a.fin for a in self.adhesions.get(adherent_id, ()) if a.fin is not None and a.debut is not None)
        return next((fin for fin in ends if fin > on), None)


def load_connus(cpts_id: UUID, fiches: Sequence[Fiche], *, on: date) -> Connus:
    """What is known of these rows, today being `on`."""
    connus = Connus()
    _load_personnes(connus, cpts_id)
    _load_professionnels(connus, fiches)
    for adhesion in Adhesion.objects.filter(cpts_id=cpts_id).exclude(etat=Etat.DEMANDEE):
        adherent = adhesion.professionnel_id or adhesion.structure_id
        assert adherent is not None
        connus.adhesions[adherent].append(adhesion)
    for lot in batched({fiche.finess for fiche in fiches if fiche.finess}):
        connus.structures |= {s.finess or "": s for s in Structure.objects.filter(finess__in=lot)}
    for code, nom in get_choix_colleges(cpts_id):
        connus.colleges |= {fold(code): code, fold(nom): code}
    connus.groupes = {fold(g.nom): g for g in Groupe.objects.filter(cpts_id=cpts_id, ferme_le=None)}
    connus.appartenances = set(
        Appartenance.objects.filter(cpts_id=cpts_id, jusqu_a=None).values_list("groupe_id", "personne_id")
    )
    _load_communes(connus, cpts_id, fiches, on=on)
    return connus


def _load_personnes(connus: Connus, cpts_id: UUID) -> None:
    rows = Personne.objects.filter(cpts_id=cpts_id, fusionnee_dans=None).select_related("professionnel", "structure")
    for personne in rows:
        connus.personnes[personne.pk] = personne
        connus.par_nom[fold_nom(personne.nom, personne.prenom)].append(personne)
        if personne.professionnel is not None:
            connus.par_rpps[personne.professionnel.rpps] = personne
        if personne.courriel:
            connus.par_courriel[personne.courriel.lower()].append(personne)


def _load_professionnels(connus: Connus, fiches: Sequence[Fiche]) -> None:
    """Professionals of the numbers given, and namesakes of the rows without number, with where they work."""
    numeros = {fiche.rpps for fiche in fiches if fiche.rpps}
    noms = {normalize_nom(f"{fiche.nom} {fiche.prenom}") for fiche in fiches if not fiche.rpps and fiche.nom}
    connues = {p.professionnel_id for p in connus.personnes.values() if p.professionnel_id}
    par_numero = [p for lot in batched(numeros) for p in Professionnel.objects.filter(rpps__in=lot)]
    par_nom = [p for lot in batched(noms) for p in Professionnel.objects.filter(nom_recherche__in=lot)]
    for lot_cles in batched(connues | {p.pk for p in (*par_numero, *par_nom)}):
        places = Activite.objects.filter(professionnel__in=lot_cles).values_list("professionnel_id", "commune_id")
        for cle, commune in places:
            connus.lieux[cle].add(commune)
    connus.annuaire = {p.rpps: _find(p, connus) for p in par_numero}
    for professionnel in par_nom:
        connus.homonymes[professionnel.nom_recherche][professionnel.rpps] = _find(professionnel, connus)
    _load_nationaux(connus, numeros - set(connus.annuaire), noms)


def _find(professionnel: Professionnel, connus: Connus) -> Trouve:
    lieux = frozenset(connus.lieux.get(professionnel.pk, ()))
    metier = professionnel.libelle_profession
    return Trouve(professionnel.rpps, professionnel.nom, professionnel.prenom, metier, lieux, professionnel)


def _load_nationaux(connus: Connus, numeros: set[str], noms: set[str]) -> None:
    """Those whom only the national directory has."""
    for lot in batched(numeros):
        for rpps, faits in fetch_faits(lot).items():
            if faits.profession:
                metier = str(Profession(faits.profession).label)
                lieux = frozenset(lieu.commune for lieu in faits.lieux)
                connus.annuaire[rpps] = Trouve(rpps, faits.nom, faits.prenom, metier, lieux)
    for lot in batched(noms):
        lignes = Inscription.objects.filter(
            nom_recherche__in=lot, type_identifiant="8", profession__in=Profession.values
        )
        lieux_de: dict[tuple[str, str, str, str, str], set[str]] = defaultdict(set)
        for *cle, commune in lignes.values_list(
            "nom_recherche", "identifiant", "nom", "prenom", "profession", "commune"
        ):
            lieux_de[tuple(cle)].add(commune)
        for (recherche, rpps, nom, prenom, code), communes in lieux_de.items():
            trouve = Trouve(rpps, nom, prenom, str(Profession(code).label), frozenset(communes))
            connus.homonymes[recherche].setdefault(rpps, trouve)


def _load_communes(connus: Connus, cpts_id: UUID, fiches: Sequence[Fiche], *, on: date) -> None:
    """The commune of each name and postal code: by the code, else in the territory, else in the département."""
    cles = {(normalize_nom(fiche.commune), fiche.code_postal) for fiche in fiches if fiche.commune}
    par_nom: dict[str, list[Commune]] = defaultdict(list)
    for lot in batched({nom for nom, _ in cles}):
        for commune in Commune.objects.filter(nom_recherche__in=lot):
            par_nom[commune.nom_recherche].append(commune)
    territoire = set(get_codes_by_cpts([cpts_id], on=on).get(cpts_id, []))
    departement = Cpts.objects.values_list("departement", flat=True).get(pk=cpts_id)
    for nom, code_postal in cles:
        found = _choose_commune(par_nom.get(nom, []), code_postal, territoire, departement)
        if found is not None:
            connus.communes[nom, code_postal] = found


def _choose_commune(
    candidates: Sequence[Commune], code_postal: str, territoire: set[str], departement: str
) -> Commune | None:
    for test in (
        lambda commune: bool(code_postal) and code_postal in commune.codes_postaux,
        lambda commune: commune.pk in territoire,
        lambda commune: commune.departement == departement,
        lambda commune: len(candidates) == 1,
    ):
        kept = [commune for commune in candidates if test(commune)]
        if len(kept) == 1:
            return kept[0]
    return None
