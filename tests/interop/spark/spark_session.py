"""Spark in this process, as the suites want it: checksums are compared, and nothing is said that is not asked for."""
from pyspark.sql import SparkSession


def start():
    spark = (SparkSession.builder.config("spark.sql.legacy.parquet.nanosAsLong", "true")
             .config("spark.sql.adaptive.enabled", "false")  # plans tell what they read
             .config("spark.hadoop.parquet.page.verify-checksum.enabled", "true").getOrCreate())
    spark.sparkContext.setLogLevel("ERROR")
    return spark
