"""The statements that make the tables, in groups; plain SQL that SQLite and PostgreSQL both read."""
