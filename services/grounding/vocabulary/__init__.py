"""The words that prose has beside figures, in Korean and in English, as data."""
