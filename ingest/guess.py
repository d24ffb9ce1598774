"""The guesser: which of our tables an unknown file most likely fills, and which of its columns which field.

From names (every column that a definition knows is a synonym, and so is what `guess.toml` says in several languages)
and from values. Each field is given once, so that the sum of all scores is the highest. A guess is only ever a
proposal, with its reason; a person confirms it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import log2

import numpy as np
from scipy.optimize import linear_sum_assignment

from ingest.definitions import Definition, fold, shipped_definitions
from ingest.intake import IntakeField, IntakeTable, intake_tables
from ingest.looks import LOOKS, Look, fits_kind
from ingest.words import guess_words, ideas_of_header, ideas_of_phrase, is_unknown

ACCEPTED_FROM = 0.33  # what a column's score must reach to be proposed
_NAME_FROM = 0.55  # below this, a name says nothing
_HALF_NAMED = 0.35
_SURE_FROM = 1.0  # a table's score below which nothing is sure
_DATED = ("time", "date", "period")
_WEAK = frozenset(("date", "id", "name", "is", "last", "original", "actual", "expected"))


@dataclass(frozen=True)
class ColumnGuess:
    """One of their columns and the field of ours that it most likely fills: how surely (0 to 1), and why.

    `field` is None for a column that fills nothing of ours.
    """

    column: str
    field: str | None
    confidence: float
    reason: str


@dataclass(frozen=True)
class Guess:
    """What a file most likely holds.

    `tables` are all of our tables, the likeliest first, with their scores; `columns` has one entry per column of the
    file, in its order; `missing` names required fields that no column fills; `is_sure` says whether the table is
    clearly ahead of the next.
    """

    table: str
    tables: tuple[tuple[str, float], ...]
    columns: tuple[ColumnGuess, ...]
    missing: tuple[str, ...]
    is_sure: bool

    @property
    def fields(self) -> dict[str, str]:
        """Our fields and the columns that fill them."""
        return {guess.field: guess.column for guess in self.columns if guess.field is not None}


def guess(
    headers: Sequence[str],
    rows: Sequence[Sequence[str]],
    table: str | None = None,
    definitions: Iterable[Definition] | None = None,
) -> Guess:
    """Guess which of our tables a file fills, and which of its columns which field.

    Parameters
    ----------
    headers
        The file's columns.
    rows
        Some of its records; without any, names alone decide.
    table
        Our table, where a person said which.
    definitions
        Whose columns are synonyms: those that ship, when None.
    """
    known = list(shipped_definitions().values()) if definitions is None else list(definitions)
    synonyms = _Synonyms(known)
    columns = [
        _Column(header, Look.of([row[place] if place < len(row) else "" for row in rows]))
        for place, header in enumerate(headers)
    ]
    wanted = [table] if table is not None else list(intake_tables())
    tried = {name: _Match(intake_tables()[name], columns, synonyms) for name in wanted}
    ranked = sorted(tried, key=lambda name: -tried[name].score)
    best = tried[ranked[0]]
    ahead = len(ranked) < 2 or tried[ranked[0]].score - tried[ranked[1]].score >= 0.15 * abs(tried[ranked[0]].score)
    found = best.guesses()
    filled = {item.field for item in found}
    return Guess(
        table=best.table.name,
        tables=tuple((name, round(tried[name].score, 3)) for name in ranked),
        columns=found,
        missing=tuple(item.name for item in best.table.fields.values() if item.is_required and item.name not in filled),
        is_sure=ahead and best.score >= _SURE_FROM,
    )


@dataclass(frozen=True)
class _Column:
    header: str
    look: Look

    @property
    def folded(self) -> str:
        return fold(self.header)

    @property
    def ideas(self) -> frozenset[str]:
        return ideas_of_header(self.header)

    @property
    def is_nameless(self) -> bool:
        """Whether the name holds no word that we know."""
        return all(is_unknown(idea) for idea in self.ideas)


@dataclass(frozen=True)
class _Phrase:
    """A name that a field goes by, and how much it counts."""

    ideas: frozenset[str]
    worth: float


class _Synonyms:
    """Every name that each field is known by."""

    def __init__(self, definitions: Sequence[Definition]) -> None:
        self.exact: dict[tuple[str, str], dict[str, str]] = {}  # table, field -> folded column -> whose it is
        self.anywhere: dict[str, dict[str, str]] = {}  # the same for a field whatever the table
        aliases: dict[tuple[str, str], list[frozenset[str]]] = {}
        for definition in definitions:
            for spec in definition.objects:
                for into in spec.into:
                    for name, source in into.fields.items():
                        for column in source.columns:
                            key = (into.table, name)
                            self.exact.setdefault(key, {}).setdefault(fold(column), definition.title)
                            self.anywhere.setdefault(name, {}).setdefault(fold(column), definition.title)
                            aliases.setdefault(key, []).append(ideas_of_header(column))
        self._phrases: dict[tuple[str, str], tuple[_Phrase, ...]] = {}
        self._aliases = aliases

    def phrases(self, table: str, name: str) -> tuple[_Phrase, ...]:
        """Return the names of a field in ideas: the first of a list counts a little more than the next."""
        key = (table, name)
        if key not in self._phrases:
            listed = guess_words()["fields"]
            own = listed.get(f"{table}.{name}", listed.get(name, []))
            found = [_Phrase(ideas_of_phrase(text), 0.97 - 0.01 * place) for place, text in enumerate(own)]
            found.append(_Phrase(ideas_of_header(name), 0.9))
            # A definition's column may be named for anything (`Id`, `Name`): in ideas it counts a little less.
            found += [_Phrase(ideas, 0.93) for ideas in self._aliases.get(key, []) if ideas]
            self._phrases[key] = tuple(found)
        return self._phrases[key]


@cache
def _weights() -> Mapping[str, float]:
    """Return how much each idea tells: one that many fields share tells little."""
    seen: dict[str, set[str]] = {}
    for name, phrases in guess_words()["fields"].items():
        for phrase in phrases:
            for idea in ideas_of_phrase(phrase):
                seen.setdefault(idea, set()).add(name)
    return {idea: (0.5 if idea in _WEAK else 1.0) / (1 + 0.25 * log2(len(names))) for idea, names in seen.items()}


@cache
def _entities() -> frozenset[str]:
    """Return the ideas that name a kind of record: a column that speaks of another kind is another's column."""
    return frozenset(
        word for table in guess_words()["tables"].values() for word in table["words"] if " " not in word
    ) | {"owner", "contact"}


def _alike(ideas: frozenset[str], phrase: frozenset[str], own: frozenset[str]) -> float:
    """Return how alike two names are in ideas, from 0 to 1; naming the file's own kind of record costs nothing."""
    if ideas == phrase:
        return 1.0
    left, right = (ideas - own) or ideas, (phrase - own) or phrase
    if left == right:
        return 0.99 if ideas - own else 0.95
    strangers = (left - right) & _entities()
    missing = (right - left) & _entities()
    if strangers or missing:
        return 0.0
    weights = _weights()
    both = sum(weights.get(idea, 0.8) for idea in left & right)
    either = sum(weights.get(idea, 0.8) for idea in left) + sum(weights.get(idea, 0.8) for idea in right)
    return 2 * both / either if either else 0.0


class _Match:
    """One of our tables held against a file: every column against every field, and the best assignment."""

    def __init__(self, table: IntakeTable, columns: Sequence[_Column], synonyms: _Synonyms) -> None:
        self.table = table
        self.columns = columns
        self.own = self._own_ideas()
        self.fields = list(table.fields.values())
        self.scores = np.zeros((len(columns), len(self.fields)))
        self.reasons: dict[tuple[int, int], str] = {}
        for row, column in enumerate(columns):
            for place, item in enumerate(self.fields):
                score, reason = self._score(column, item, synonyms)
                self.scores[row, place] = score
                self.reasons[row, place] = reason
        self.chosen = self._assign()
        self.score = self._table_score()

    def _own_ideas(self) -> frozenset[str]:
        """Return the ideas that name the file's own kind of record.

        In a file with a plain `Id`, another one's id beside it (`OpportunityId`) is that of another kind of record.
        """
        words = guess_words()["tables"].get(self.table.name, {}).get("words", [])
        named = {column.ideas for column in self.columns}
        has_plain_key = frozenset(("id",)) in named
        own = [
            word for word in words if word in _entities() and not (has_plain_key and frozenset((word, "id")) in named)
        ]
        return (
            frozenset(own[:1])
            if not own or {own[0], "id"} in named
            else frozenset([word for word in own if {word, "id"} in named][:1] or own[:1])
        )

    def _score(self, column: _Column, item: IntakeField, synonyms: _Synonyms) -> tuple[float, str]:
        name, reason = self._name_score(column, item, synonyms)
        look = column.look
        fit = fits_kind(look, item.kind)
        if ("date" in column.ideas and item.kind not in _DATED) or ("is" in column.ideas and item.kind != "bool"):
            name *= 0.5
        if name >= _NAME_FROM:
            if item.kind == "id" and not item.is_required and name < 0.99:
                name += 0.01 if "id" in column.ideas else -0.01
            if not look.values:
                return name * (0.9 if look.rows else 1.0), reason
            if item.is_required and item.name == self.table.key[0] and look.filled < 0.5:
                return 0.3 * name, reason
            said = "" if fit > 0.9 else ", though its values hardly look like it"
            return name * (0.15 + 0.85 * fit), reason + said
        worth, said = self._look_score(look, item)
        if name >= _HALF_NAMED and worth:
            return (name + worth * (1 - name)) * fit, f"its name is somewhat like it, and {said}"
        # A name that says something else speaks against what the values look like.
        is_key = item.is_required and item.kind == "id" and "id" in column.ideas
        agrees = column.is_nameless or (is_key and not (column.ideas - self.own) & _entities())
        return worth * fit * (1.0 if agrees else 0.5), said

    def _name_score(self, column: _Column, item: IntakeField, synonyms: _Synonyms) -> tuple[float, str]:
        whose = synonyms.exact.get((self.table.name, item.name), {}).get(column.folded)
        if whose is not None:
            return 0.99, f"named as in {whose}"
        best = max(
            (
                _alike(column.ideas, phrase.ideas, self.own) ** 2 * phrase.worth
                for phrase in synonyms.phrases(self.table.name, item.name)
            ),
            default=0.0,
        )
        elsewhere = synonyms.anywhere.get(item.name, {}).get(column.folded)
        if elsewhere is not None and best < 0.85 and not (column.ideas - self.own) & _entities():
            return 0.85, f"named as in {elsewhere}"
        said = "its name says so" if best > 0.85 else "its name is much like it"
        return best, said

    def _look_score(self, look: Look, item: IntakeField) -> tuple[float, str]:
        listed = guess_words()["looks"]
        key = "key" if item.is_required and item.name == self.table.key[0] and item.kind == "id" else item.name
        entry = listed.get(f"{self.table.name}.{item.name}", listed.get(key))
        if entry is None or not look.values:
            return 0.0, ""
        test, said = LOOKS[entry["look"]]
        # A handful of values proves less than a hundred.
        trust = min(1.0, 0.55 + 0.05 * len(look.values))
        return entry["worth"] * test(look) * trust, f"its values look so: {said}"

    def _assign(self) -> dict[int, int]:
        """Give each field at most once and each column at most one field, so that the sum is the highest."""
        worthwhile = np.where(self.scores >= ACCEPTED_FROM, self.scores, 0.0)
        rows, places = linear_sum_assignment(worthwhile, maximize=True)
        chosen = {
            int(row): int(place)
            for row, place in zip(rows, places, strict=True)
            if self.scores[row, place] >= ACCEPTED_FROM
        }
        return self._in_time_order(chosen)

    def _in_time_order(self, chosen: dict[int, int]) -> dict[int, int]:
        """Of dates that only their values speak for, give the earlier ones to what comes earlier."""
        order = ("created", "start_date", "close_date", "end_date")
        by_look = {
            row: place
            for row, place in chosen.items()
            if self.fields[place].name in order and self.columns[row].is_nameless
        }
        places = sorted(by_look.values(), key=lambda place: order.index(self.fields[place].name))
        rows = sorted(by_look, key=lambda row: self.columns[row].look.middle_day or 0.0)
        return {**chosen, **dict(zip(rows, places, strict=True))}

    def _table_score(self) -> float:
        """Return how well the whole file fits: fields that few tables have tell most, and a missing key costs."""
        tables = intake_tables().values()
        score = 0.0
        for row, place in self.chosen.items():
            item = self.fields[place]
            sharing = sum(item.name in table.fields for table in tables)
            weight = guess_words()["weights"].get(item.name, 1.0) / (1 + 0.5 * log2(sharing))
            score += float(self.scores[row, place]) * weight
        filled = {self.fields[place].name for place in self.chosen.values()}
        for item in self.fields:
            if item.is_required and item.name not in filled:
                is_own_key = item.name == self.table.key[0] and len(self.table.key) == 1
                score -= 0.5 if item.kind == "id" and is_own_key else 0.7 if item.kind == "text" else 1.2
        named = [column.ideas for column in self.columns]
        hints = [ideas_of_phrase(text) for text in guess_words()["tables"].get(self.table.name, {}).get("hints", [])]
        score += 0.7 * sum(hint in named for hint in hints)
        for own in self.own:
            score += 0.6 * any(ideas in ({own, "id"}, {own}) for ideas in named)
            score += 0.3 * any(ideas in ({own, "name"}, {own, "title"}) for ideas in named)
            score += 0.12 * min(8, sum(own in ideas for ideas in named))
        for row, place in self.chosen.items():
            item = self.fields[place]
            is_link = item.is_required and item.kind == "id" and item.name in _entities()
            score += 0.8 * (is_link and {item.name, "id"} == self.columns[row].ideas)
        return score

    def guesses(self) -> tuple[ColumnGuess, ...]:
        found = []
        for row, column in enumerate(self.columns):
            place = self.chosen.get(row)
            if place is None:
                reason = (
                    "it is empty" if column.look.rows and not column.look.values else "it is like none of our fields"
                )
                found.append(ColumnGuess(column.header, None, 0.0, reason))
            else:
                score = float(self.scores[row, place])
                found.append(
                    ColumnGuess(
                        column.header, self.fields[place].name, round(min(score, 1.0), 2), self.reasons[row, place]
                    )
                )
        return tuple(found)
