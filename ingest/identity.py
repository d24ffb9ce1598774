"""Who is one human: the connected records of leads and contacts, across CRMs."""

import duckdb
import numpy as np
import polars as pl
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components


def join_identities(connection: duckdb.DuckDBPyConnection) -> None:
    """Write `person_identity`, one row per lead or contact record with the person that it stands for.

    Reads `person_node` and `person_edge` (see build/40_person_node.sql). A person is named by the smallest of its
    records' ids, so that the name does not depend on the order of imports.
    """
    nodes = connection.sql("select source_id from person_node order by source_id").pl()
    if nodes.is_empty():
        connection.execute("create or replace temp table person_identity (source_id varchar, person_id varchar)")
        return
    nodes = nodes.unique(maintain_order=True).with_row_index("number")
    edges = (
        connection.sql("select distinct a, b from person_edge")
        .pl()
        .join(nodes.rename({"source_id": "a", "number": "from"}), on="a")
        .join(nodes.rename({"source_id": "b", "number": "to"}), on="b")
    )
    size = nodes.height
    graph = coo_array(
        (np.ones(edges.height, dtype=np.int8), (edges["from"].to_numpy(), edges["to"].to_numpy())),
        shape=(size, size),
    )
    _, labels = connected_components(graph, directed=False)
    persons = nodes.with_columns(pl.Series("label", labels)).with_columns(
        pl.col("source_id").min().over("label").alias("person_id")
    )
    connection.register("identity_frame", persons.select("source_id", "person_id").to_arrow())
    connection.execute("create or replace temp table person_identity as select * from identity_frame")
    connection.unregister("identity_frame")
