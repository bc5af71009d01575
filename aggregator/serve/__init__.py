"""The web server: published documents from memory, with their validators, and how things are.

`library.py` says what the server asks for, `documents.py` answers requests with it, `app.py` puts
the addresses together and `server.py` listens.
Nothing is imported here, so that a command that serves nothing does not pay for a web server.
"""
