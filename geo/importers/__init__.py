"""Other people's tables → a study.

Each kind of table has a module that reads it into a :class:`geo.importers.draft.Draft`:
what a study's folder will hold, and what was read, guessed and dropped on the way to it.
"""
