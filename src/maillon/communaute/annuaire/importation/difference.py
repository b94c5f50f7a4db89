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
    """From the lines that came and went to what happened: same content, changed, ended, added.

    Lines that come are written as they are read, lot by lot, while the reader goes on; those that went are known at the
    end of the file.
    """

    def __init__(self, cursor: CursorWrapper, forme: Forme, arrivee: str) -> None:
        self.cursor, self.forme, self.arrivee = cursor, forme, arrivee
        self._champs = ", ".join(forme.champs)
        # A small sample tells the planner enough of tables that live as long as this transaction.
        self.cursor.execute(f"""
            SET LOCAL default_statistics_target = 10;
            CREATE TEMP TABLE arrivees ON COMMIT DROP AS {self._key(f"{arrivee} t", "NULL::tid AS place")}
        """)

    def _key(self, source: str, place: str) -> str:
        """Lines with what they are compared by: all that they say, and whose activity they are.

        Compared by a fingerprint: sorting forty texts by the rules of a language would take longer than all else.
        """
        contenu, cle = self.forme.champs[1:], self.forme.cle
        resumes = (f"hash_record_extended(ROW({', '.join(c)}), 0)" for c in (contenu, cle))
        return "SELECT {}, {} AS resume, {} AS cle, {} FROM {}".format(place, *resumes, self._champs, source)

    def write(self) -> None:
        """Write the lines of the lot that has come, once each. A line of the demonstration that is published too stays
        as it is. (Not `ON CONFLICT`, which writes each row twice over.)
        """
        table, champs = self.forme.table, self._champs
        self.cursor.execute(f"""
            WITH ecrites AS (
                INSERT INTO {table} ({champs})
                SELECT {champs} FROM (SELECT DISTINCT ON (empreinte) * FROM {self.arrivee}) a
                WHERE NOT EXISTS (SELECT FROM {table} t WHERE t.empreinte = a.empreinte)
                ORDER BY identifiant COLLATE "C"
                RETURNING {champs}
            )
            INSERT INTO arrivees {self._key("ecrites", "NULL::tid")};
            TRUNCATE {self.arrivee}
        """)

    def settle(self, bilan: Bilan, importe: UUID) -> set[str]:
        """Take away the lines of `partie`, keep the history; returns the RPPS numbers of the known professionals that
        the file touches."""
        self._gather()
        self._pair()
        self.cursor.execute(
            "SELECT count(*) FILTER (WHERE ancienne IS NULL), count(*) FILTER (WHERE nouvelle IS NULL),"
            " count(*) FILTER (WHERE ancienne IS NOT NULL AND nouvelle IS NOT NULL AND NOT memes) FROM paire"
        )
        bilan.ajoutees, bilan.terminees, bilan.modifiees = self.cursor.fetchone()
        self._keep_history(importe)
        touches = self._list_touches()
        # Rows are found by their place: nobody else moves them while the import lasts.
        self.cursor.execute(f"""
            DELETE FROM {self.forme.table} WHERE ctid = ANY (ARRAY(SELECT place FROM parties));
            DROP TABLE parties, arrivees, paire
        """)
        return touches

    def _gather(self) -> None:
        """The lines that went, fetched once with their places in the table, beside those that came."""
        self.cursor.execute(f"""
            ANALYZE partie;
            CREATE TEMP TABLE parties ON COMMIT DROP AS
                {self._key(f"{self.forme.table} t JOIN partie USING (empreinte)", "t.ctid AS place")};
            ANALYZE parties (empreinte, place, resume, cle);
            ANALYZE arrivees (empreinte, resume, cle)
        """)

    def _pair(self) -> None:
        """Each line that went beside the one that replaces it: of the same content, or of the same activity."""

        def ranked(source: str, cle: str) -> str:
            return f"SELECT empreinte, {cle}, row_number() OVER (PARTITION BY {cle}) AS rang FROM {source}"

        self.cursor.execute(f"""
            CREATE TEMP TABLE paire ON COMMIT DROP AS
                SELECT a.empreinte AS ancienne, b.empreinte AS nouvelle, true AS memes
                FROM ({ranked("parties", "resume")}) a JOIN ({ranked("arrivees", "resume")}) b USING (resume, rang);
            INSERT INTO paire
                SELECT a.empreinte, b.empreinte, false
                FROM ({ranked("parties WHERE empreinte NOT IN (SELECT ancienne FROM paire)", "cle")}) a
                FULL JOIN (
                    {ranked("arrivees WHERE empreinte NOT IN (SELECT nouvelle FROM paire)", "cle")}
                ) b USING (cle, rang);
            ANALYZE paire
        """)

    def _keep_history(self, importe: UUID) -> None:
        """The values that changed, or those of a line that ended, the empty ones left out."""
        # Only what differs becomes an array: building an object of forty keys and stripping it costs five times more.
        paires = " || ".join(
            f"CASE WHEN a.{champ} <> COALESCE(n.{champ}, '') THEN ARRAY['{champ}', a.{champ}] END"
            for champ in self.forme.colonnes
        )
        self.cursor.execute(
            f"""
            INSERT INTO annuaire_mouvement (importe_id, genre, fichier, identifiant, avant)
            SELECT %s, CASE WHEN p.nouvelle IS NULL THEN 'fin' ELSE 'modification' END, %s, a.identifiant,
                COALESCE(jsonb_object({paires}), '{{}}')
            FROM paire p JOIN parties a ON a.empreinte = p.ancienne
            LEFT JOIN arrivees n ON n.empreinte = p.nouvelle
            WHERE NOT p.memes
            """,
            [importe, self.forme.genre],
        )

    def _list_touches(self) -> set[str]:
        self.cursor.execute(
            "SELECT rpps FROM annuaire_professionnel WHERE rpps IN ("
            " SELECT identifiant FROM arrivees UNION ALL SELECT identifiant FROM parties)"
        )
        return {rpps for (rpps,) in self.cursor.fetchall()}
