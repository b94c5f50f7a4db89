"""A waiting list kept in a spreadsheet, taken over six weeks ago and half called; and a partner's link."""

from datetime import date, datetime, timedelta
from uuid import UUID

from maillon.communaute.patients.notices import NOTICE_VERSION
from maillon.communaute.patients.services import SaisieIdentite
from maillon.communaute.structures.enums import TypeStructure
from maillon.communaute.structures.models import Partenariat
from maillon.missions.medecin_traitant import services
from maillon.missions.medecin_traitant.enums import MoyenAccord, Origine
from maillon.missions.medecin_traitant.models import Demande
from maillon.socle import horloge
from maillon.socle.contexte import use_cpts
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.acteur import SYSTEME, Acteur
from maillon.socle.droits.enums import Role
from maillon.socle.droits.models import Membre
from maillon.socle.droits.selectors import acteur_of_membre

from .communautes import Communaute
from .personnes import Tirage

TITRES = "Nom;Prénom;Année de naissance;Téléphone;Ville;Date de la demande;ALD;Visites à domicile;Observations"
PERSONNES = 26
JOURS = 42


def take_waiting_list(communaute: Communaute, *, now: datetime) -> None:
    """Twenty-six invented people of a spreadsheet, one of them twice, one without telephone; half have answered."""
    cpts, commune = communaute.cpts, communaute.communes[0]
    tirage = Tirage(f"{cpts.slug}-attente")
    recue = now - timedelta(days=JOURS)
    lignes = [_write_ligne(tirage, commune.nom, recue.date() - timedelta(days=11 * n)) for n in range(PERSONNES)]
    lignes += [lignes[3], f"Sans;Téléphone;1960;;{commune.nom};;;;"]
    contenu = "\n".join([TITRES, *lignes]).encode()
    with use_cpts(cpts.pk):
        acteur = _find_guichet(cpts)
        with horloge.at(recue):
            liste = services.deposit_attente(cpts_id=cpts.pk, nom="liste-attente.csv", contenu=contenu, by=acteur)
            services.choose_colonnes_attente(liste_id=liste.pk, colonnes=liste.colonnes, by=acteur)
            services.ask_application_attente(liste_id=liste.pk, by=acteur)
            services.apply_liste(liste_id=liste.pk, by=SYSTEME)
        demandes = list(Demande.objects.filter(liste=liste).order_by("deposee_le").values_list("pk", flat=True))
        for rang, demande in enumerate(demandes[: PERSONNES // 2]):
            with horloge.at(recue + timedelta(days=3 + 2 * rang, minutes=17 * rang)):
                _call(demande, rang, acteur)
        services.plan_rappel(demande_id=demandes[-1], le=now.date() + timedelta(days=4), by=acteur)


def _write_ligne(tirage: Tirage, commune: str, jour: date) -> str:
    personne = tirage.personne()
    annee, ald, visite = tirage.hasard.randrange(1936, 2004), tirage.hasard.random() < 0.3, tirage.hasard.random() < 0.1
    cases = ";".join("oui" if case else "non" for case in (ald, visite))
    return f"{personne.nom};{personne.prenom};{annee};{tirage.telephone()};{commune};{jour:%d/%m/%Y};{cases};a rappelé"


def _call(demande_id: UUID, rang: int, acteur: Acteur) -> None:
    """One in six does not agree; the others are qualified at once."""
    demande = Demande.objects.get(pk=demande_id)
    if rang % 6 == 5:
        services.refuse_accord(demande_id=demande.pk, by=acteur)
        return
    services.record_accord(demande_id=demande.pk, moyen=MoyenAccord.TELEPHONE, notice_version=NOTICE_VERSION, by=acteur)
    faits = services.FaitsSaisis(ald=demande.ald, ne_peut_se_deplacer=demande.ne_peut_se_deplacer)
    services.qualify_demande(demande_id=demande.pk, faits=faits, by=acteur)


def open_to_partner(communaute: Communaute, *, now: datetime) -> None:
    """The hospital's social service files by a link, without account."""
    cpts, tirage = communaute.cpts, Tirage(f"{communaute.cpts.slug}-partenaire")
    with use_cpts(cpts.pk):
        acteur = _find_guichet(cpts)
        partenariat = Partenariat.objects.filter(cpts=cpts, structure__type=TypeStructure.HOPITAL).first()
        if partenariat is None:
            return
        with horloge.at(now - timedelta(days=20)):
            acces = services.give_acces(
                cpts=cpts,
                structure=partenariat.structure,
                origine=Origine.HOPITAL,
                service="service social",
                mois=6,
                by=acteur,
            ).acces
        for jours in (9, 2):
            personne = tirage.personne()
            with horloge.at(now - timedelta(days=jours)):
                services.file_demande(
                    cpts=cpts,
                    identite=SaisieIdentite(nom=personne.nom, prenom=personne.prenom, telephone=tirage.telephone()),
                    commune_id=communaute.communes[0].pk,
                    annee_naissance=1948 + jours,
                    faits=services.FaitsSaisis(sortie_hopital=True),
                    origine=Origine.HOPITAL,
                    notice_version=NOTICE_VERSION,
                    cle_depot=f"demonstration-{cpts.slug}-{jours}",
                    acces_partenaire_id=acces.pk,
                    by=SYSTEME,
                )


def _find_guichet(cpts: Cpts) -> Acteur:
    """The interlocuteur social of the community."""
    membre = Membre.objects.select_related("compte", "cpts").filter(
        cpts=cpts, roles__contains=[Role.INTERLOCUTEUR_SOCIAL.value]
    )[0]
    return acteur_of_membre(membre.compte, membre, fort=True)
