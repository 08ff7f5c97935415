"""Documents to rows, rows to files, the data package that describes them; and files back to records."""
