"""The visitor's pages: what a person may see and change here, without scripts, in their language."""
