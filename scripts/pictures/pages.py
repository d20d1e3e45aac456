"""Every page of the admin and of the observatory, on sheets of four, and the first of each dark on a phone."""

from urllib.parse import urlsplit

from playwright.sync_api import StorageState

from scripts.pictures.camera import Camera
from scripts.pictures.sheets import Shot, sheet, shot

_PROCEDURE = "/admin/demarches/carte-de-peche"

SHEETS: dict[str, dict[str, str]] = {
    "admin-1-home": {
        "Mes démarches": "/admin",
        "Mes démarches, filtrées et triées": "/admin?tri=satisfaction&ordre=croissant",
        "Créer une démarche": "/admin/nouvelle-demarche",
        "Mon compte": "/admin/compte",
    },
    "admin-2-figures": {
        "Indicateurs": _PROCEDURE,
        "Données d'exploitation": f"{_PROCEDURE}/exploitation",
        "Scénarios": f"{_PROCEDURE}/scenarios?facteur=reach-desk-phone&part=85",
        "Critères": f"{_PROCEDURE}/criteres",
    },
    "admin-3-reviews": {
        "Avis": f"{_PROCEDURE}/avis",
        "Thèmes et mots": f"{_PROCEDURE}/themes",
        "À vérifier": f"{_PROCEDURE}/a-verifier",
        "Effacer un avis": f"{_PROCEDURE}/avis/{{review}}/effacer",
    },
    "admin-4-act": {
        "Signalements": f"{_PROCEDURE}/signalements",
        "Un signalement": f"{_PROCEDURE}/signalements/{{problem}}",
        "Améliorations": f"{_PROCEDURE}/ameliorations",
        "Masquer un passage": f"{_PROCEDURE}/avis/{{review}}/masquer",
    },
    "admin-5-button": {
        "Emplacements": f"{_PROCEDURE}/emplacements",
        "Un emplacement": f"{_PROCEDURE}/emplacements/{{placement}}",
        "Formulaire": f"{_PROCEDURE}/formulaire",
        "Réglages": f"{_PROCEDURE}/reglages",
    },
    "admin-6-data": {
        "Liens d'export": f"{_PROCEDURE}/exports",
        "Alertes": f"{_PROCEDURE}/alertes",
        "Webhooks": f"{_PROCEDURE}/webhooks",
        "Validation en deux étapes": "/admin/compte/deux-etapes",
    },
    "admin-7-people": {
        "Utilisateurs": "/admin/utilisateurs",
        "Un utilisateur": "/admin/utilisateurs/1",
        "Clés d'API": "/admin/comptes-de-service",
        "Administrations": "/admin/administrations",
    },
    "admin-8-service": {
        "Santé": "/admin/sante",
        "Limites et avis suspects": "/admin/limites",
        "Annonces": "/admin/annonces",
        "Import de démarches": "/admin/import/demarches",
    },
    "admin-9-traces": {
        "Journal": "/admin/journal",
        "Contrôle du journal": "/admin/journal/controle",
        "Une administration": "/admin/administrations/1",
        "Réunir deux administrations": "/admin/administrations/1/reunir?into=2",
    },
    "admin-made": {
        "Import d'utilisateurs": "/admin/import/utilisateurs",
        "Un lien d'export": f"{_PROCEDURE}/exports/{{link}}",
        "Un compte de service": "/admin/comptes-de-service/{service}",
        "Une annonce": "/admin/annonces/{announcement}",
    },
    "observatory": {
        "Observatoire": "/observatoire",
        "Une démarche": "/observatoire/carte-de-peche",
        "Par ministère": "/observatoire/ministeres",
        "Méthode": "/observatoire/methodologie",
    },
    "observatory-editions": {
        "Éditions": "/observatoire/editions",
        "Une édition": "/observatoire/editions/{edition}",
        "Accessibilité": "/observatoire/accessibilite",
    },
}
DOORS = {
    "Se connecter": "/admin/connexion",
    "Mot de passe oublié": "/admin/mot-de-passe-oublie",
    "Choisir un mot de passe": "/admin/mot-de-passe",
}
"""Before anybody is signed in."""
_DESK = (1200, 1500)
_PHONE = (390, 1000)
_WIDTH = 420
"""Of each page on a sheet."""


def take(camera: Camera, state: StorageState) -> None:
    """Each page as far as its window goes: below it there is more of the same."""
    filled = _places(camera, state)
    doors = [_shot(camera, None, caption, path, *_DESK) for caption, path in DOORS.items()]
    sheet(camera, "admin-0-doors", doors, columns=4, width=_WIDTH)
    phones = []
    for name, pages in SHEETS.items():
        if name == "admin-made":
            # An announcement is told on every page, so it is made last.
            filled |= _made(camera, state)
        shots = [_shot(camera, state, caption, path.format(**filled), *_DESK) for caption, path in pages.items()]
        sheet(camera, name, shots, columns=4, width=_WIDTH)
        caption, path = next(iter(pages.items()))
        phones.append(_shot(camera, state, caption, path.format(**filled), *_PHONE, color_scheme="dark"))
    half = len(phones) // 2
    sheet(camera, "pages-on-a-phone-1", phones[:half], columns=6, width=230)
    sheet(camera, "pages-on-a-phone-2", phones[half:], columns=6, width=230)


def _places(camera: Camera, state: StorageState) -> dict[str, str]:
    """The latest review, problem, placement and edition, as the pages lead to them."""
    page = camera.at(f"{camera.url}{_PROCEDURE}/avis?comment=1", storage_state=state)

    def led(path: str, links: str) -> str:
        page.goto(camera.url + path)
        return urlsplit(page.locator(links).first.get_attribute("href") or "").path

    found = {
        "review": led(f"{_PROCEDURE}/avis?comment=1", "a[href*='/masquer']").split("/")[-2],
        "problem": led(f"{_PROCEDURE}/signalements", "main a[href*='/signalements/']").split("/")[-1],
        "placement": led(f"{_PROCEDURE}/emplacements", "main a[href*='/emplacements/']").split("/")[-1],
        "edition": led("/observatoire/editions", "main a[href*='/editions/2']").split("/")[-1],
    }
    page.context.close()
    return found


def _made(camera: Camera, state: StorageState) -> dict[str, str]:
    """An export link, a service account and an announcement, made as their owners do."""
    page = camera.at(f"{camera.url}{_PROCEDURE}/exports", storage_state=state)
    page.get_by_label("Destinataire").fill("Observatoire")
    page.get_by_role("button", name="Créer le lien").click()
    page.goto(f"{camera.url}{_PROCEDURE}/exports")
    link = page.locator("main a[href*='/exports/']").first.get_attribute("href") or ""
    page.goto(f"{camera.url}/admin/comptes-de-service")
    page.get_by_label("Nom", exact=True).fill("Tableau de bord")
    page.get_by_label("À quoi il sert").fill("Suivi mensuel")
    page.get_by_label("Sur", exact=True).select_option("procedure/carte-de-peche")
    page.get_by_role("button", name="Créer le compte de service").click()
    service = page.url
    page.goto(f"{camera.url}/admin/annonces")
    page.get_by_label("Titre").fill("Interruption lundi")
    page.get_by_label("Texte").fill("Le service s'arrête lundi de 7 h à 7 h 30. Aucun avis ne sera perdu.")
    page.get_by_role("button", name="Publier l’annonce").click()
    announcement = page.locator("main a[href*='/annonces/']").first.get_attribute("href") or ""
    page.context.close()
    names = {"link": link, "service": service, "announcement": announcement}
    return {name: urlsplit(address).path.split("/")[-1] for name, address in names.items()}


def _shot(
    camera: Camera,
    state: StorageState | None,
    caption: str,
    path: str,
    width: int,
    height: int,
    color_scheme: str = "light",
) -> Shot:
    page = camera.at(f"{camera.url}{path}", width=width, height=height, storage_state=state, color_scheme=color_scheme)
    page.wait_for_load_state("networkidle")
    taken = shot(caption, page, whole=False)
    page.context.close()
    return taken
