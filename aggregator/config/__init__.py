"""The configuration: the text of a config.toml → typed settings, or every fault in it at once."""
