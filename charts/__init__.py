"""Polars frame in, plotly figure out. Each function is named for what it shows by what."""
