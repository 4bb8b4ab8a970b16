"""Scores a folder of Parquet tables of calls with Spark, into a folder that ``open_scores`` opens.

    spark-submit .../listening_coach/scores/spark_folder.py CALLS/ SCORES/ [--partitions 64] [--rubric FILE] [--timeout SECONDS]
    python -m listening_coach.scores.spark_folder CALLS/ SCORES/ [--master 'local[2]']

Every worker needs this library installed for the Python that it runs (``PYSPARK_PYTHON``).
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from listening_coach.scores.engines import score_spark  # whole name: spark-submit runs this file by itself


def main(arguments: Sequence[str] | None = None) -> None:
    """Reads, scores and writes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("calls")
    parser.add_argument("scores")
    parser.add_argument("--master", help="where to run; left to spark-submit if not given")
    parser.add_argument("--partitions", type=int, help="pieces of work; left to Spark if not given")
    parser.add_argument("--rubric", help="a rubric file that every machine can open, or a name of ours")
    parser.add_argument("--timeout", type=float, help="seconds a call may take; then one that takes longer, or crashes, costs itself only")
    given = parser.parse_args(arguments)

    from pyspark.sql import SparkSession

    builder = SparkSession.builder.appName("listening_coach").config("spark.sql.execution.arrow.maxRecordsPerBatch", 256)
    if given.master:
        builder = builder.master(given.master)
    session = builder.getOrCreate()
    try:
        calls = session.read.parquet(given.calls)
        if given.partitions:
            calls = calls.repartition(given.partitions)
        score_spark(calls, rubric=given.rubric, timeout_s=given.timeout).write.mode("overwrite").parquet(given.scores)
    finally:
        session.stop()


if __name__ == "__main__":
    main()
