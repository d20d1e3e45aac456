"""What `make bench` runs. Each figure is printed as one JSON object; nothing here is asserted in a test."""
