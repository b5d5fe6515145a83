"""Read a file that a person made: CSV or XLSX, titles in either language, every cell tidied and looked at once."""
