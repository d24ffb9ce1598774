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
    """A file of no known kind, or of more than one: why, and what to do."""

    reason: str


def recognise(headers: Sequence[str], definitions: Sequence[Definition]) -> Recognised | NotRecognised:
    """Tell what a file with this header is.

    Of several kinds that fit, the one that knows most of the file's columns wins; two that know equally many
    are a question for a person, never a guess.

    Parameters
    ----------
    headers
        The file's column names.
    definitions
        The CRMs and mappings to choose among; a mapping that a person gave comes alone.
    """
    folded = {fold(header) for header in headers}
    fits = [
        (len(folded & spec.known_columns()), definition, spec)
        for definition in definitions
        for spec in definition.objects
        if spec.matches(folded)
    ]
    if not fits:
        shown = ", ".join(headers[:8]) + (" …" if len(headers) > 8 else "")
        return NotRecognised(
            f"no known export has these columns ({shown}); write a mapping for it (see ingest/examples) "
            "and pass it with --mapping"
        )
    most = max(known for known, _, _ in fits)
    best = [(definition, spec) for known, definition, spec in fits if known == most]
    if len(best) > 1:
        names = " or ".join(f"{definition.title}: {spec.name}" for definition, spec in best)
        return NotRecognised(f"it could be {names}; say which with --crm")
    definition, spec = best[0]
    known_columns = spec.known_columns()
    each = [into.each for into in spec.into if into.each]
    unused = tuple(
        header
        for header in headers
        if fold(header) not in known_columns and not any(pattern.match(header) for pattern in each)
    )
    return Recognised(definition, spec, unused)
