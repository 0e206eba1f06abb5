"""The words of questions in Korean and in English, as data: each phrase with its term."""
