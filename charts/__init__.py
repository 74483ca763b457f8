"""Draws: a DataFrame in, a plotly Figure out; colours and fonts are the theme's."""
