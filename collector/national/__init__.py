"""What came from the national service « Je donne mon avis »: its exports, and its API's shape."""
