"""From the lines that came and those that went to what happened, and to its history."""

# ruff: noqa: S608 - names of our own tables and columns, never a value

from dataclasses import dataclass
from uuid import UUID

from django.db.backends.utils import CursorWrapper

from .colonnes import Forme


@dataclass(slots=True)
class Bilan:
    """What one file did to its table; how long its lines, then the indexes of a first load, took."""

    nom: str
    genre: str
    lignes: int = 0
    ajoutees: int = 0
    modifiees: int = 0
    terminees: int = 0
    inchangees: int = 0
    refusees: int = 0
    empreinte: str = ""
    copie_s: float = 0.0
    index_s: float = 0.0

    @property
    def changes(self) -> int:
        return self.ajoutees + self.modifiees + self.terminees


class Difference:
    """From the lines that came and went to what happened: same content, changed, ended, added."""

    def __init__(self, cursor: CursorWrapper, forme: Forme, arrivee: str) -> None:
        self.cursor, self.forme, self.arrivee = cursor, forme, arrivee

    def apply(self, bilan: Bilan, importe: UUID) -> set[str]:
        """Write the difference and its history; returns the RPPS numbers of known professionals that it touches."""
        self.cursor.execute(f"ANALYZE {self.arrivee}; ANALYZE partie")
        self._pair()
        self.cursor.execute(
            "SELECT count(*) FILTER (WHERE ancienne IS NULL), count(*) FILTER (WHERE nouvelle IS NULL),"
            " count(*) FILTER (WHERE ancienne IS NOT NULL AND nouvelle IS NOT NULL AND NOT memes) FROM paire"
        )
        bilan.ajoutees, bilan.terminees, bilan.modifiees = self.cursor.fetchone()
        self._keep_history(importe)
        touches = self._list_touches()
        self._write()
        return touches

    def _pair(self) -> None:
        """Each line that went beside the one that replaces it: of the same content, or of the same activity."""
        table, arrivee = self.forme.table, self.arrivee

        def ranked(source: str, champs: tuple[str, ...]) -> str:
            # Compared by a fingerprint: sorting forty texts by the rules of a language would take longer than all else.
            cle = f'hashtextextended(ROW({", ".join(champs)})::text COLLATE "C", 0)'
            return f"SELECT empreinte, {cle} AS cle, row_number() OVER (PARTITION BY {cle}) AS rang FROM {source}"

        parties = f"{table} JOIN partie USING (empreinte)"
        contenu, cle = self.forme.champs[1:], self.forme.cle
        self.cursor.execute(f"""
            CREATE TEMP TABLE arrivees ON COMMIT DROP AS
                SELECT DISTINCT ON (empreinte) * FROM {arrivee};
            CREATE TEMP TABLE paire ON COMMIT DROP AS
                SELECT a.empreinte AS ancienne, b.empreinte AS nouvelle, true AS memes
                FROM ({ranked(parties, contenu)}) a JOIN ({ranked("arrivees", contenu)}) b USING (cle, rang);
            INSERT INTO paire
                SELECT a.empreinte, b.empreinte, false
                FROM ({ranked(f"{parties} WHERE empreinte NOT IN (SELECT ancienne FROM paire)", cle)}) a
                FULL JOIN (
                    {ranked("arrivees WHERE empreinte NOT IN (SELECT nouvelle FROM paire)", cle)}
                ) b USING (cle, rang);
            ANALYZE paire
        """)

    def _keep_history(self, importe: UUID) -> None:
        """The values that changed, or those of a line that ended, the empty ones left out."""
        champs = list(self.forme.colonnes)
        noms = ", ".join(f"'{champ}'" for champ in champs)
        avant, apres = (", ".join(f"{table}.{champ}" for champ in champs) for table in ("a", "n"))
        self.cursor.execute(
            f"""
            INSERT INTO annuaire_mouvement (importe_id, genre, fichier, identifiant, avant)
            SELECT %s, CASE WHEN p.nouvelle IS NULL THEN 'fin' ELSE 'modification' END, %s, a.identifiant, coalesce((
                SELECT jsonb_object_agg(o.champ, o.avant)
                FROM unnest(ARRAY[{noms}], ARRAY[{avant}], ARRAY[{apres}]) AS o (champ, avant, apres)
                WHERE CASE WHEN p.nouvelle IS NULL THEN o.avant <> '' ELSE o.avant <> o.apres END), '{{}}')
            FROM paire p JOIN {self.forme.table} a ON a.empreinte = p.ancienne
            LEFT JOIN arrivees n ON n.empreinte = p.nouvelle
            WHERE NOT p.memes
            """,
            [importe, self.forme.genre],
        )

    def _list_touches(self) -> set[str]:
        self.cursor.execute(
            "SELECT rpps FROM annuaire_professionnel WHERE rpps IN ("
            f" SELECT identifiant FROM arrivees UNION ALL SELECT identifiant FROM {self.forme.table}"
            " JOIN partie USING (empreinte))"
        )
        return {rpps for (rpps,) in self.cursor.fetchall()}

    def _write(self) -> None:
        champs = ", ".join(self.forme.champs)
        self.cursor.execute(f"""
            UPDATE {self.forme.table} t SET empreinte = p.nouvelle FROM paire p
                WHERE p.memes AND t.empreinte = p.ancienne;
            DELETE FROM {self.forme.table} t USING paire p WHERE NOT p.memes AND t.empreinte = p.ancienne;
            INSERT INTO {self.forme.table} ({champs})
                SELECT {champs} FROM arrivees WHERE empreinte IN (SELECT nouvelle FROM paire WHERE NOT memes)
                ON CONFLICT DO NOTHING
        """)
        self.cursor.execute("DROP TABLE arrivees")
