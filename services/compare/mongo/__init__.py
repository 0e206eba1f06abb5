"""The compare service's collections in MongoDB, with the translation of their documents."""

from services.compare.mongo.comparisons import MongoComparisons, read_comparison
from services.compare.mongo.series import MongoSeries
from services.compare.mongo.strategies import MongoStrategyModel
from services.compare.mongo.trials import MongoTrials

__all__ = ["MongoComparisons", "MongoSeries", "MongoStrategyModel", "MongoTrials", "read_comparison"]
