"""Procedures and accounts as tables: read from a file, compared with what is there, written as one."""
