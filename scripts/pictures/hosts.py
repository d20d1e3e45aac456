"""The site of a procedure's owner, in each language of the gallery, with what the owner pastes at its end."""

from collections.abc import Mapping

from msgspec import Struct

from embed.language import languages

_STYLE = """
    :root { color-scheme: light dark }
    body { margin: 0; font: 1rem/1.5 system-ui; background: light-dark(#f6f6f2, #1c1f1d) }
    header { padding: 1rem 1.25rem; background: light-dark(#1f6f5c, #123f35); color: #fff }
    main { padding: 1.25rem; max-width: 46rem; margin: auto }
    h1 { font-size: 1.5rem; margin: 0 0 .5rem }
    .qr { width: 16rem; display: block; margin: 1rem auto }
"""


class Words(Struct, frozen=True):
    """A group of languages, what one of them calls it, and what the host says in it."""

    group: str
    site: str
    sent: str
    next: str
    scan: str


# One language for each way that text can behave in the form, with the longest words among the Latin ones.
GROUPS: Mapping[str, Words] = {
    "fr": Words(
        "Latin",
        "Syndicat des rivières",
        "Votre demande est envoyée",
        "Vous recevrez votre carte sous cinq jours.",
        "Votre avis nous aide : visez ce code avec votre téléphone.",
    ),
    "de": Words(
        "Latin, long words",
        "Gewässerverband",
        "Ihr Antrag wurde übermittelt",
        "Sie erhalten Ihre Karte innerhalb von fünf Tagen.",
        "Ihre Meinung hilft uns: Scannen Sie diesen Code.",
    ),
    "ar": Words(
        "right to left",
        "نقابة الأنهار",
        "تم إرسال طلبكم",
        "ستصلكم بطاقتكم في غضون خمسة أيام.",
        "رأيكم يساعدنا: امسحوا هذا الرمز بهاتفكم.",
    ),
    "uk": Words(
        "Cyrillic",
        "Союз річок",
        "Вашу заяву надіслано",
        "Ви отримаєте картку протягом п'яти днів.",
        "Ваша думка допомагає нам: відскануйте цей код.",
    ),
    "zh": Words(
        "Chinese",
        "河流协会",
        "您的申请已提交",
        "您将在五天内收到证件。",
        "您的意见对我们很有帮助：请用手机扫描此码。",
    ),
    "fr-simple": Words(
        "easy French",
        "Syndicat des rivières",
        "Votre demande est partie",
        "Vous aurez votre carte dans cinq jours.",
        "Vous pouvez donner votre avis. Prenez ce code en photo.",
    ),
}


def page(lang: str, pasted: str, *, text: str | None = None, more: str = "") -> str:
    """The last page of a procedure. `pasted` is exactly what the owner copies; `more` is text after it."""
    words = GROUPS[lang]
    return (
        f"<!doctype html><html lang={lang} dir={languages()[lang].direction}><meta charset=utf-8>"
        f'<meta name=viewport content="width=device-width"><title>{words.sent}</title><style>{_STYLE}</style>'
        f"<header>{words.site}</header><main><h1>{words.sent}</h1><p>{text or words.next}</p>{pasted}{more}</main>"
    )
