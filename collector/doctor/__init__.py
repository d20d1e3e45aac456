"""Look at a service from all sides and say what to do about whatever is not as it should be."""
