"""Who is one human: the connected records of leads and contacts, across CRMs."""

import duckdb
import numpy as np
import pyarrow as pa
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components


def join_identities(connection: duckdb.DuckDBPyConnection) -> None:
    """Write `person_identity`, one row per lead or contact record with the person that it stands for.

    Reads `person_node` and `person_edge` (see build/40_person_node.sql). A person is named by the smallest of its
    records' ids, so that the name does not depend on the order of imports. Only numbers leave the database, for a
    million people's ids would fill the memory.
    """
    connection.execute(
        """
        create or replace temp table node_number as
        select source_id, row_number() over (order by source_id) - 1 as number
        from (select distinct source_id from person_node)
        """
    )
    size = connection.execute("select count(*) from node_number").fetchall()[0][0]
    edges = connection.execute(
        """
        select distinct x.number as a, y.number as b
        from person_edge e
        join node_number x on x.source_id = e.a
        join node_number y on y.source_id = e.b
        """
    ).fetchnumpy()
    person = np.arange(size)
    if size:
        graph = coo_array((np.ones(edges["a"].size, dtype=np.int8), (edges["a"], edges["b"])), shape=(size, size))
        _, labels = connected_components(graph, directed=False)
        first = np.zeros(size, dtype=np.int64)
        first[labels[::-1]] = person[::-1]  # written last, the smallest number of each label stays
        person = first[labels]
    connection.register("identity_numbers", pa.table({"number": np.arange(size), "person": person}))
    connection.execute(
        """
        create or replace temp table person_identity as
        select n.source_id, p.source_id as person_id
        from identity_numbers i
        join node_number n on n.number = i.number
        join node_number p on p.number = i.person
        """
    )
    connection.unregister("identity_numbers")
