"""The pages, one noun per file. A handler reads, decides and names a template; what it shows is computed elsewhere."""
