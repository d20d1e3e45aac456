"""What owners and administrators see: sign-in, their procedures, indicators, reviews, placements, links, accounts."""
