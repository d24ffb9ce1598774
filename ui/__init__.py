"""The Streamlit parts that pages share: filters, figures with definition and records, messages; the only caching."""
