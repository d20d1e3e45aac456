"""The parts of `avis pull`: ask and verify (asking, trust), keep (folder, files), and what may go wrong (errors)."""
