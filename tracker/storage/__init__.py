"""Where things are kept: the only room with SQL, MongoDB or files."""
