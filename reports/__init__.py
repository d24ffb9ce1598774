"""What can be read without a screen: findings in words, and tables as files. No Streamlit."""
