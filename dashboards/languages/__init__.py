"""The catalogues of translated texts, one gettext file a language."""
