"""The only room that speaks SQL: one file per noun, over one database."""
