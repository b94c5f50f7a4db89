"""Unscheduled care when the demonstration opens: requests in every state, appointments of the days to come, places
offered by telephone, a slot shared by a neighbour.

Everything goes through the services, as of the last moment at which such things happen: nobody asks at three in the
morning. People are fictitious.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from maillon.communaute.annuaire.enums import Profession
from maillon.communaute.annuaire.models import Professionnel
from maillon.communaute.patients.models import Patient
from maillon.communaute.sollicitations import services as sollicitations
from maillon.communaute.sollicitations.enums import EtatSollicitation
from maillon.communaute.sollicitations.models import Sollicitation
from maillon.missions.soins_non_programmes import services
from maillon.missions.soins_non_programmes.enums import (
    Besoin,
    DemiJournee,
    Modalite,
    MotifAnnulation,
    MotifRefus,
    Origine,
)
from maillon.missions.soins_non_programmes.models import GENRE, Creneau, DemandeSoin, Reglages
from maillon.regles.feries import compute_feries
from maillon.socle import horloge
from maillon.socle.comptes.models import Compte
from maillon.socle.contexte import use_cpts
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.acteur import Acteur
from maillon.socle.droits.selectors import acteur_of_compte, acteur_of_membre, get_membre

from .communautes import Communaute
from .soins_chutes import withdraw_a_day

OUVERT, FERME = time(9), time(19, 20)
SOIR, MATIN, FIN_DES_PLACES = time(20), time(10), time(17)


@dataclass(slots=True)
class Journee:
    """The community, the moment, and who acts."""

    cpts: Cpts
    moment: datetime
    medecins: dict[str, Professionnel]
    pharmacienne: Acteur
    accueil: Acteur
    regulateur: Acteur
    patients: Iterator[Patient]

    @property
    def local(self) -> datetime:
        return self.moment.astimezone(ZoneInfo(self.cpts.fuseau))

    @property
    def limite(self) -> datetime:
        """This evening, or tomorrow's when it comes too soon."""
        jour = self.local.date() + timedelta(days=self.local.hour >= 17)
        return datetime.combine(jour, SOIR, self.local.tzinfo)


def live_soins(communaute: Communaute, *, now: datetime) -> None:
    """What waits, what is given and what is offered in the community of the demonstration's main accounts."""
    cpts = communaute.cpts
    with use_cpts(cpts.pk):
        journee = Journee(
            cpts,
            find_moment(now, ZoneInfo(cpts.fuseau)),
            {medecin.nom: medecin for medecin in reversed(communaute.medecins)},
            find_acteur("ines.granjon@example.org", cpts),
            find_acteur("solene.sahin@example.org", cpts),
            find_acteur("vincent.lacroix@example.org", None),
            iter(Patient.objects.present().filter(cpts=cpts).order_by("-pk").select_related("commune")),
        )
        offer_places(journee)
        give_appointments(journee)
        withdraw_a_day(cpts, journee.accueil)
        with slow_waves(journee):
            answer_one(journee)
            leave_to_the_desk(journee)
            ask_from_the_centre_15(journee)
            ask_helene(journee)


def find_moment(now: datetime, zone: ZoneInfo) -> datetime:
    """Now by day; in the evening and at night, the end of the last day."""
    local = now.astimezone(zone)
    if OUVERT <= local.time() <= FERME:
        return now
    jour = local.date() - timedelta(days=local.time() < OUVERT)
    return datetime.combine(jour, FERME, zone)


def find_acteur(courriel: str, cpts: Cpts | None) -> Acteur:
    compte = Compte.objects.get(email=courriel)
    membre = get_membre(compte, cpts.slug) if cpts else None
    return acteur_of_membre(compte, membre, fort=True) if membre else acteur_of_compte(compte, fort=True)


def offer_places(journee: Journee) -> None:
    """« 3 places cet après-midi », said to the desk on the telephone this morning; nothing on a day off."""
    jour = journee.local.date()
    libre = jour.weekday() < 5 and jour not in compute_feries(jour, jour + timedelta(days=1), journee.cpts.departement)
    if libre and journee.local.time() < FIN_DES_PLACES:
        with horloge.at(journee.moment - timedelta(minutes=35)):
            services.open_places(
                cpts=journee.cpts,
                professionnel=journee.medecins["Chavanne"],
                places=3,
                quand=DemiJournee.APRES_MIDI,
                origine=Origine.GUICHET,
                by=journee.accueil,
            )


def find_libres(journee: Journee) -> list[Creneau]:
    """The free slots that come, one in two, two of Dr Chavanne's among the first."""
    moment = max(horloge.now(), journee.moment) + timedelta(minutes=40)
    rows = Creneau.objects.filter(cpts=journee.cpts, profession=Profession.MEDECIN, reservable=True).libres()
    rows = rows.filter(debut__gt=moment).order_by("debut")
    helene = list(rows.filter(professionnel=journee.medecins["Chavanne"])[:2])
    autres = list(rows.exclude(pk__in=[creneau.pk for creneau in helene])[1:30:2])
    return [*autres[:3], *helene, *autres[3:]]


def give_appointments(journee: Journee) -> None:
    """The free slots that come, given by each: moved, cancelled, one more person, one being chosen at this moment."""
    libres = iter(find_libres(journee))
    qui = (
        (journee.pharmacienne, Origine.PHARMACIE),
        (journee.regulateur, Origine.REGULATION),
        (journee.accueil, Origine.GUICHET),
    )
    given = []
    for rang, creneau in zip(range(7), libres, strict=False):
        by, origine = qui[rang % 3]
        with horloge.at(journee.moment - timedelta(minutes=90 - 8 * rang)):
            given.append(
                services.book(
                    creneau_id=creneau.pk,
                    patient=next(journee.patients),
                    by=by,
                    cle_depot=f"demo-jour-{rang}",
                    origine=origine,
                )
            )
    with horloge.at(journee.moment - timedelta(minutes=15)):
        services.cancel(rendez_vous=given[0], motif=MotifAnnulation.PATIENT, by=journee.pharmacienne)
        services.move(rendez_vous=given[1], vers=next(libres).pk, by=journee.regulateur)
        services.override(
            creneau_id=given[2].creneau_id,
            patient=next(journee.patients),
            motif="Accord du médecin, au téléphone",
            by=journee.accueil,
            cle_depot="demo-jour-en-plus",
            origine=Origine.GUICHET,
        )
    services.hold(
        creneau_id=next(libres).pk, by=journee.regulateur, cle_depot="demo-jour-retenu", origine=Origine.REGULATION
    )


@contextmanager
def slow_waves(journee: Journee) -> Iterator[None]:
    """The waves of the demonstration wait for its visitors until the hour wished; the settings say ten minutes."""
    reglages = Reglages.objects.filter(cpts=journee.cpts)
    kept = reglages.values_list("vague_minutes", flat=True).get()
    reglages.update(vague_minutes=int((journee.limite - journee.moment).total_seconds() // 60))
    yield
    reglages.update(vague_minutes=kept)


def file(
    journee: Journee,
    besoin: Besoin,
    profession: Profession,
    origine: Origine,
    *,
    by: Acteur,
    il_y_a: int,
    usuel: str = "",
) -> DemandeSoin:
    """A request filed some minutes ago."""
    patient = next(journee.patients)
    with horloge.at(journee.moment - timedelta(minutes=il_y_a)):
        return services.file_demande(
            cpts=journee.cpts,
            identite=None,
            patient=patient,
            saisie=services.SaisieDemande(
                besoin=besoin,
                profession=profession,
                modalite=Modalite.DOMICILE if profession == Profession.INFIRMIER else Modalite.CABINET,
                commune_id=patient.commune_id,
                avant_le=journee.limite,
                usuel_id=journee.medecins[usuel].pk if usuel else None,
            ),
            origine=origine,
            cle_depot=f"demo-jour-demande-{il_y_a}",
            by=by,
        )


def list_asked(demande: DemandeSoin) -> list[Sollicitation]:
    """Those who may answer now."""
    rows = Sollicitation.objects.of_objets(GENRE, [demande.pk]).filter(etat=EtatSollicitation.ENVOYEE)
    return list(rows.order_by("rang"))


def decline(journee: Journee, asked: Sollicitation, motif: MotifRefus, *, il_y_a: int) -> None:
    with horloge.at(journee.moment - timedelta(minutes=il_y_a)):
        sollicitations.decline(sollicitation_id=asked.pk, motif=motif, by=journee.accueil)


def answer_one(journee: Journee) -> None:
    """Asked at the pharmacy, accepted twelve minutes later, received in the next morning."""
    medecin, qui = Profession.MEDECIN, journee.pharmacienne
    demande = file(journee, Besoin.CONSULTATION, medecin, Origine.PHARMACIE, by=qui, il_y_a=75, usuel="Montagny")
    asked = [row for row in list_asked(demande) if row.professionnel_id == journee.medecins["Montagny"].pk]
    if not asked:
        return
    remi = find_acteur("remi.montagny@example.org", journee.cpts)
    with horloge.at(journee.moment - timedelta(minutes=65)):
        sollicitations.accept(sollicitation_id=asked[0].pk, by=remi)
    with horloge.at(journee.moment - timedelta(minutes=63)):
        lieu = services.take_lieux(cpts_id=journee.cpts.pk, professionnel=journee.medecins["Montagny"], by=remi)[0]
        debut = datetime.combine(find_ouvrable(journee.local.date()), MATIN, journee.local.tzinfo)
        services.give_heure(demande_id=demande.pk, lieu=lieu, debut=debut, by=remi)


def find_ouvrable(jour: date) -> date:
    """The next weekday after this one."""
    return jour + timedelta(days={4: 3, 5: 2}.get(jour.weekday(), 1))


def leave_to_the_desk(journee: Journee) -> None:
    """No physiotherapist can: the request is the desk's, the regulators', and of whoever is on duty."""
    kine = Profession.MASSEUR_KINESITHERAPEUTE
    demande = file(journee, Besoin.KINESITHERAPIE, kine, Origine.GUICHET, by=journee.accueil, il_y_a=48)
    motifs = (MotifRefus.COMPLET, MotifRefus.ABSENT, MotifRefus.COMPLET, MotifRefus.TROP_LOIN)
    rang = 0
    while asked := list_asked(demande):
        decline(journee, asked[0], motifs[rang % len(motifs)], il_y_a=46 - 2 * rang)
        rang += 1
    with horloge.at(journee.moment):
        services.ask_de_garde(demande_id=demande.pk)


def ask_from_the_centre_15(journee: Journee) -> None:
    """A nurse at home, asked by the regulator: one has declined, the others may answer."""
    demande = file(
        journee, Besoin.SOIN_INFIRMIER, Profession.INFIRMIER, Origine.REGULATION, by=journee.regulateur, il_y_a=18
    )
    if asked := list_asked(demande):
        decline(journee, asked[0], MotifRefus.COMPLET, il_y_a=11)


def ask_helene(journee: Journee) -> None:
    """Dr Chavanne, usual doctor, is asked alone and may answer."""
    qui = journee.pharmacienne
    file(journee, Besoin.CONSULTATION, Profession.MEDECIN, Origine.PHARMACIE, by=qui, il_y_a=6, usuel="Chavanne")


def book_from_next_door(communaute: Communaute, *, now: datetime) -> None:
    """The desk of Vaulx-en-Velin gives a slot that Vénissieux shares with it."""
    voisine = Cpts.objects.get(slug="vaulx-en-velin")
    with use_cpts(communaute.cpts.pk):
        creneau = (
            Creneau.objects.filter(cpts=communaute.cpts, partages__contains=[voisine.pk], debut__gt=now)
            .libres()
            .order_by("debut")
            .first()
        )
        patient = Patient.objects.present().filter(cpts=communaute.cpts).first()
    if creneau is None or patient is None:
        return
    with use_cpts(voisine.pk), horloge.at(find_moment(now, ZoneInfo(voisine.fuseau)) - timedelta(minutes=25)):
        services.book(
            creneau_id=creneau.pk,
            patient=patient,
            by=find_acteur("fatima.kaya@example.org", voisine),
            cle_depot="demo-jour-voisine",
            origine=Origine.GUICHET,
        )
