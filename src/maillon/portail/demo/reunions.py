"""Meetings of the demonstration: a board held with its votes, an assembly convoked, a poll under way, a commission to
come, quality circles held. People and texts are invented."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils import timezone

from maillon.communaute.personnes.enums import GenreGroupe, Instance
from maillon.communaute.personnes.models import Appartenance, Groupe, Personne
from maillon.communaute.personnes.services import join_groupe
from maillon.communaute.reunions import services
from maillon.communaute.reunions.donnees import DonneesPoint, DonneesReunion
from maillon.communaute.reunions.enums import (
    Choix,
    ChoixVote,
    Etat,
    Invites,
    Majorite,
    ModeVote,
    Presence,
    PreuvePouvoir,
    PreuvePresence,
    Reponse,
    TypeReunion,
)
from maillon.communaute.reunions.models import Participation, Resolution, Reunion, Sondage
from maillon.communaute.reunions.selectors import list_bulletins
from maillon.socle import horloge
from maillon.socle.contexte import use_cpts
from maillon.socle.droits.acteur import SYSTEME, Acteur
from maillon.socle.droits.enums import Role
from maillon.socle.droits.models import Membre
from maillon.socle.droits.selectors import acteur_of_membre

from .communautes import Communaute

SALLE = "Maison des associations, salle 2, Saint-Étienne"
CERCLES = ("Antibiotiques : nos prescriptions", "Ordonnances de sortie", "Benzodiazépines du sujet âgé")


def hold_reunions(communaute: Communaute, *, now: datetime) -> None:
    """The meetings of one community, seen from its coordination."""
    with use_cpts(communaute.cpts.pk):
        Secretariat(communaute, now).play()


class Secretariat:
    """Whoever keeps the meetings of a community."""

    def __init__(self, communaute: Communaute, now: datetime) -> None:
        self.cpts = communaute.cpts
        self.now = now
        membre = Membre.objects.filter(cpts=self.cpts, roles__contains=[Role.COORDINATION.value]).first()
        self.by: Acteur = acteur_of_membre(membre.compte, membre, fort=True) if membre else SYSTEME
        gens = Personne.objects.filter(cpts=self.cpts)
        # Those who have an account first: one sees the demonstration through their eyes.
        self.comptes = list(gens.filter(membre__isnull=False, professionnel__isnull=False).order_by("membre"))
        self.coordination = gens.filter(membre=membre).first()
        self.autres = list(gens.filter(membre=None).order_by("pk")[:40])

    def play(self) -> None:
        ca = self._keep_groupe("Conseil d’administration", GenreGroupe.INSTANCE, self.comptes[:4] + self.autres[:7])
        commission = self._keep_groupe(
            "Commission médecin traitant", GenreGroupe.COMMISSION, self.comptes[:3] + self.autres[7:13], "acces"
        )
        prevention = self._keep_groupe(
            "Groupe prévention", GenreGroupe.GROUPE_TRAVAIL, self.comptes[1:3] + self.autres[13:19], "prevention"
        )
        cercle = self._keep_groupe(
            "Cercle de qualité", GenreGroupe.CERCLE_QUALITE, self.comptes[:4] + self.autres[18:32], "qualite"
        )
        self._hold_ca(ca)
        self._prepare_ca(ca)
        self._convoke_ag()
        self._convoke_commission(commission)
        self._ask_dates(prevention)
        for rang, titre in enumerate(CERCLES):
            self._hold_cercle(cercle, titre, jours=150 - 45 * rang)

    def _keep_groupe(self, nom: str, genre: GenreGroupe, gens: Sequence[Personne], mission: str = "") -> Groupe:
        groupe, made = Groupe.objects.get_or_create(
            cpts=self.cpts,
            nom=nom,
            ferme_le=None,
            defaults={
                "genre": genre,
                "mission": mission,
                "instance": Instance.CA if genre == GenreGroupe.INSTANCE else "",
            },
        )
        if made:
            depuis = (self.now - timedelta(days=380)).date()
            join_groupe(groupe=groupe, personne=gens[0], depuis=depuis, responsable=True, by=self.by)
            Appartenance.objects.bulk_create(
                Appartenance(cpts=self.cpts, groupe=groupe, personne=one, depuis=depuis) for one in gens[1:]
            )
        return groupe

    def _at(self, jours: int, heure: int = 18) -> datetime:
        """That hour, that many days from now; never on a week-end."""
        le = timezone.localtime(self.now + timedelta(days=jours)).replace(
            hour=heure, minute=30, second=0, microsecond=0
        )
        return le + timedelta(days=(7 - le.weekday()) % 7 if le.weekday() >= 5 else 0)

    def _create(
        self,
        type_reunion: TypeReunion,
        titre: str,
        *,
        debut: datetime | None,
        groupe: Groupe | None = None,
        points: Sequence[DonneesPoint] = (),
        **champs: str,
    ) -> Reunion:
        donnees = DonneesReunion(
            type=type_reunion,
            titre=titre,
            groupe=groupe,
            debut=debut,
            fin=debut + timedelta(hours=2) if debut else None,
            lieu=SALLE,
            mission=champs.get("mission", groupe.mission if groupe else ""),
            indicateur=champs.get("indicateur", ""),
        )
        invites = Invites.GROUPE if groupe else Invites.MEMBRES
        reunion = services.create_reunion(cpts_id=self.cpts.pk, donnees=donnees, invites=invites, by=self.by)
        for point in points:
            services.save_point(reunion_id=reunion.pk, donnees=point, by=self.by)
        return reunion

    def _convoke(self, reunion: Reunion, le: datetime) -> list[Participation]:
        """Convoked that day, everybody told; by name."""
        with horloge.at(le):
            services.convoke_reunion(reunion_id=reunion.pk, by=self.by)
        reunion.participations.update(convoquee_le=le)
        return list(reunion.participations.select_related("personne").order_by("pk"))

    def _answer(self, gens: Sequence[Participation], reponse: Reponse, le: datetime) -> None:
        Participation.objects.filter(pk__in=[one.pk for one in gens]).update(reponse=reponse, repondu_le=le)

    def _give(self, mandant: Participation, mandataire: Participation, le: datetime) -> None:
        with horloge.at(le):
            services.give_pouvoir(
                mandant_id=mandant.pk, mandataire_id=mandataire.pk, preuve=PreuvePouvoir.LIEN, by=self.by
            )

    def _hold_ca(self, ca: Groupe) -> None:
        """Eleven administrators, seven present and one represented: the quorum of six; three votes."""
        debut = self._at(-24)
        points = (
            DonneesPoint("Approbation du compte rendu précédent", minutes=5),
            DonneesPoint("Budget de l’année 4", orateur="la trésorière", minutes=40),
            DonneesPoint("Élection à la commission médecin traitant", minutes=20),
        )
        with horloge.at(debut - timedelta(days=20)):
            reunion = self._create(TypeReunion.CA, "Conseil d’administration", debut=debut, groupe=ca, points=points)
        gens = self._convoke(reunion, debut - timedelta(days=15))
        self._answer(gens[:7], Reponse.OUI, debut - timedelta(days=9))
        self._give(gens[8], gens[0], debut - timedelta(days=3))
        for one in gens[:7]:
            one.presence, one.preuve, one.present_le = Presence.PRESENT, PreuvePresence.TABLETTE, debut
            one.save(update_fields=["presence", "preuve", "present_le"])
        with horloge.at(debut + timedelta(minutes=40)):
            self._vote(reunion, gens[:7])
        Reunion.objects.filter(pk=reunion.pk).update(etat=Etat.TENUE)

    def _vote(self, reunion: Reunion, presents: Sequence[Participation]) -> None:
        def put(titre: str, mode: ModeVote, majorite: Majorite = Majorite.SIMPLE) -> Resolution:
            return services.save_resolution(
                reunion_id=reunion.pk, titre=titre, texte="", mode=mode, majorite=majorite, by=self.by
            )

        levee = put("Approuver le compte rendu de la séance précédente", ModeVote.MAIN_LEVEE)
        services.count_main_levee(resolution_id=levee.pk, pour=8, contre=0, abstention=0, by=self.by)
        nominatif = put("Adopter le budget de l’année 4", ModeVote.NOMINATIF, Majorite.ABSOLUE)
        secret = put("Élire la référente de la commission médecin traitant", ModeVote.SECRET)
        for resolution, contre in ((nominatif, 2), (secret, 1)):
            services.open_vote(resolution_id=resolution.pk, by=self.by)
            for rang, one in enumerate(presents):
                choix = ChoixVote.CONTRE if rang > len(presents) - 1 - contre else ChoixVote.POUR
                if list_bulletins(one):
                    services.cast_voix(resolution_id=resolution.pk, participation_id=one.pk, choix=choix, by=self.by)
            services.close_vote(resolution_id=resolution.pk, by=self.by)

    def _prepare_ca(self, ca: Groupe) -> None:
        """The next one, to be convoked within days."""
        points = (DonneesPoint("Suites du dialogue de gestion", minutes=30), DonneesPoint("Calendrier du semestre"))
        self._create(TypeReunion.CA, "Conseil d’administration", debut=self._at(18), groupe=ca, points=points)

    def _convoke_ag(self) -> None:
        points = (
            DonneesPoint("Rapport moral", orateur="le président", minutes=20),
            DonneesPoint("Rapport d’activité", orateur="la coordinatrice", minutes=30),
            DonneesPoint("Approbation des comptes", orateur="la trésorière", minutes=20),
            DonneesPoint("Renouvellement du conseil d’administration", minutes=30),
        )
        reunion = self._create(TypeReunion.AG, "Assemblée générale annuelle", debut=self._at(26, 19), points=points)
        le = self.now - timedelta(days=4)
        gens = self._convoke(reunion, le)
        demain = le + timedelta(days=1)
        self._answer(gens[:22], Reponse.OUI, demain)
        self._answer(gens[22:30], Reponse.NON, demain)
        self._answer(gens[30:33], Reponse.PEUT_ETRE, demain)
        for rang, mandant in enumerate(gens[23:28]):
            self._give(mandant, gens[rang % 3], demain)
        for titre in ("Approuver les comptes de l’exercice", "Donner quitus au conseil d’administration"):
            services.save_resolution(
                reunion_id=reunion.pk,
                titre=titre,
                texte="",
                mode=ModeVote.NOMINATIF,
                majorite=Majorite.SIMPLE,
                by=self.by,
            )

    def _convoke_commission(self, commission: Groupe) -> None:
        points = (
            DonneesPoint("Demandes sans médecin depuis plus de 30 jours", minutes=30),
            DonneesPoint("Places offertes au printemps", minutes=20),
        )
        reunion = self._create(
            TypeReunion.COMMISSION,
            "Commission médecin traitant",
            debut=self._at(4, 12),
            groupe=commission,
            points=points,
        )
        if self.coordination:
            services.add_personnes(reunion, [self.coordination])
        gens = self._convoke(reunion, self.now - timedelta(days=9))
        self._answer(gens[1:5], Reponse.OUI, self.now - timedelta(days=6))
        self._answer(gens[5:6], Reponse.NON, self.now - timedelta(days=5))

    def _ask_dates(self, prevention: Groupe) -> None:
        """Four dates, six answers of eight; one person without whom it makes no sense."""
        reunion = self._create(
            TypeReunion.GROUPE_TRAVAIL,
            "Préparer Mars bleu",
            debut=None,
            groupe=prevention,
            indicateur="prev-colorectal",
        )
        creneaux = [(self._at(jours, heure), self._at(jours, heure) + timedelta(hours=2))
                    for jours, heure in ((15, 12), (16, 18), (22, 12), (23, 18))]  # fmt: skip
        sondage = services.save_creneaux(
            reunion_id=reunion.pk,
            creneaux=creneaux,
            repondre_avant=(self.now + timedelta(days=5)).date(),
            by=self.by,
        )
        services.send_sondage(reunion_id=reunion.pk, by=self.by)
        Sondage.objects.filter(pk=sondage.pk).update(envoye_le=self.now - timedelta(days=3))
        gens = list(reunion.participations.order_by("pk"))
        services.set_requise(participation_id=gens[0].pk, requise=True, by=self.by)
        dits = ("oui non oui si_besoin", "oui oui non non", "non oui oui oui", "si_besoin non oui oui",
                "oui non oui non", "non si_besoin oui oui")  # fmt: skip
        for one, dit in zip(gens, dits, strict=False):
            choix = {c.pk: Choix(mot) for c, mot in zip(sondage.creneaux.all(), dit.split(), strict=True)}
            services.answer_sondage(participation_id=one.pk, choix=choix, by=self.by)

    def _hold_cercle(self, cercle: Groupe, titre: str, *, jours: int) -> None:
        debut = self._at(-jours, 20)
        with horloge.at(debut - timedelta(days=20)):
            reunion = self._create(
                TypeReunion.CERCLE_QUALITE, titre, debut=debut, groupe=cercle, indicateur="qua-cercles"
            )
        Reunion.objects.filter(pk=reunion.pk).update(etat=Etat.TENUE, convoquee_le=debut - timedelta(days=15))
        Participation.objects.filter(reunion=reunion).update(
            convoquee_le=debut - timedelta(days=15), reponse=Reponse.OUI, repondu_le=debut - timedelta(days=9)
        )
