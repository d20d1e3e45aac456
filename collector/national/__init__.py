"""What came from the national service « Je donne mon avis »: its exports, its old links and its API's shape."""
