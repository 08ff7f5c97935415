"""Rules as data: one TOML file a kind, each rule with examples and counter-examples, and what loads and checks them."""
