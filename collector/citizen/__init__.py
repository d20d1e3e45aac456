"""What a citizen's browser asks for: the form, the loader, the pictures that lead to the form, and the demo."""

from typing import Any

from collector.citizen import files, form, old_links

routes: list[Any] = [
    form.show_form,
    form.answer_form,
    old_links.follow_old_link,
    files.serve_loader,
    files.serve_qr,
    files.serve_button,
    files.show_demo,
    files.show_privacy,
    files.show_front,
    files.serve_no_icon,
]
