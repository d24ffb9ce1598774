"""Where state lives: one folder, named by SAME_PAGE_HOME, `data/` of the project by default."""

import os
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent


def home() -> Path:
    """Return the folder that holds everything an import or a person writes."""
    named = os.environ.get("SAME_PAGE_HOME", "").strip()
    return Path(named).expanduser().resolve() if named else PROJECT / "data"


def warehouse_dir() -> Path:
    """Return the folder of warehouse versions and their pointer."""
    return home() / "warehouse"


def store_dir() -> Path:
    """Return the folder of what people wrote."""
    return home() / "store"


def sample_dir() -> Path:
    """Return the folder of the sample company's exports."""
    return home() / "sample"


def settings_path() -> Path:
    """Return the settings in force: the home's own file where there is one, else the project's."""
    own = home() / "settings.toml"
    return own if own.exists() else PROJECT / "settings.toml"


def words_path() -> Path:
    """Return the words that people decided on a page, which are laid over the settings."""
    return home() / "words.toml"
