"""The configuration: the text of a config.toml → typed settings, or every fault in it at once."""

import os

# pydantic would look for plugins of its own in every package that is installed: 20 ms at each start
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
