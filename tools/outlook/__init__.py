"""Second-stage tables: what the long-run dynamics of the model need."""
