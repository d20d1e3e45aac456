"""The letters that the admin sends. Plain text first: the HTML says the same, and shows no picture from anywhere."""

from html import escape

from collector.mail import Letter
from collector.schema import Procedure, User

_ONCE = "Ce lien sert une seule fois et vaut 72 heures."
_BY_HAND = "S'il ne s'ouvre pas bien, ouvrez {page} et recopiez-y ce code :"


def invitation(user: User, by: User, url: str) -> Letter:
    return _letter(
        user,
        "Votre accès aux avis des usagers",
        [
            f"{by.name} ({by.email}) vous donne accès à Avis, où se lisent les avis des usagers de vos démarches.",
            f"Votre identifiant : {user.email}",
        ],
        "Choisissez votre mot de passe :",
        url,
        "Si vous ne connaissez pas cette personne, ne faites rien : sans mot de passe, cet accès reste fermé.",
    )


def recovery(user: User, url: str) -> Letter:
    return _letter(
        user,
        "Choisir un nouveau mot de passe",
        ["Quelqu'un, vous sans doute, a demandé à changer le mot de passe de votre compte Avis."],
        "Choisissez-en un nouveau :",
        url,
        "Si ce n'était pas vous, ne faites rien : votre mot de passe actuel reste valable.",
    )


def hook_stopped(user: User, procedure: Procedure, url: str) -> Letter:
    subject = f"Un webhook de « {procedure.title} » est arrêté"
    said = [
        f"Bonjour {user.name},",
        f"Un webhook que vous avez créé pour « {procedure.title} » n'a pas répondu comme il faut : il est arrêté.",
        "Rien n'est plus envoyé à son adresse. Les avis et les chiffres, eux, sont intacts.",
    ]
    do = "Vérifiez votre programme, puis reprenez le webhook :"
    text = "\n\n".join([*said, f"{do}\n{url}"]) + "\n"
    link = f'{escape(do)}<br><a href="{escape(url)}">{escape(url)}</a>'
    paragraphs = "".join(f"<p>{one}</p>" for one in [*map(escape, said), link])
    head = f'<!doctype html><html lang="fr"><meta charset="utf-8"><title>{escape(subject)}</title>'
    return Letter(user.email, subject, text, f"{head}<body>{paragraphs}</body></html>")


def _letter(user: User, subject: str, said: list[str], do: str, url: str, end: str) -> Letter:
    page, _, code = url.partition("#")
    by_hand = _BY_HAND.format(page=page)
    text = [f"Bonjour {user.name},", *said, f"{do}\n{url}", f"{by_hand}\n{code}", _ONCE, end]
    link = f'{escape(do)}<br><a href="{escape(url)}">{escape(page)}</a>'
    by_code = f"{escape(by_hand)}<br><code>{escape(code)}</code>"
    html = [*(escape(one) for one in text[: 1 + len(said)]), link, by_code, escape(_ONCE), escape(end)]
    paragraphs = "".join(f"<p>{one}</p>" for one in html)
    head = f'<!doctype html><html lang="fr"><meta charset="utf-8"><title>{escape(subject)}</title>'
    return Letter(user.email, subject, "\n\n".join(text) + "\n", f"{head}<body>{paragraphs}</body></html>")
