"""What leaves: signed links, row streams, file formats, and the client that pulls them."""
