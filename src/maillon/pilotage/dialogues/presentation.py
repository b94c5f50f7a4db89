"""From rows and figures to what both sides' pages show."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from maillon.pilotage.contrats.presentation import say_valeur
from maillon.socle.ui.composants import Chiffre, Evenement, Fait, Pastille, Ton
from maillon.socle.ui.typographie import compter, format_date, format_euros, format_heure

from .chiffres import Ecart, find_proposee, read_valeur
from .enums import DISCUTABLES, Etat, Organisme, Position
from .models import Avis, CompteRendu, Decision, Dialogue, Reponse, Transmission
from .selectors import Fil

TONS: dict[Etat, Ton] = {
    Etat.PREPARE: "neutre",
    Etat.TRANSMIS: "attente",
    Etat.EN_DISCUSSION: "cours",
    Etat.TENU: "attente",
    Etat.CLOS: "bien",
}
TONS_POSITION: dict[Position, tuple[str, Ton]] = {
    Position.ACCEPTE: ("accepte", "bien"),
    Position.CONTESTE: ("conteste", "alerte"),
    Position.QUESTION: ("question", "attente"),
    Position.RETIRE: ("avis retiré", "neutre"),
}


def show_etat(dialogue: Dialogue, compte_rendu: CompteRendu | None = None) -> Pastille:
    """The state in a word; with the minutes, whether they are signed."""
    etat = Etat(dialogue.etat)
    if etat is Etat.TENU and compte_rendu is not None and compte_rendu.is_signe:
        return Pastille("tenu, compte rendu signé", "cours")
    return Pastille(etat.label, TONS[etat])


@dataclass(frozen=True, slots=True)
class AvisLu:
    """One opinion with its answers, as both sides read it."""

    avis: Avis
    qui: str
    etat: Pastille
    valeur: str
    reponses: list[tuple[Reponse, str]]


@dataclass(frozen=True, slots=True)
class FilLu:
    """One indicator: value, euros, each party's opinion now, and the thread."""

    fil: Fil
    valeur: str
    brute: str
    transmise: str
    constate: str
    constate_euros: Decimal
    a_confirmer: Decimal
    etats: list[Pastille]
    lus: list[AvisLu]
    ouvert: bool

    @property
    def id(self) -> str:
        return self.fil.indicateur["id"]

    @property
    def indicateur(self) -> dict[str, Any]:
        return self.fil.indicateur

    @property
    def attendus(self) -> str:
        """Those who certify it and have said nothing yet: « la CPAM et l’ARS »."""
        return " et ".join(o.avec_article for o in self.fil.certificateurs if o not in self.fil.derniers)

    @property
    def acceptants(self) -> list[Organisme]:
        """Who holds the value put forward now as accepted."""
        return [o for o in self.fil.holding(Position.ACCEPTE) if self.fil.derniers[o].valeur == self.fil.proposee]

    @property
    def opposants(self) -> list[Organisme]:
        return self.fil.holding(Position.CONTESTE) + self.fil.holding(Position.QUESTION)

    @property
    def dernier(self) -> AvisLu | None:
        """The last opinion that waits for an answer, or could be given one."""
        return next((lu for lu in reversed(self.lus) if lu.avis.position != Position.RETIRE), None)


def show_fil(fil: Fil, *, ouvert: bool = False) -> FilLu:
    indicateur, unite = fil.indicateur, fil.indicateur["unite"]
    transmise = find_proposee(indicateur)
    return FilLu(
        fil=fil,
        valeur=say_valeur(fil.proposee, unite),
        brute="" if fil.proposee is None else f"{fil.proposee.normalize():f}",
        transmise=say_valeur(transmise, unite) if transmise != fil.proposee else "",
        constate=say_valeur(read_valeur(indicateur["constate"]), unite) if indicateur["constate"] else "",
        constate_euros=Decimal(indicateur["montants"]["constate"]),
        a_confirmer=Decimal(indicateur["montants"]["a_confirmer"]),
        etats=[
            _show_position(organisme, fil.derniers[organisme]) for organisme in Organisme if organisme in fil.derniers
        ],
        lus=[_show_avis(avis, unite) for avis in fil.avis],
        ouvert=ouvert or fil.attend_reponse or fil.is_conteste,
    )


def _show_position(organisme: Organisme, avis: Avis) -> Pastille:
    mot, ton = TONS_POSITION[Position(avis.position)]
    return Pastille(f"{organisme.label} : {mot}", ton)


def _show_avis(avis: Avis, unite: str) -> AvisLu:
    organisme, position = Organisme(avis.organisme), Position(avis.position)
    return AvisLu(
        avis=avis,
        qui=f"{organisme.avec_article[0].upper()}{organisme.avec_article[1:]} {position.label}",
        etat=_show_position(organisme, avis),
        valeur="" if avis.valeur is None else say_valeur(avis.valeur, unite),
        reponses=[
            (r, "" if r.valeur_corrigee is None else say_valeur(r.valeur_corrigee, unite)) for r in avis.reponses.all()
        ],
    )


@dataclass(frozen=True, slots=True)
class MissionLue:
    """The indicators of one mission; `acceptables` is how many the reader may accept at once."""

    code: str
    libelle: str
    fils: list[FilLu]
    acceptables: int = 0

    @property
    def enjeu(self) -> Decimal:
        return sum((lu.fil.enjeu for lu in self.fils), Decimal(0))


def group_missions(
    fils: Iterable[Fil], *, ouverts: Collection[str] = (), acceptables: Collection[Fil] = ()
) -> list[MissionLue]:
    """Threads by mission, in the order of the contract."""
    missions: dict[str, MissionLue] = {}
    comptes = Counter(fil.indicateur["mission"] for fil in acceptables)
    for fil in fils:
        code = fil.indicateur["mission"]
        mission = missions.setdefault(
            code, MissionLue(code, fil.indicateur["mission_libelle"], [], acceptables=comptes[code])
        )
        mission.fils.append(show_fil(fil, ouvert=fil.indicateur["id"] in ouverts))
    return list(missions.values())


def say_contestes(fils: Sequence[Fil]) -> str:
    """« La CPAM conteste 1 indicateur (3 000 €). »; empty when nothing is contested."""
    phrases = []
    for organisme in Organisme:
        siens = [fil for fil in fils if organisme in fil.holding(Position.CONTESTE)]
        if siens:
            qui = f"{organisme.avec_article[0].upper()}{organisme.avec_article[1:]}"
            euros = format_euros(sum((fil.enjeu for fil in siens), Decimal(0)))
            phrases.append(f"{qui} conteste {compter(len(siens), 'indicateur')} ({euros}).")
    return " ".join(phrases)


def build_chiffres(fils: Sequence[Fil]) -> list[Chiffre]:
    """Where the discussion stands, in euros and in indicators."""
    constate = sum((Decimal(f.indicateur["montants"]["constate"]) for f in fils), Decimal(0))
    a_confirmer = sum((Decimal(f.indicateur["montants"]["a_confirmer"]) for f in fils), Decimal(0))
    contestes = [fil for fil in fils if fil.is_conteste]
    acceptes = [fil for fil in fils if set(fil.certificateurs) <= set(fil.holding(Position.ACCEPTE))]
    return [
        Chiffre("Constaté", constate, "€", source="Certifié avant ce dialogue"),
        Chiffre("À confirmer", a_confirmer, "€", source="Prévu d’après les actes et les déclarations"),
        Chiffre(
            "Contesté",
            sum((fil.enjeu for fil in contestes), Decimal(0)),
            "€",
            source=compter(len(contestes), "indicateur"),
        ),
        Chiffre(
            "Acceptés",
            len(acceptes),
            "indicateur" if len(acceptes) < 2 else "indicateurs",
            cible=f"sur {len(fils)}",
            realise=len(acceptes) / len(fils) if fils else None,
            source="Par ceux qui les certifient",
        ),
    ]


def say_rendez_vous(dialogue: Dialogue) -> str:
    """« jeudi 3 décembre à 14 h, CPAM de la Loire »; empty while nothing is planned."""
    if dialogue.prevu_le is None:
        return ""
    quand = format_date(dialogue.prevu_le)
    if dialogue.heure:
        quand += f" à {format_heure(dialogue.heure)}"
    ou = dialogue.lieu or ("visioconférence" if dialogue.visio else "")
    return f"{quand}, {ou}" if ou else quand


def build_faits(dialogue: Dialogue, transmission: Transmission | None, compte_rendu: CompteRendu | None) -> list[Fait]:
    """When, where, on which figures."""
    faits = [Fait("Dialogue", f"{dialogue.get_rang_display()}, année {dialogue.annee} du contrat")]
    if dialogue.tenu_le:
        faits.append(Fait("Tenu le", format_date(dialogue.tenu_le), dialogue.lieu))
    else:
        faits.append(Fait("Prévu", say_rendez_vous(dialogue) or "date à fixer"))
    if dialogue.visio and dialogue.etat in (Etat.PREPARE, *DISCUTABLES):
        faits.append(Fait("Visioconférence", "Ouvrir le lien", url=dialogue.visio))
    if transmission:
        faits.append(
            Fait(
                "Chiffres", f"au {format_date(transmission.arrete.fin, jour=False)}", "les mêmes pour les trois parties"
            )
        )
    if compte_rendu and compte_rendu.is_signe:
        faits.append(Fait("Compte rendu", "signé", _say_signatures(compte_rendu)))
    return faits


def _say_signatures(compte_rendu: CompteRendu) -> str:
    dates = (
        ("la communauté", compte_rendu.signe_cpts_le),
        ("la CPAM", compte_rendu.signe_cpam_le),
        ("l’ARS", compte_rendu.signe_ars_le),
    )
    return ", ".join(f"{qui} le {jour:%d/%m/%Y}" for qui, jour in dates if jour)


def build_frise(
    dialogue: Dialogue,
    transmissions: Iterable[Transmission],
    fils: Sequence[Fil],
    decisions: Iterable[Decision],
    compte_rendu: CompteRendu | None,
) -> list[Evenement]:
    """What happened, in order: transmissions, contests and questions, answers, decisions, meeting, closing."""
    evenements = [
        Evenement(t.le, "Chiffres transmis", "la communauté", f"au {t.arrete.fin:%d/%m/%Y}", "cours", "send")
        for t in transmissions
    ]
    accepts: dict[tuple[datetime, str], list[datetime]] = defaultdict(list)
    for fil in fils:
        libelle = fil.indicateur["libelle"]
        for avis in fil.avis:
            organisme = Organisme(avis.organisme)
            if avis.position == Position.ACCEPTE:
                accepts[avis.le.replace(second=0, microsecond=0), organisme.avec_article].append(avis.le)
                continue
            mot, ton = TONS_POSITION[Position(avis.position)]
            evenements.append(
                Evenement(avis.le, f"{libelle} : {mot}", organisme.avec_article, "", ton, url=f"#ind-{fil.id}")
            )
        evenements += [
            Evenement(r.le, f"{libelle} : réponse", "la communauté", "", "cours", "message", f"#ind-{fil.id}")
            for r in fil.reponses
        ]
    evenements += [
        Evenement(max(moments), compter(len(moments), "indicateur accepté", "indicateurs acceptés"), qui, "", "bien")
        for (_, qui), moments in accepts.items()
    ]
    evenements += [Evenement(d.cree_le, f"Décidé : {d.libelle}", "", "", "cours", "checks") for d in decisions]
    return sorted(evenements, key=lambda e: e.quand) + _build_fin(dialogue, compte_rendu)


def _build_fin(dialogue: Dialogue, compte_rendu: CompteRendu | None) -> list[Evenement]:
    fin = []
    if dialogue.tenu_le:
        fin.append(Evenement(dialogue.tenu_le, "Dialogue tenu", "", dialogue.lieu, "bien", "users"))
    if compte_rendu and compte_rendu.signe_cpts_le:
        fin.append(Evenement(compte_rendu.signe_cpts_le, "Compte rendu signé", "", "", "bien", "signature"))
    if dialogue.clos_le:
        fin.append(Evenement(dialogue.clos_le, "Dialogue clos", "la communauté", "", "bien"))
    return fin


def show_ecarts(ecarts: Iterable[Ecart]) -> list[dict[str, Any]]:
    """What changed since the transmission, said in values and euros."""
    return [
        {
            "libelle": ecart.indicateur["libelle"],
            "avant": say_valeur(ecart.avant, ecart.indicateur["unite"]),
            "apres": say_valeur(ecart.apres, ecart.indicateur["unite"]),
            "euros_avant": ecart.euros_avant,
            "euros_apres": ecart.euros_apres,
        }
        for ecart in ecarts
    ]
