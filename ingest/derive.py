"""From everything raw to the canonical tables: staged, dated, joined, built by the SQL in `ingest/build`.

Always from all raw rows, so that the order in which exports arrived does not matter, and a changed setting or
stage map needs no new export.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb

from base.custom import MOST_FILTER_VALUES
from base.settings import WEEKDAYS, Settings
from base.words import shown_as
from ingest.custom import field_names, kept_columns, kept_fields, write_latest_custom
from ingest.definitions import CRMS_DIR, Definition, ObjectSpec, fold, stored_definition
from ingest.errors import IngestError
from ingest.identity import join_identities
from ingest.intake import intake_tables
from ingest.mended import root_of, settle_mended
from ingest.progress import Progress
from ingest.raw import quoted
from ingest.staging import Account, FileToStage, create_staged_tables, stage_file
from ingest.value_map import apply_value_map, view_values
from ingest.values import sql_text, sql_texts

BUILD_DIR = Path(__file__).parent / "build"
_KEYS = {"opportunity": "opportunity_id", "lead": "lead_id", "account": "account_id", "campaign": "campaign_id"}
# Shares of the work, in thousandths, as measured on the sample: understanding the rows, then building the tables.
_UNDERSTOOD, _ALL = 670, 1000


def build_fingerprint(settings: Settings) -> str:
    """Return a hash of all that a warehouse is built by: the settings, the definitions, the SQL and the code that reads.

    A warehouse with another one is stale: it is built anew from its raw rows.
    """
    return sha256(f"{settings.fingerprint()} {_code_fingerprint()}".encode()).hexdigest()[:16]


@cache
def _code_fingerprint() -> str:
    here = Path(__file__).parent
    digest = sha256()
    for path in sorted([*BUILD_DIR.glob("*.sql"), *CRMS_DIR.glob("*.toml"), *here.glob("*.toml"), *here.glob("*.py")]):
        digest.update(path.read_bytes())
    return digest.hexdigest()


@dataclass(frozen=True)
class _Batch:
    """One raw file with what staging found out about it; `kept` are the columns that are custom fields, folded."""

    row: dict[str, Any]
    definition: Definition
    spec: ObjectSpec
    account: Account
    kept: frozenset[str]


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
    settle_mended(connection)
    with _one_commit(connection):
        _write_batches(connection, batches, settings)
        _write_settings(connection, batches, settings)
    apply_value_map(connection)
    _write_latest(connection, batches)
    view_values(connection)
    steps = sorted(BUILD_DIR.glob("*.sql"))
    for number, step in enumerate(steps):
        done = _UNDERSTOOD + (_ALL - _UNDERSTOOD) * number // len(steps)
        progress(f"building {step.stem[3:].replace('_', ' ')}", done, _ALL)
        if step.name.startswith("50"):
            join_identities(connection)
        with _one_commit(connection):
            connection.execute(step.read_text(encoding="utf-8"))
    _assert_each_once(connection)
    for table in ("batch", "skip"):
        connection.execute(f"create or replace table crm.{table} as select * from {table}")
    connection.execute(
        """
        create or replace table crm.reject as
        select r.*, b.file_name as mended_in
        from reject r
        left join mended_row m using (batch_id, line)
        left join batch b on b.batch_id = m.by_batch
        """
    )
    progress("built", _ALL, _ALL)


def _assert_each_once(connection: duckdb.DuckDBPyConnection) -> None:
    """Refuse a warehouse in which a join has made two rows of one record: every sum over them would be too high."""
    for table, key in _KEYS.items():
        twice = connection.execute(
            f"select {key}, count(*) from crm.{table} group by {key} having count(*) > 1 limit 1"
        ).fetchall()
        if twice:
            raise IngestError(
                "A record was built more than once",
                f"{table} {twice[0][0]} stands {twice[0][1]} times. Nothing was imported; please report this.",
            )


@contextmanager
def _one_commit(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Write what follows to the disk once, and not once for each statement."""
    connection.execute("begin transaction")
    yield
    connection.execute("commit")


def _stage_all(connection: duckdb.DuckDBPyConnection, settings: Settings, progress: Progress) -> list[_Batch]:
    files = connection.sql("select * from raw.file order by imported_at, file_name, batch_id").pl()
    batches = []
    definitions = [stored_definition(row) for row in files.iter_rows(named=True)]
    names = field_names(definitions, settings)
    rows_in_all, rows_done = max(int(files["rows_read"].sum()), 1), 0
    for row, definition in zip(files.iter_rows(named=True), definitions, strict=True):
        progress(
            f"understanding {row['file_name']}, {row['rows_read']:,} rows",
            _UNDERSTOOD * rows_done // rows_in_all,
            _ALL,
        )
        rows_done += row["rows_read"]
        spec = next((item for item in definition.objects if item.name == row["object"]), None)
        if spec is None:
            raise IngestError(
                "An earlier export can no longer be understood",
                f"{row['file_name']} was read as {definition.title}: {row['object']}, which is not known any more.",
            )
        kept = kept_fields(definition, spec, row["headers"], settings, names)
        file = FileToStage(
            batch_id=row["batch_id"],
            file_name=row["file_name"],
            table_name=row["table_name"],
            headers=tuple(row["headers"]),
            definition=definition,
            spec=spec,
            date_order=row["date_order_given"],
            rows_read=row["rows_read"],
            imported_at=row["imported_at"],
            kept=kept,
        )
        account = stage_file(connection, file, settings)
        batches.append(_Batch(row, definition, spec, account, frozenset(kept_columns(kept))))
    return batches


def _snapshots(batches: list[_Batch]) -> dict[tuple[str, str], tuple[datetime, str]]:
    """Return when each import saw each CRM, and how that is known: the files of one export share the moment."""
    found: dict[tuple[str, str], tuple[datetime, str]] = {}
    whole = [batch for batch in batches if batch.row["mends"] is None]
    for key in {(batch.row["import_id"], batch.row["crm"]) for batch in whole}:
        own = [batch for batch in whole if (batch.row["import_id"], batch.row["crm"]) == key]
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
            is_full boolean, fills_opportunity boolean, is_mended boolean, newest_at timestamp
        )
        """
    )
    snapshots = _snapshots(batches)
    rows = {batch.row["batch_id"]: batch.row for batch in batches}
    zone = ZoneInfo(settings.time_zone)
    for batch in batches:
        row, account = batch.row, batch.account
        root = root_of(row, rows)  # mended rows belong to the export that they were rejected from
        snapshot_at, basis = snapshots[root["import_id"], root["crm"]]
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
            [column for column in row["unused_columns"] if fold(column) not in batch.kept],
            row["mapping_name"],
            snapshot_at,
            local.date(),
            basis,
            row["is_full_given"] and row["mends"] is None,
            any(into.table == "opportunity" for into in batch.spec.into),
            row["mends"] is not None,
            account.newest_stamp or account.newest_event,
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
        "coverage_basis": settings.coverage_basis,
        "count_rep_contacts": settings.count_rep_contacts,
        "email_shared_by_more_than": settings.email_shared_by_more_than,
        "flag_under": settings.flag_under,
        "unranked_under": settings.unranked_under,
        "most_filter_values": MOST_FILTER_VALUES,
        "silent_days": settings.silent_days,
        "pushed_times": settings.pushed_times,
        "half_life_days": settings.half_life_days,
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
    habits = settings.habits
    fill(
        "habit_setting",
        "end_days integer, after_days integer, cut_percent integer, usual_percent integer, mass_least integer, "
        "mass_times integer",
        [astuple(habits)],
        is_kept=True,
    )
    hours = settings.business_hours
    fill(
        "lead_setting",
        "first_response_hours integer, decision_days integer, win_rate_days integer, is_business boolean, "
        "opens integer, closes integer, open_days varchar",
        [
            (
                settings.first_response_hours,
                settings.decision_days,
                settings.win_rate_days,
                hours is not None,
                hours.opens if hours else 0,
                hours.closes if hours else 86_400,
                hours.days if hours else "1111111",
            )
        ],
        is_kept=True,
    )
    fill(
        "setting_rate",
        "currency varchar, valid_from date, rate decimal(18, 6), origin varchar",
        [
            *((rate.currency, rate.valid_from, rate.rate, "settings.toml") for rate in settings.currency_rates),
            *(
                (word.theirs.upper(), word.valid_from, Decimal(word.ours), "decided on a page")
                for word in settings.decided
                if word.kind == "rate"
            ),
        ],
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
    fill(
        "setting_vehicle",
        "type varchar, vehicle varchar",
        [(kind.lower(), vehicle) for kind, vehicle in settings.vehicles.items()],
    )
    fill(
        "setting_title",
        "kind varchar, pattern varchar",
        [
            *(("deciding", pattern) for pattern in settings.deciding_titles),
            *(("not deciding", pattern) for pattern in settings.not_deciding_titles),
        ],
    )
    fill("setting_deciding_role", "role varchar", [(role.lower(),) for role in settings.deciding_roles])
    fill(
        "acquisition_department",
        "department varchar",
        [(name.lower(),) for name in settings.acquisition_departments],
        is_kept=True,
    )
    # Several mappings may share a CRM's name, so that their records join: their words add up, the newest's first.
    definitions = list({batch.definition.text: batch.definition for batch in batches}.values())
    fill(
        "definition",
        "crm varchar, lead_precedence integer",
        list({d.name: (d.name, d.lead_precedence) for d in definitions}.values()),
    )
    # Which word counts where several speak of one: what was decided on a page, settings.toml, the CRM's definition.
    stages: list[tuple[object, ...]] = []
    statuses: list[tuple[object, ...]] = []
    for word in settings.decided:
        if word.kind in ("stage", "lead_status"):
            row = (word.crm, word.theirs.lower(), word.ours, "decided on a page", 2 if word.crm else 3)
            (stages if word.kind == "stage" else statuses).append(row)
    stages += [(None, stage.lower(), status, "settings.toml", 4) for stage, status in settings.stages.items()]
    statuses += [(None, name.lower(), what, "settings.toml", 4) for name, what in settings.lead_statuses.items()]
    for age, definition in enumerate(reversed(definitions)):
        origin = f"definition of {definition.title}"
        stages += [(definition.name, name.lower(), what, origin, 5 + age) for name, what in definition.stages.items()]
        statuses += [
            (definition.name, name.lower(), what, origin, 5 + age) for name, what in definition.lead_statuses.items()
        ]
    columns = "crm varchar, word varchar, meaning varchar, origin varchar, trust integer"
    fill("setting_stage", columns, stages)
    fill("setting_lead_status", columns, statuses)
    names = field_names((batch.definition for batch in batches), settings)
    fill("setting_custom", "field varchar", [(name,) for name in names.values()])
    fill(
        "setting_value",
        "field varchar, theirs varchar, ours varchar",
        [(field, theirs, ours) for (field, theirs), ours in shown_as(settings.decided).items()],
    )
    fill(
        "setting_refused",
        "field varchar, theirs varchar, ours varchar",
        [(word.field, word.theirs, word.ours) for word in settings.decided if word.kind == "refused"],
    )


def _write_latest(connection: duckdb.DuckDBPyConnection, batches: list[_Batch]) -> None:
    """Of several versions of a record keep the newest by snapshot; of a history, each of its rows, told by its key.

    A record's own export comes before what the exports of other records say of it (a deal's of its owner); of two
    versions in one import, the one that the CRM changed last. What the newest export has no column for is taken
    from the newest that has: an export with fewer columns takes nothing away.
    """
    lacking = _lacking_columns(connection)
    owners: dict[str, list[str]] = {}
    for batch in batches:
        if batch.spec.into:
            owners.setdefault(batch.spec.into[0].table, []).append(batch.row["batch_id"])
    write_latest_custom(connection, owners)
    for table in intake_tables().values():
        own = sql_texts(owners.get(table.name, []))
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
        columns = [name for name in lacking.get(table.name, ()) if name not in keys]
        changed = "s.modified_at desc nulls last, " if "modified" in table.fields else ""
        newest_first = (
            f"partition by {', '.join(keys)} order by {is_own} desc, b.snapshot_at desc, {changed}"
            "b.is_mended desc, b.newest_at desc nulls last, s.batch_id desc, s.line desc"
        )
        filled = "".join(
            f""",
                first_value(case when s.batch_id in (
                    select batch_id from present_column
                    where table_name = {sql_text(table.name)} and column_name = {sql_text(name)}
                ) then struct_pack(v := s.{name}) end ignore nulls) over (
                    {newest_first} rows between current row and unbounded following
                ) as {quoted("filled:" + name)}"""
            for name in columns
        )
        replaced = ", ".join(f"{quoted('filled:' + name)}.v as {name}" for name in columns)
        dropped = ", ".join(["nth", *(quoted("filled:" + name) for name in columns)])
        connection.execute(
            f"""
            create or replace temp table latest_{table.name} as
            select * exclude ({dropped}) {f"replace ({replaced})" if columns else ""}
            from (
                select s.*, row_number() over ({newest_first}) as nth{filled}
                from staged_{table.name} s
                join batch b using (batch_id)
            )
            where nth = 1
            """
        )


def _lacking_columns(connection: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    """Return the columns, by table, that some of a table's files have and others of the same CRM lack."""
    rows = connection.execute(
        """
        with file as (select distinct p.batch_id, p.table_name, b.crm from present_column p join batch b using (batch_id)),
        filed as (select crm, table_name, count(*) as files from file group by all)
        select f.table_name, p.column_name
        from (select distinct batch_id, table_name, column_name from present_column) p
        join file f using (batch_id, table_name)
        join filed n on n.crm = f.crm and n.table_name = f.table_name
        group by f.table_name, p.column_name, f.crm, n.files
        having count(*) < n.files
        order by all
        """
    ).fetchall()
    lacking: dict[str, list[str]] = {}
    for table, column in rows:
        if column not in lacking.setdefault(table, []):
            lacking[table].append(column)
    return lacking
