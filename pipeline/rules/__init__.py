"""Rules as data: one TOML file per kind, each rule with examples and counter-examples; and their loader."""
