"""What words say: headers and values reduced to ideas, in several languages, by the words of `guess.toml`."""

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z](?!s\b)[a-z])")
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_OWN_FIELD = re.compile(r"__[cr]$")
_LONGEST = 4
_SILENT = "the"
_UNKNOWN = "?"


@cache
def guess_words() -> Mapping[str, Any]:
    """Return the words file, as parsed."""
    document: dict[str, Any] = tomllib.loads((Path(__file__).parent / "guess.toml").read_text(encoding="utf-8"))
    return document


def plain_words(text: str) -> list[str]:
    """Return a text's words in small letters without accents: `Data de criação` is data, de, criacao."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(sign for sign in decomposed if not unicodedata.combining(sign))
    return re.findall(r"[^\W_]+", bare)


@cache
def _lexicon() -> dict[tuple[str, ...], tuple[str, ...]]:
    """Return the ideas that each word, or run of words, stands for."""
    found: dict[tuple[str, ...], tuple[str, ...]] = {}
    for ideas, words in guess_words()["concepts"].items():
        for word in words:
            found.setdefault(tuple(plain_words(word)), tuple(ideas.split()))
    return found


def ideas_of_words(words: list[str]) -> frozenset[str]:
    """Return the ideas that words stand for; a word that no idea has is kept, marked, as itself."""
    lexicon = _lexicon()
    ideas: list[str] = []
    place = 0
    while place < len(words):
        for length in range(min(_LONGEST, len(words) - place), 0, -1):
            found = lexicon.get(tuple(words[place : place + length]))
            if found is not None:
                ideas += found
                place += length
                break
        else:
            ideas += _taken_apart(words[place])
            place += 1
    return frozenset(idea for idea in ideas if idea != _SILENT)


def _taken_apart(word: str) -> tuple[str, ...]:
    """Return the ideas of a word that is two known words in one (`leadid`), or the word itself."""
    lexicon = _lexicon()
    for cut in range(len(word) - 2, 2, -1):
        left, right = lexicon.get((word[:cut],)), lexicon.get((word[cut:],))
        if left and right and _SILENT not in (*left, *right):
            return (*left, *right)
    return () if word.isdigit() else (_UNKNOWN + word,)


@cache
def ideas_of_header(header: str) -> frozenset[str]:
    """Return the ideas that a column's name stands for.

    What stands in brackets counts only where nothing else does, and a CRM's mark of a company's own field never.
    """
    bare = _BRACKETS.sub(" ", header).strip() or header
    return ideas_of_words(plain_words(_CAMEL.sub(" ", _OWN_FIELD.sub("", bare))))


def is_unknown(idea: str) -> bool:
    """Tell whether an idea is only a word that the words file does not know."""
    return idea.startswith(_UNKNOWN)


def ideas_of_phrase(phrase: str) -> frozenset[str]:
    """Return the ideas of a phrase of the words file, which is written in ideas already."""
    return frozenset(phrase.split())


@cache
def _meanings(kind: str) -> dict[tuple[str, ...], str]:
    found: dict[tuple[str, ...], str] = {}
    for meaning, words in guess_words()["meanings"][kind].items():
        for word in words:
            found.setdefault(tuple(plain_words(word)), meaning)
    return found


@cache
def meaning_of_value(value: str, kind: str) -> str | None:
    """Return what a value means, or None where no word tells.

    The whole value counts most; else the longest run of its words that is known, the last of several alike
    (`Closed Won`, `4 - Verhandlung`, `Prospekt: kein Budget`).

    Parameters
    ----------
    value
        A cell, such as the name of a stage.
    kind
        A table of `[meanings]`: stage, lead, kind, direction, business, role, ...
    """
    known = _meanings(kind)
    words = [word for word in plain_words(value) if not word.isdigit()]
    for length in range(len(words), 0, -1):
        for place in range(len(words) - length, -1, -1):
            found = known.get(tuple(words[place : place + length]))
            if found is not None:
                return found
    return None
