"""The parts of `avis pull`: ask and verify (asking, trust), keep (folder, duck, files), fail (errors)."""
