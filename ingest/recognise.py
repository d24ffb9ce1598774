"""Which CRM and which of its objects a file holds, told by its header alone."""

from collections.abc import Sequence
from dataclasses import dataclass

from ingest.definitions import Definition, ObjectSpec, fold


@dataclass(frozen=True)
class Recognised:
    """A file of a known kind, and which of its columns are used and which are not."""

    definition: Definition
    spec: ObjectSpec
    unused_columns: tuple[str, ...]


@dataclass(frozen=True)
class NotRecognised:
    """A file of no known kind, or of more than one: why, what to do, and which kinds it could be."""

    reason: str
    candidates: tuple[tuple[Definition, ObjectSpec], ...] = ()


@dataclass(frozen=True)
class _Fit:
    """One kind that a header fits, and those of its columns that the kind accounts for."""

    definition: Definition
    spec: ObjectSpec
    known: frozenset[str]


def recognise(
    headers: Sequence[str], definitions: Sequence[Definition], kind: str | None = None
) -> Recognised | NotRecognised:
    """Tell what a file with this header is.

    Of several kinds that fit, the one that knows most of the file's columns wins. One that knows as many is a
    question for a person, never a guess; so is one of another CRM that knows nearly as many (all but one) and, among
    them, some that the best does not.

    Parameters
    ----------
    headers
        The file's column names.
    definitions
        The CRMs and mappings to choose among; a mapping that a person gave comes alone.
    kind
        What a person says it is: a CRM's name, or a CRM's and a kind of file's like "zoho:Deals"; told when None.
    """
    crm, _, name = (kind or "").partition(":")
    folded = {fold(header) for header in headers}
    fits = [
        _Fit(definition, spec, frozenset(known_headers(headers, spec)))
        for definition in definitions
        for spec in definition.objects
        if spec.matches(folded) and crm in ("", definition.name) and fold(name) in ("", fold(spec.name))
    ]
    if not fits and name:
        return NotRecognised(f"it does not have the columns of {kind}")
    if not fits:
        shown = ", ".join(headers[:8]) + (" …" if len(headers) > 8 else "")
        return NotRecognised(
            f"no known export has these columns ({shown}); write a mapping for it (see ingest/examples) "
            "and pass it with --mapping"
        )
    best = max(fits, key=lambda fit: len(fit.known))
    rivals = [fit for fit in fits if fit is best or _is_rival(fit, best)]
    if len(rivals) > 1:
        names = " or ".join(f"{fit.definition.title}: {fit.spec.name}" for fit in rivals)
        example = f"{rivals[0].definition.name}:{rivals[0].spec.name}"
        return NotRecognised(
            f"it could be {names}; say which on the Import page, or with --crm '{example}'",
            tuple((fit.definition, fit.spec) for fit in rivals),
        )
    read = best.spec.read_columns()
    unused = tuple(header for header in headers if fold(header) not in read and not best.spec.reads(header))
    return Recognised(best.definition, best.spec, unused)


def known_headers(headers: Sequence[str], spec: ObjectSpec) -> set[str]:
    """Return those of a file's columns, folded, that a kind of file accounts for."""
    known = spec.known_columns()
    return {fold(header) for header in headers if fold(header) in known or spec.reads(header)}


def _is_rival(fit: _Fit, best: _Fit) -> bool:
    if len(fit.known) == len(best.known):
        return True
    is_other_crm = fit.definition.name != best.definition.name
    return is_other_crm and len(fit.known) == len(best.known) - 1 and not fit.known <= best.known
