"""The association's membership in the demonstration: applications, dues, offices, groups, a member structure."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal

from maillon.communaute.adhesions.enums import (
    College,
    EtatCandidature,
    EtatCotisation,
    Fonction,
    ModePaiement,
    Origine,
)
from maillon.communaute.adhesions.models import (
    Candidature,
    Cotisation,
    Rattachement,
    Reglement,
    Relance,
)
from maillon.communaute.adhesions.services import (
    DonneesCampagne,
    Saisie,
    admit,
    file_candidature,
    give_mandat,
    open_campagne,
)
from maillon.communaute.annuaire.enums import ModeExercice, Profession
from maillon.communaute.annuaire.models import Activite, Professionnel
from maillon.communaute.personnes.enums import GenreGroupe
from maillon.communaute.personnes.models import Appartenance, Groupe, Personne
from maillon.communaute.structures.enums import TypeStructure
from maillon.communaute.structures.models import Structure
from maillon.socle import horloge
from maillon.socle.contexte import use_cpts
from maillon.socle.droits.acteur import PUBLIC, SYSTEME
from maillon.socle.droits.enums import Mission

from .communautes import Communaute

VITRINE = "grand-saint-etienne"
TARIFS = {
    "medecins": Decimal(50),
    "professionnels": Decimal(30),
    "structures": Decimal(150),
    "partenaires": Decimal(0),
}
COLLEGES = dict(College.choices)
GROUPES = (
    (
        "Commission parcours",
        GenreGroupe.COMMISSION,
        Mission.PARCOURS,
        "Écrire et suivre les parcours pluriprofessionnels",
        11,
    ),
    (
        "Soins non programmés",
        GenreGroupe.GROUPE_TRAVAIL,
        Mission.ACCES,
        "Organiser les créneaux du jour et l’astreinte",
        9,
    ),
    (
        "Cercle de qualité infirmier",
        GenreGroupe.CERCLE_QUALITE,
        Mission.QUALITE,
        "Relire ensemble des situations et des pratiques",
        8,
    ),
)
OFFICES = (
    (Fonction.VICE_PRESIDENT, 3),
    (Fonction.TRESORIER, 4),
    *((Fonction.ADMINISTRATEUR, rang) for rang in range(6, 13)),
)


def run_membership(communaute: Communaute, people: list[Personne], *, now: datetime) -> None:
    """Everything for the community that is shown first; the others have their members only."""
    cpts = communaute.cpts
    if cpts.slug != VITRINE:
        return
    on = now.date()
    with use_cpts(cpts.pk):
        members = [p for p in people if p.professionnel_id is not None]
        _hold_offices(communaute, members, on=on)
        _make_groupes(communaute, members, on=on)
        _attach_laboratoire(communaute, on=on)
        _show_coordonnees(members)
        _collect_dues(communaute, now=now)
        _receive_candidatures(communaute, now=now)


def _hold_offices(communaute: Communaute, members: list[Personne], *, on: date) -> None:
    """A council elected two years ago for three years, but a treasurer whose mandate ends in five weeks."""
    elected = date(on.year - 2, 6, 12)
    by_name = {(p.prenom, p.nom): p for p in members}
    holders = [(Fonction.PRESIDENT, by_name["Antoine", "Massardier"]), (Fonction.SECRETAIRE, by_name["Lucie", "Oriol"])]
    others = [p for p in members if p.membre_id is None]
    holders += [(fonction, others[rang]) for fonction, rang in OFFICES]
    for fonction, personne in holders:
        fin = on + timedelta(days=36) if fonction == Fonction.TRESORIER else date(on.year + 1, 6, 12)
        # The accounts of the demonstration have their roles already.
        give_mandat(personne=personne, fonction=fonction, debut=elected, fin=fin, ouvre_acces=False, by=SYSTEME)


def _make_groupes(communaute: Communaute, members: list[Personne], *, on: date) -> None:
    """Three groups of members, each with somebody responsible."""
    cpts, hasard = communaute.cpts, communaute.tirage.hasard
    infirmiers = [p for p in members if p.professionnel and p.professionnel.profession == Profession.INFIRMIER]
    rows = []
    for nom, genre, mission, objet, nombre in GROUPES:
        groupe = Groupe.objects.create(cpts=cpts, nom=nom, genre=genre, mission=mission, objet=objet)
        source = infirmiers if genre == GenreGroupe.CERCLE_QUALITE else members
        for rang, personne in enumerate(hasard.sample(source, nombre)):
            depuis = on - timedelta(days=hasard.randrange(60, 400))
            rows.append(Appartenance(cpts=cpts, groupe=groupe, personne=personne, responsable=rang == 0, depuis=depuis))
    Appartenance.objects.bulk_create(rows)


def _attach_laboratoire(communaute: Communaute, *, on: date) -> None:
    """A member laboratory with its biologists, covered through it."""
    cpts, tirage = communaute.cpts, communaute.tirage
    commune = communaute.communes[0]
    laboratoire = Structure.objects.create(
        type=TypeStructure.LABORATOIRE,
        nom="Laboratoire des Trois Collines (démonstration)",
        commune=commune,
        courriel="contact.laboratoire@example.org",
        fictive=True,
    )
    adhesion = admit(cpts_id=cpts.pk, adherent=laboratoire, debut=on - timedelta(days=330), by=SYSTEME)
    for rang in range(3):
        personne = tirage.personne()
        professionnel = Professionnel.objects.create(
            rpps=str(99_900_000_001 + rang),
            prenom=personne.prenom,
            nom=personne.nom,
            civilite="Dr",
            profession=Profession.PHARMACIEN,
            fictif=True,
        )
        Activite.objects.create(
            professionnel=professionnel,
            structure=laboratoire,
            mode_exercice=ModeExercice.SALARIE,
            commune=commune,
            courriel=personne.courriel,
        )
        if rang == 2:
            continue  # proposed by the directory, not attached yet
        Rattachement.objects.create(
            cpts=cpts,
            adhesion=adhesion,
            personne=Personne.objects.create(
                cpts=cpts,
                professionnel=professionnel,
                prenom=personne.prenom,
                nom=personne.nom,
                courriel=personne.courriel,
                fonction="pharmacien biologiste",
            ),
            representant=rang == 0,
            depuis=on - timedelta(days=300),
        )


def _show_coordonnees(members: list[Personne]) -> None:
    """Half of the members show their address to the others."""
    for personne in members[::2]:
        personne.montre_courriel = True
    Personne.objects.bulk_update(members[::2], ["montre_courriel"])


def _collect_dues(communaute: Communaute, *, now: datetime) -> None:
    """A campaign due ten weeks ago: most have paid, some are late with their reminders, two are exempted."""
    cpts, echeance = communaute.cpts, now.date() - timedelta(days=70)
    with horloge.at(now - timedelta(days=120)):
        campagne = open_campagne(
            cpts_id=cpts.pk,
            annee=echeance.year,
            donnees=DonneesCampagne(
                echeance=echeance,
                consigne="virement sur le compte de l’association (démonstration : IBAN fictif), ou chèque.",
                tarifs=TARIFS,
                paliers=(-30, 0, 30, 60),
            ),
            by=SYSTEME,
        )
    dues = list(
        Cotisation.objects.filter(campagne=campagne).select_related("adhesion__professionnel", "adhesion__structure")
    )
    hasard = communaute.tirage.hasard
    hasard.shuffle(dues)
    dues.sort(key=lambda cotisation: cotisation.college != "professionnels")  # those exempted or late are not doctors
    late = max(len(dues) // 9, 4)
    for exempted in dues[:2]:
        exempted.etat, exempted.motif = EtatCotisation.EXEMPTEE, "installation dans l’année, décision du bureau"
    paid = dues[2 + late :]
    for cotisation in paid:
        cotisation.etat = EtatCotisation.PAYEE
    Cotisation.objects.bulk_update([*dues[:2], *paid], ["etat", "motif"])
    Relance.objects.bulk_create(
        Relance(cpts=cpts, cotisation=cotisation, palier=palier, le=now - timedelta(days=70 - palier))
        for cotisation in dues[2 : 2 + late]
        for palier in (-30, 0, 30, 60)
    )
    Reglement.objects.bulk_create(_pay(communaute, paid, now=now))


def _pay(communaute: Communaute, paid: list[Cotisation], *, now: datetime) -> Iterator[Reglement]:
    """Receipts numbered in the order of the days."""
    hasard = communaute.tirage.hasard
    days = sorted(now.date() - timedelta(days=hasard.randrange(3, 110)) for _ in paid)
    numeros: dict[int, int] = {}
    for cotisation, jour in zip(paid, days, strict=True):
        numeros[jour.year] = numeros.get(jour.year, 0) + 1
        yield Reglement(
            cpts=communaute.cpts,
            cotisation=cotisation,
            annee=jour.year,
            numero=numeros[jour.year],
            montant=cotisation.montant,
            mode=hasard.choices([ModePaiement.VIREMENT, ModePaiement.CHEQUE, ModePaiement.CARTE], [6, 3, 1])[0],
            recu_le=jour,
            payeur=str(cotisation.adhesion.adherent),
            libelle_college=COLLEGES[cotisation.college],
        )


def _receive_candidatures(communaute: Communaute, *, now: datetime) -> None:
    """Two applications wait, one of somebody whom the directory does not know; an invitation has no answer yet."""
    cpts, tirage = communaute.cpts, communaute.tirage
    commune = communaute.communes[0]
    for rang, (metier, profession, connue) in enumerate(
        (("sage-femme", Profession.SAGE_FEMME, True), ("diététicien", Profession.DIETETICIEN, False))
    ):
        personne = tirage.personne()
        rpps = str(99_910_000_001 + rang)
        if connue:
            _add_professionnel(communaute, personne.prenom, personne.nom, rpps, profession, personne.courriel)
        saisie = Saisie(
            prenom=personne.prenom,
            nom=personne.nom,
            courriel=personne.courriel,
            rpps=rpps if connue else "",
            profession=metier,
            lieu=f"{commune}, cabinet de groupe",
            telephone=tirage.telephone(),
            souhait="Participer au groupe sur les soins non programmés." if connue else "",
        )
        with horloge.at(now - timedelta(days=12 - 5 * rang)):
            file_candidature(
                cpts=cpts,
                saisie=saisie,
                notice_version="2026-11",
                cle=f"demonstration-{rang:04d}",
                source=b"",
                by=PUBLIC,
            )
    invited = tirage.personne()
    professionnel = _add_professionnel(
        communaute, invited.prenom, invited.nom, "99910000009", Profession.ORTHOPHONISTE, invited.courriel
    )
    Candidature.objects.create(
        cpts=cpts,
        origine=Origine.INVITATION,
        etat=EtatCandidature.INVITEE,
        prenom=invited.prenom,
        nom=invited.nom,
        rpps=professionnel.rpps,
        profession=professionnel.libelle_profession,
        lieu=str(commune),
        courriel=invited.courriel,
        professionnel=professionnel,
        accord_prealable=True,
        deposee_le=now - timedelta(days=4),
    )


def _add_professionnel(
    communaute: Communaute, prenom: str, nom: str, rpps: str, profession: Profession, courriel: str
) -> Professionnel:
    professionnel = Professionnel.objects.create(rpps=rpps, prenom=prenom, nom=nom, profession=profession, fictif=True)
    Activite.objects.create(
        professionnel=professionnel,
        mode_exercice=ModeExercice.LIBERAL,
        commune=communaute.communes[0],
        courriel=courriel,
        telephone=communaute.tirage.telephone(),
    )
    return professionnel
