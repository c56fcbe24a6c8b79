"""The shares of `extracts` on Apache Spark (`abhaya[spark]`): it finds the cores, hands out shares, and repeats what was lost.

Spark itself reads no hash: its workers open the extracts with the run's key, which comes to them over authenticated, encrypted
connections and is written nowhere. Every machine needs this program with its extra, and sees the extract's folder.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from py4j.protocol import Py4JError, Py4JJavaError
from pyspark import SparkConf, SparkContext
from pyspark.errors import PySparkException

from abhaya.errors import OperatorError
from abhaya.matching.bulk import On
from abhaya.matching.extracts import Done, Layout, Share, shares, work
from abhaya.matching.formats.extract_parquet import Extract

QUIETLY = {
    "spark.authenticate": "true",
    "spark.network.crypto.enabled": "true",
    "spark.io.encryption.enabled": "true",  # what Spark itself puts on a disk
    "spark.eventLog.enabled": "false",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "OFF",  # what goes wrong is raised
}
ALONE = {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}  # nobody else is to reach it


def hold(extract: Extract, layout: Layout, radius: int, *, master: str, on: On = On.AUTO) -> list[Done]:
    """Does all shares of a layout on the cluster of that master (`local[2]`, `spark://host:7077`, `yarn`)."""
    try:
        with _context(master) as context:
            todo = shares(layout, context.defaultParallelism)
            if not todo:
                return []
            do = partial(_work, extract=extract, radius=radius, queries=layout.queries, on=on)
            return list(context.parallelize(todo, len(todo)).map(do).collect())
    except Py4JJavaError as error:
        raise OperatorError(f"Spark gave up: {_why(str(error.java_exception))}") from error
    except (Py4JError, PySparkException, OSError) as error:
        raise OperatorError(f"Spark did not start: {_why(str(error))} It needs Java 17 or newer.") from error


def _work(share: Share, *, extract: Extract, radius: int, queries: int, on: On) -> Done:
    return work(extract, share, radius, queries=queries, on=on)


@contextmanager
def _context(master: str) -> Iterator[SparkContext]:
    is_local = master.startswith("local")
    if is_local:
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)  # elsewhere the cluster knows its own
    settings = QUIETLY | (ALONE if is_local else {})
    conf = SparkConf().setMaster(master).setAppName("abhaya").setAll(list(settings.items()))
    context = SparkContext(conf=conf)
    try:
        yield context
    finally:
        context.stop()


def _why(told: str) -> str:
    """The sentence in a report that holds two languages' tracebacks: Python's last line, else the first there is."""
    lines = [line.strip() for line in told.splitlines() if line.strip()]
    errors = [line for line in lines if line.partition(":")[0].endswith(("Error", "Exception")) and " " in line]
    ours = [line for line in errors if not line.startswith(("java.", "org.apache"))]
    return (ours or errors or lines or ["it does not say why"])[0]
