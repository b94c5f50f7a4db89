"""From a community's life to the components that pages show."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from maillon.regles.aci.cycle import Echeance, EtatEcheance, add_months
from maillon.socle.ui.composants import Etape as EtapePage
from maillon.socle.ui.composants import Evenement, Fait, Pastille, Ton
from maillon.socle.ui.typographie import MOIS, compter, format_date, format_delai, format_euros

from .agenda import EvenementAgenda
from .enums import Etape, NatureJalon, Partie
from .enums import EtatEcheance as Etat
from .models import EcheanceSuivie, Jalon
from .selectors import Vie

MOIS_DU_CALENDRIER = 18
PASTILLES: dict[str, Pastille] = {
    Etat.TENUE: Pastille("faite", "bien"),
    Etat.A_VENIR: Pastille("à venir", "neutre", "calendar-event"),
    Etat.PROCHE: Pastille("proche", "attente"),
    Etat.DEPASSEE: Pastille("dépassée", "alerte"),
}
# The steps shown above the page, and which is under way once a step is reached.
ETAPES = (
    "Lettre d’intention",
    "Projet de santé",
    "Validation",
    "Contrat",
    "Démarrage",
    "Déploiement",
    "Jusqu’au terme",
)
COURANTE = {
    Etape.PREPARATION: 1,
    Etape.LETTRE: 2,
    Etape.PROJET_DEPOSE: 3,
    Etape.PROJET_VALIDE: 4,
    Etape.SIGNE: 5,
    Etape.DEMARRE: 6,
    Etape.DEPLOYE: 7,
    Etape.TERMINE: 7,
}
TONS: dict[str, Ton] = {NatureJalon.OPPOSITION: "alerte", NatureJalon.RESILIATION: "alerte"}
ICONES = {
    NatureJalon.LETTRE: "mail",
    NatureJalon.AIDE: "coin-euro",
    NatureJalon.DEPOT: "file-text",
    NatureJalon.DEPOT_REVISE: "file-text",
    NatureJalon.ACI: "signature",
    NatureJalon.AVENANT: "signature",
    NatureJalon.RENOUVELLEMENT: "signature",
    NatureJalon.DIALOGUE: "messages",
    NatureJalon.DOCUMENT: "file-check",
}


def build_etapes() -> list[EtapePage]:
    """The steps of every community's life."""
    return [EtapePage(libelle) for libelle in ETAPES]


def get_courante(etape: str) -> int:
    """Which of `ETAPES` is under way, from 1."""
    return COURANTE[Etape(etape)]


def say_etape(vie: Vie) -> str:
    """Where the community is, and since when."""
    mots = str(Etape(vie.etape.etape).label)
    depuis = f" depuis le {vie.etape.depuis:%d/%m/%Y}" if vie.etape.depuis else ""
    return f"{mots[0].upper()}{mots[1:]}{depuis}."


def say_suite(vie: Vie) -> str:
    """What comes next, or what is late, in a sentence."""
    if vie.depassees:
        premiere = vie.depassees[0]
        autres = f", et {compter(len(vie.depassees) - 1, 'autre')}" if len(vie.depassees) > 1 else ""
        return f"En retard : {premiere.libelle[0].lower()}{premiere.libelle[1:]} le {premiere.le:%d/%m/%Y}{autres}."
    if vie.prochaine is None:
        return "Aucune échéance n’est ouverte."
    return f"Prochaine échéance {format_delai(vie.prochaine.le, today=vie.on)} : {vie.prochaine.libelle}."


def build_frise(vie: Vie, slug: str) -> list[Evenement]:
    """What happened, the newest first; each line says where its date comes from."""
    lignes = [_evenement(jalon, slug) for jalon in vie.jalons]
    sources = {(e.quand, e.titre) for e in lignes}
    for quand, titre, origine, url in _du_contrat(vie, slug):
        if (quand, titre) not in sources:
            lignes.append(Evenement(quand, titre, qui=origine, ton="bien", icone="signature", url=url))
    tacite = vie.validation_le
    if tacite is not None and vie.faits.projet_valide_le is None:
        texte = "L’ARS n’a pas fait opposition dans le délai."
        lignes.append(Evenement(tacite, "Projet de santé réputé validé", "calculé par Maillon", texte, "bien"))
    return sorted(lignes, key=lambda e: e.quand, reverse=True)


def _evenement(jalon: Jalon, slug: str) -> Evenement:
    details = [
        format_euros(jalon.montant) if jalon.montant is not None else "",
        f"valable jusqu’au {jalon.jusqu_a:%d/%m/%Y}" if jalon.jusqu_a else "",
        jalon.note,
        "Document joint." if jalon.document else "",
    ]
    return Evenement(
        jalon.le,
        jalon.titre,
        qui=f"acte de {jalon.get_organisme_display()}, enregistré ici",
        texte=" ".join(detail for detail in details if detail),
        ton=TONS.get(jalon.nature, "bien"),
        icone=ICONES.get(NatureJalon(jalon.nature), ""),
        url=reverse("cycle:jalon", args=[slug, jalon.pk]),
    )


def _du_contrat(vie: Vie, slug: str) -> Iterable[tuple[date, str, str, str]]:
    """What the contract itself says: its signature, when no milestone does, and its missions."""
    if vie.contrat is None:
        return
    origine, url = "date du contrat saisi", reverse("pilotage:contrat", args=[slug])
    if vie.find(NatureJalon.ACI) is None and vie.find(NatureJalon.RENOUVELLEMENT) is None:
        yield vie.contrat.signe_le, "Contrat signé", origine, url
    signes = {jalon.le for jalon in vie.du_cycle if jalon.nature == NatureJalon.AVENANT}
    for avenant in vie.avenants:
        if avenant.signe_le not in signes:
            yield avenant.signe_le, f"Avenant n° {avenant.numero} signé : {avenant.objet}", origine, url
    for verbe, attribut in (("démarrées", "debut"), ("déployées", "deployee_le")):
        jours: dict[date, list[str]] = {}
        for mission, fait in vie.faits.missions.items():
            if (jour := getattr(fait, attribut)) is not None:
                jours.setdefault(jour, []).append(mission.libelle)
        for jour, noms in jours.items():
            pluriel = "Missions" if len(noms) > 1 else "Mission"
            yield jour, f"{pluriel} {verbe if len(noms) > 1 else verbe[:-1]} : {', '.join(noms)}", origine, url


@dataclass(frozen=True, slots=True)
class LigneEcheance:
    """A deadline as a table shows it."""

    libelle: str
    le: date
    delai: str
    etat: Pastille
    regle: str
    source: str
    a_confirmer: bool
    fait: str


def show_echeance(echeance: Echeance | EcheanceSuivie, *, on: date) -> LigneEcheance:
    """A computed deadline, or a published one."""
    fait = ""
    if echeance.fait_le is not None:
        retard = (echeance.fait_le - echeance.le).days
        fait = f"le {echeance.fait_le:%d/%m/%Y}"
        if retard > 0:
            fait += f", {compter(retard, 'jour')} après la date"
        elif retard < 0:
            fait += f", avant le {echeance.le:%d/%m/%Y}"
    elif echeance.etat == EtatEcheance.TENUE:
        fait = "jour non précisé"
    return LigneEcheance(
        libelle=echeance.libelle,
        le=echeance.le,
        delai="" if echeance.etat == EtatEcheance.TENUE else format_delai(echeance.le, today=on),
        etat=PASTILLES[echeance.etat],
        regle=echeance.regle,
        source=echeance.source,
        a_confirmer=echeance.a_confirmer,
        fait=fait,
    )


@dataclass(frozen=True, slots=True)
class Mois:
    """A month of the calendar and what falls in it."""

    titre: str
    lignes: list[LigneEcheance]


def split_echeances(echeances: Sequence[Echeance], *, on: date) -> tuple[list[LigneEcheance], list[LigneEcheance]]:
    """The deadlines of the calendar's months, and those that come later."""
    limite = add_months(on.replace(day=1), MOIS_DU_CALENDRIER)
    return (
        [show_echeance(e, on=on) for e in echeances if e.le < limite],
        [show_echeance(e, on=on) for e in echeances if e.le >= limite],
    )


def build_calendrier(echeances: Sequence[Echeance], *, on: date) -> list[Mois]:
    """The next eighteen months, the present one first; met deadlines are left out."""
    premier = on.replace(day=1)
    mois = []
    for rang in range(MOIS_DU_CALENDRIER):
        debut = add_months(premier, rang)
        siennes = [
            show_echeance(e, on=on)
            for e in echeances
            if e.etat is not EtatEcheance.TENUE and (e.le.year, e.le.month) == (debut.year, debut.month)
        ]
        mois.append(Mois(f"{MOIS[debut.month - 1]} {debut.year}", siennes))
    return mois


def build_faits_jalon(jalon: Jalon, *, fichier_url: str) -> list[Fait]:
    """The sheet of a milestone."""
    faits = [
        Fait("Date", format_date(jalon.le), "date enregistrée ici par la communauté"),
        Fait("Acte de", jalon.get_organisme_display()),
    ]
    if jalon.montant is not None:
        faits.append(Fait("Montant", format_euros(jalon.montant)))
    if jalon.jusqu_a is not None:
        faits.append(Fait("Valable jusqu’au", format_date(jalon.jusqu_a)))
    if jalon.note:
        faits.append(Fait("Note", jalon.note))
    if jalon.document is not None:
        note = f"SHA-256 : {jalon.document.empreinte}"
        faits.append(Fait("Document", jalon.document.nom, note, fichier_url))
    else:
        faits.append(Fait("Document", "aucun", "Joignez-le en corrigeant ce fait."))
    return faits


def list_manquantes(jalon: Jalon) -> list[str]:
    """The parties whose signatory is not recorded."""
    presentes = {signature.partie for signature in jalon.signatures.all()}
    return [str(partie.label) for partie in Partie if partie.value not in presentes]


def build_agenda(
    echeances: Iterable[Echeance | EcheanceSuivie], *, cle: str, nom: str, url: str
) -> list[EvenementAgenda]:
    """Open deadlines for a calendar; `cle` names the community, so that two calendars never share an identifier."""
    return [
        EvenementAgenda(
            uid=f"{echeance.code}.{cle}@maillon",
            le=echeance.le,
            titre=f"{echeance.libelle} ({nom})",
            texte=f"{echeance.regle} Source : {echeance.source}." + (" À confirmer." if echeance.a_confirmer else ""),
            url=url,
        )
        for echeance in echeances
        if echeance.etat != EtatEcheance.TENUE
    ]
