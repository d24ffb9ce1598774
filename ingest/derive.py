"""From everything raw to the canonical tables: staged, dated, joined, built by the SQL in `ingest/build`.

Always from all raw rows, so that the order in which exports arrived does not matter, and a changed setting or
stage map needs no new export.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb

from base.settings import WEEKDAYS, Settings
from ingest.definitions import CRMS_DIR, Definition, ObjectSpec, parse_definition, shipped_definitions
from ingest.errors import IngestError
from ingest.identity import join_identities
from ingest.intake import intake_tables
from ingest.staging import Account, FileToStage, create_staged_tables, stage_file
from ingest.values import sql_texts

BUILD_DIR = Path(__file__).parent / "build"
Progress = Callable[[str, int, int], None]


def build_fingerprint(settings: Settings) -> str:
    """Return a hash of all that a warehouse is built by: the settings, the definitions, the SQL.

    A warehouse with another one is stale: it is built anew from its raw rows.
    """
    here = Path(__file__).parent
    digest = sha256(settings.fingerprint().encode())
    for path in sorted([*BUILD_DIR.glob("*.sql"), *CRMS_DIR.glob("*.toml"), here / "intake.toml"]):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


@dataclass(frozen=True)
class _Batch:
    """One raw file with what staging found out about it."""

    row: dict[str, Any]
    definition: Definition
    spec: ObjectSpec
    account: Account


def derive(connection: duckdb.DuckDBPyConnection, settings: Settings, progress: Progress) -> None:
    """Rebuild schema `crm` from schema `raw`.

    Parameters
    ----------
    connection
        A writable warehouse that holds the raw rows.
    settings
        The company's definitions.
    progress
        Called with what is being done, how much is done, and how much there is.

    Raises
    ------
    IngestError
        A raw file can no longer be read as its definition says, or its rows do not add up.
    """
    connection.execute("set TimeZone = 'UTC'")
    connection.execute("drop schema if exists crm cascade")
    connection.execute("create schema crm")
    create_staged_tables(connection)
    batches = _stage_all(connection, settings, progress)
    _write_batches(connection, batches, settings)
    _write_settings(connection, batches, settings)
    _write_latest(connection, batches)
    steps = sorted(BUILD_DIR.glob("*.sql"))
    for number, step in enumerate(steps):
        progress(f"building {step.stem[3:].replace('_', ' ')}", number, len(steps))
        if step.name.startswith("50"):
            join_identities(connection)
        connection.execute(step.read_text(encoding="utf-8"))
    for table in ("batch", "reject", "skip"):
        connection.execute(f"create or replace table crm.{table} as select * from {table}")
    progress("built", len(steps), len(steps))


def _stage_all(connection: duckdb.DuckDBPyConnection, settings: Settings, progress: Progress) -> list[_Batch]:
    files = connection.sql("select * from raw.file order by imported_at, file_name, batch_id").pl()
    batches = []
    for number, row in enumerate(files.iter_rows(named=True)):
        progress(f"understanding {row['file_name']}", number, files.height)
        definition = _definition_of(row)
        spec = next((item for item in definition.objects if item.name == row["object"]), None)
        if spec is None:
            raise IngestError(
                "An earlier export can no longer be understood",
                f"{row['file_name']} was read as {definition.title}: {row['object']}, which is not known any more.",
            )
        file = FileToStage(
            batch_id=row["batch_id"],
            file_name=row["file_name"],
            table_name=row["table_name"],
            headers=tuple(row["headers"]),
            definition=definition,
            spec=spec,
            date_order=row["date_order_given"],
            rows_read=row["rows_read"],
        )
        batches.append(_Batch(row, definition, spec, stage_file(connection, file, settings)))
    return batches


def _definition_of(row: dict[str, Any]) -> Definition:
    if row["mapping_text"] is not None:
        return parse_definition(row["mapping_text"], f"the mapping kept with {row['file_name']}")
    try:
        return shipped_definitions()[row["crm"]]
    except KeyError:
        raise IngestError(
            "An earlier export can no longer be understood",
            f"{row['file_name']} came from '{row['crm']}', which has no definition any more.",
        ) from None


def _snapshots(batches: list[_Batch]) -> dict[tuple[str, str], tuple[datetime, str]]:
    """Return when each import saw each CRM, and how that is known: the files of one export share the moment."""
    found: dict[tuple[str, str], tuple[datetime, str]] = {}
    for key in {(batch.row["import_id"], batch.row["crm"]) for batch in batches}:
        own = [batch for batch in batches if (batch.row["import_id"], batch.row["crm"]) == key]
        given = [batch.row["snapshot_given"] for batch in own if batch.row["snapshot_given"] is not None]
        stamps = [batch.account.newest_stamp for batch in own if batch.account.newest_stamp is not None]
        events = [batch.account.newest_event for batch in own if batch.account.newest_event is not None]
        if given:
            found[key] = (max(given), "given")
        elif stamps:
            # What happened after the last change of a record was also there to see.
            found[key] = (max(stamps), "newest change in the export")
        elif events:
            found[key] = (max(events), "newest event in the export")
        else:
            found[key] = (max(batch.row["imported_at"] for batch in own), "time of import")
    return found


def _write_batches(connection: duckdb.DuckDBPyConnection, batches: list[_Batch], settings: Settings) -> None:
    connection.execute(
        """
        create or replace temp table batch (
            batch_id varchar, import_id varchar, imported_at timestamp, crm varchar, crm_title varchar,
            object varchar, file_name varchar, content_hash varchar, byte_size bigint, encoding varchar,
            delimiter varchar, reader varchar, date_order varchar, rows_read bigint, rows_loaded bigint,
            rows_rejected bigint, rows_skipped bigint, unreadable_cells bigint, unused_columns varchar[],
            mapping_name varchar, snapshot_at timestamp, snapshot_date date, snapshot_basis varchar,
            is_full boolean, fills_opportunity boolean
        )
        """
    )
    snapshots = _snapshots(batches)
    zone = ZoneInfo(settings.time_zone)
    for batch in batches:
        row, account = batch.row, batch.account
        snapshot_at, basis = snapshots[row["import_id"], row["crm"]]
        local = snapshot_at.replace(tzinfo=ZoneInfo("UTC")).astimezone(zone)
        values = [
            row["batch_id"],
            row["import_id"],
            row["imported_at"],
            row["crm"],
            batch.definition.title,
            row["object"],
            row["file_name"],
            row["content_hash"],
            row["byte_size"],
            row["encoding"],
            row["delimiter"],
            row["reader"],
            account.date_order,
            account.rows_read,
            account.loaded,
            account.rejected,
            sum(account.skipped.values()),
            account.unreadable_cells,
            row["unused_columns"],
            row["mapping_name"],
            snapshot_at,
            local.date(),
            basis,
            row["is_full_given"],
            any(into.table == "opportunity" for into in batch.spec.into),
        ]
        marks = ", ".join("?" for _ in values)
        connection.execute(f"insert into batch values ({marks})", values).fetchall()


def _write_settings(connection: duckdb.DuckDBPyConnection, batches: list[_Batch], settings: Settings) -> None:
    """Put the settings where SQL can join them; those that queries read too are kept in schema `crm`."""

    def fill(name: str, columns: str, rows: list[tuple[object, ...]], *, is_kept: bool = False) -> None:
        target = f"crm.{name}" if is_kept else name
        connection.execute(f"create or replace {'' if is_kept else 'temp '}table {target} ({columns})")
        if rows:
            marks = ", ".join("?" for _ in rows[0])
            connection.executemany(f"insert into {target} values ({marks})", [list(row) for row in rows])

    connection.execute(
        """
        create or replace temp table company as
        select
            -- When a sheet was imported says nothing of how current the CRM's data is, unless there is nothing else.
            coalesce(max(snapshot_at) filter (snapshot_basis <> 'time of import'), max(snapshot_at)) as newest_at,
            coalesce(max(snapshot_date) filter (snapshot_basis <> 'time of import'), max(snapshot_date)) as as_of_date
        from batch
        """
    )
    constants: dict[str, object] = {
        "time_zone": settings.time_zone,
        "currency": settings.currency,
        "fiscal_year_start_month": settings.fiscal_year_start_month,
        "week_start": WEEKDAYS.index(settings.week_starts_on) + 1,
        "number_format": settings.number_format,
        "sourced_test": settings.sourced_test,
        "win_rate_basis": settings.win_rate_basis,
        "count_rep_contacts": settings.count_rep_contacts,
        "email_shared_by_more_than": settings.email_shared_by_more_than,
        "flag_under": settings.flag_under,
        "unranked_under": settings.unranked_under,
    }
    for name, value in constants.items():
        kind = "boolean" if isinstance(value, bool) else "integer" if isinstance(value, int) else "varchar"
        connection.execute(f"alter table company add column {name} {kind}")
        connection.execute(f"update company set {name} = $value", {"value": value}).fetchall()
    fill(
        "band",
        "segment varchar, low double, high double",
        [(None, *settings.band), *((name, *band) for name, band in settings.segment_bands.items())],
        is_kept=True,
    )
    fill(
        "currency_rate",
        "currency varchar, rate decimal(18, 6)",
        [(settings.currency, 1), *settings.currency_rates.items()],
        is_kept=True,
    )
    edges: list[tuple[object, ...]] = []
    low = 0
    for segment in settings.segments:
        edges.append((segment.name, low, segment.below or 2_000_000_000))
        low = segment.below or low
    fill("setting_segment", "name varchar, at_least bigint, below bigint", edges)
    fill(
        "setting_region",
        "place varchar, region varchar",
        [(place.lower(), region) for place, region in settings.regions.items()],
    )
    fill(
        "setting_channel",
        "source varchar, channel varchar",
        [(source.lower(), channel) for source, channel in settings.channels.items()],
    )
    fill(
        "setting_marketing_source",
        "source varchar",
        [(source.lower(),) for source in settings.marketing_sources],
    )
    definitions = {batch.definition.name: batch.definition for batch in batches}.values()
    fill(
        "definition",
        "crm varchar, lead_precedence integer",
        [(d.name, d.lead_precedence) for d in definitions],
    )
    stages: list[tuple[object, ...]] = [(None, stage.lower(), status) for stage, status in settings.stages.items()]
    statuses: list[tuple[object, ...]] = [(None, name.lower(), what) for name, what in settings.lead_statuses.items()]
    for definition in definitions:
        stages += [(definition.name, stage.lower(), status) for stage, status in definition.stages.items()]
        statuses += [(definition.name, name.lower(), what) for name, what in definition.lead_statuses.items()]
    fill("setting_stage", "crm varchar, stage varchar, status varchar", stages)
    fill("setting_lead_status", "crm varchar, status varchar, meaning varchar", statuses)


def _write_latest(connection: duckdb.DuckDBPyConnection, batches: list[_Batch]) -> None:
    """Of several versions of a record keep the newest by snapshot; of a history, every different row once.

    A record's own export comes before what the exports of other records say of it (a deal's of its owner).
    """
    for table in intake_tables().values():
        own = sql_texts([b.row["batch_id"] for b in batches if b.spec.into and b.spec.into[0].table == table.name])
        is_own = f"s.batch_id in ({own})" if own else "false"
        keys = []
        for item in table.key:
            field = table.fields[item]
            if field.kind == "time":
                keys.append(f"{item}_at")
            elif field.kind == "period":
                keys += [f"{item}_start", f"{item}_end"]
            elif field.kind == "date":
                keys.append(item if item.endswith("_date") else f"{item}_date")
            elif field.kind == "id" and not item.endswith("_id"):
                keys.append(f"{item}_id")
            else:
                keys.append(item)
        connection.execute(
            f"""
            create or replace temp table latest_{table.name} as
            select s.*
            from staged_{table.name} s
            join batch b using (batch_id)
            qualify row_number() over (
                partition by {", ".join(keys)}
                order by {is_own} desc, b.snapshot_at desc, s.batch_id desc, s.line desc
            ) = 1
            """
        )
