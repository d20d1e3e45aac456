"""What an owner comes for, done in a browser."""

import re
from collections.abc import Callable
from uuid import uuid4

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.browser.admin.conftest import PASSWORD, Owner, choose_password, sign_in
from tests.browser.conftest import Collector


def test_a_first_sign_in_leads_through_a_new_password_to_what_to_do_next(
    service: Collector, browse: Callable[..., Page]
) -> None:
    email = f"eve-{uuid4().hex[:6]}@exemple.fr"
    made = service.run("user", "add", email, "--name", "Eve", "--role", "manager", "--organisation", "Agence d'Ève")
    page = browse(f"{service.url}/admin/demarches/passeport")
    sign_in(page, email, "ce n'est pas le bon")
    expect(page.get_by_role("alert")).to_contain_text("ne convient pas")
    expect(page.get_by_label("Adresse électronique")).to_have_value(email)
    sign_in(page, email, made["one_time_password"])
    expect(page.get_by_role("heading", level=1)).to_have_text("Choisissez votre mot de passe")
    choose_password(page, made["one_time_password"], "trop court")
    expect(page.get_by_role("alert")).to_be_focused()
    choose_password(page, made["one_time_password"], PASSWORD)
    expect(page.get_by_role("heading", name="Votre première démarche, en trois gestes")).to_be_visible()
    page.get_by_role("button", name="Se déconnecter").click()
    expect(page.get_by_role("status")).to_have_text("Vous êtes déconnecté.")
    page.goto(f"{service.url}/admin")
    expect(page.get_by_role("heading", level=1)).to_have_text("Connexion")


def test_an_owner_creates_a_procedure_copies_its_snippet_and_sees_the_first_review(owner: Owner) -> None:
    page = owner.open("/admin", permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("link", name="Créer une démarche").click()
    title = f"Demander l'été {uuid4().hex[:6]}"
    page.get_by_label("Nom de la démarche").fill(title)
    slug = page.get_by_label("Identifiant").input_value()
    assert slug == title.lower().replace("'", "-").replace(" ", "-").replace("é", "e")
    page.get_by_label("Administration").fill("Agence des saisons")
    page.get_by_label("Sites qui affichent le bouton").fill("pas un site")
    page.get_by_role("button", name="Créer la démarche").click()
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_label("Nom de la démarche")).to_have_value(title)
    page.get_by_role("alert").get_by_role("link").click()
    expect(page.get_by_label("Sites qui affichent le bouton")).to_be_focused()
    page.get_by_label("Sites qui affichent le bouton").fill("https://ete.exemple.fr")
    page.get_by_role("button", name="Créer la démarche").click()

    expect(page.get_by_role("status")).to_contain_text("La démarche est créée")
    page.get_by_role("button", name="Copier l’extrait « Bouton et fenêtre »").click()
    expect(page.get_by_text("Copié")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    key = re.search(r'key="(\w+)"', copied)
    assert key
    assert copied.startswith("<je-donne-mon-avis")
    assert "integrity=" in copied
    preview = page.frame_locator("iframe[title='Aperçu du formulaire']")
    expect(preview.get_by_text("De façon générale, comment ça s'est passé ?")).to_be_visible()

    body = {"id": str(uuid4()), "key": key[1], "answers": {"satisfaction": "good", "verbatim": "Bravo pour l'été"}}
    assert httpx.post(f"{owner.url}/api/v1/reviews", json=body).status_code == 201
    page.get_by_role("link", name="Avis", exact=True).last.click()
    expect(page.get_by_text("Bravo pour l'été")).to_be_visible()
    page.get_by_role("link", name="Chiffres").click()
    expect(page.get_by_role("heading", name="1 avis")).to_be_visible()


def test_a_preview_is_answered_to_the_end_and_keeps_nothing(owner: Owner, service: Collector) -> None:
    before = len(service.reviews())
    page = owner.open(f"/admin/demarches/passeport/emplacements/{service.key}?theme=dark&width=phone")
    preview = page.frame_locator("iframe[title='Aperçu du formulaire']")
    expect(preview.get_by_text("Essai : rien n'est enregistré.").first).to_be_visible()
    preview.locator("label:has([name=satisfaction][value=bad])").click()
    expect(preview.get_by_role("heading", name="Voici ce qui aurait été enregistré")).to_be_visible()
    for _ in range(2):
        preview.locator("section:not([hidden]) > p > button[name=next]").click()
    preview.locator("textarea").fill("Appelez le 06 12 34 56 78")
    preview.locator("section:not([hidden]) > p > button[name=next]").click()
    expect(preview.get_by_role("heading", name="Merci !")).to_be_visible()
    expect(preview.locator("dd", has_text="Appelez le [téléphone]")).to_be_visible()
    assert len(service.reviews()) == before
    page.locator("#lang-apercu").select_option("العربية")
    page.locator("#apercu").get_by_role("button", name="Afficher").click()
    expect(page.frame_locator("iframe[title='Aperçu du formulaire']").locator("html")).to_have_attribute("dir", "rtl")
    expect(page.get_by_role("button", name="Sombre")).to_have_attribute("aria-pressed", "true")


def test_an_owner_publishes_a_shorter_form_and_answers_to_it_say_so(owner: Owner, service: Collector) -> None:
    page = owner.open("/admin/demarches/passeport/formulaire")
    page.get_by_label("Introduction").fill("Deux minutes, promis.")
    page.get_by_label("Clarté des informations").uncheck()
    page.get_by_label("Par chat avec l'administration").uncheck()
    page.get_by_role("button", name="Enregistrer le brouillon").click()
    expect(page.get_by_text("la clarté des informations n'aura plus de valeur")).to_be_visible()
    page.get_by_role("button", name="Publier ce brouillon").click()
    expect(page.get_by_role("status")).to_contain_text("La nouvelle version est affichée")
    page.goto(f"{service.url}/avis/{service.key}")
    expect(page.get_by_text("Deux minutes, promis.")).to_be_visible()
    page.locator("label:has([name=satisfaction][value=medium])").click()
    page.locator("label:has([value=phone])").click()
    page.locator("section:not([hidden]) button[name=next]").click()
    expect(page.get_by_text("Réponse enregistrée.")).to_be_visible()
    newest = service.reviews()[-1]
    assert (newest["form_version"], newest["satisfaction"], newest["contact_tried"]) == (2, "medium", '["phone"]')
    page.goto(f"{owner.url}/admin/demarches/passeport/formulaire")
    page.get_by_role("button", name="Afficher de nouveau la version 1").click()
    expect(page.get_by_text("Vos usagers voient la version 1.")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_chart_is_drawn_over_its_table_and_reads_the_same_figures(owner: Owner, scheme: str) -> None:
    page = owner.open("/admin/demarches/passeport", color_scheme=scheme)
    charts = page.locator(".chart svg")
    expect(charts).to_have_count(2)
    assert charts.first.locator("path").count() > 3
    expect(page.locator(".chart").first).to_have_attribute("aria-hidden", "true")
    summary = page.locator("summary", has_text="Les chiffres de ces courbes")
    expect(page.locator("#evolution-table")).to_be_hidden()
    summary.click()
    expect(page.locator("#evolution-table")).to_be_visible()
    total = sum(int(cell) for cell in page.locator("#evolution-table tr td:nth-child(4)").all_inner_texts())
    assert f"{total} avis" in page.locator("h2.statement").inner_text().replace("\u202f", "")
    page.get_by_role("link", name="Voir la courbe de l’indicateur Clarté").click()
    expect(page.get_by_role("heading", name="Évolution : Clarté des informations")).to_be_in_viewport()
    page.get_by_role("button", name="30 jours").click()
    expect(page.get_by_role("button", name="30 jours")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("heading", name="Évolution : Clarté des informations")).to_be_visible()


def test_reviews_are_read_and_filtered(owner: Owner) -> None:
    page = owner.open("/admin/demarches/passeport/avis")
    page.get_by_label("Satisfaction").select_option("Pas bien")
    page.get_by_label("Avec un commentaire").check()
    page.get_by_role("button", name="Filtrer").click()
    expect(page.locator(".review")).to_have_count(4)
    expect(page.locator(".review blockquote").first).to_contain_text("pièces jointes")
    expect(page.get_by_label("Satisfaction")).to_have_value("bad")
    page.get_by_role("link", name="Tout afficher").click()
    expect(page.locator(".review").nth(15)).to_be_visible()


def test_on_a_phone_the_reviews_come_before_their_filters(owner: Owner) -> None:
    page = owner.open("/admin/demarches/passeport/avis", width=390)
    expect(page.get_by_label("Satisfaction")).to_be_hidden()
    expect(page.locator(".review").first).to_be_in_viewport()
    page.get_by_text("Filtrer").first.click()
    page.get_by_label("Satisfaction").select_option("Pas bien")
    page.get_by_role("button", name="Filtrer").click()
    expect(page.get_by_label("Satisfaction")).to_have_value("bad")


def test_a_link_is_created_copied_used_and_revoked(owner: Owner) -> None:
    page = owner.open("/admin/demarches/passeport/exports", permissions=["clipboard-read", "clipboard-write"])
    page.get_by_label("Destinataire").fill("Observatoire")
    page.get_by_role("button", name="Créer le lien").click()
    expect(page.get_by_role("heading", name="Le lien pour Observatoire est prêt")).to_be_visible()
    page.get_by_role("button", name="Copier l’adresse du lien").click()
    expect(page.get_by_text("Copié")).to_be_visible()
    url = page.evaluate("navigator.clipboard.readText()")
    assert httpx.get(url).status_code == 200
    # Reloading neither makes a second link nor shows the first again.
    page.reload()
    expect(page.get_by_role("heading", name="Le lien pour Observatoire est prêt")).to_have_count(0)
    page.get_by_role("link", name="Observatoire").first.click()
    expect(page.get_by_role("cell", name="Fichier entier")).to_be_visible()
    page.get_by_role("button", name="Révoquer ce lien").click()
    expect(page.get_by_role("status")).to_contain_text("révoqué")
    assert httpx.get(url).status_code == 410


def test_a_password_is_changed_and_the_old_one_no_longer_opens(service: Collector, browse: Callable[..., Page]) -> None:
    email, new = "rachel@exemple.fr", "une licorne regarde le train"
    first = service.run("user", "add", email, "--name", "Rachel", "--role", "reader")["one_time_password"]
    page = browse(f"{service.url}/admin/connexion")
    sign_in(page, email, first)
    choose_password(page, first, PASSWORD)
    expect(page.get_by_role("heading", name="Aucune démarche ne vous est confiée")).to_be_visible()
    page.get_by_role("link", name="Mon compte").click()
    choose_password(page, PASSWORD, new)
    expect(page.get_by_role("status")).to_contain_text("Votre mot de passe est changé")
    other = browse(f"{service.url}/admin/connexion")
    sign_in(other, email, PASSWORD)
    expect(other.get_by_role("alert")).to_be_visible()
    sign_in(other, email, new)
    expect(other.get_by_role("heading", level=1)).to_have_text("Mes démarches")


def test_everything_but_drawing_works_without_javascript(owner: Owner, service: Collector) -> None:
    page = owner.open("/admin/demarches/passeport", scripts=False)
    expect(page.locator("#evolution-table")).to_be_visible()
    expect(page.locator(".chart").first).to_be_hidden()
    page.get_by_role("link", name="Bouton").click()
    page.get_by_role("link", name="Extrait et aperçu").first.click()
    expect(page.get_by_role("button", name=re.compile("^Copier"))).to_have_count(0)
    assert page.locator("#code-dialog").evaluate("e => getComputedStyle(e).userSelect") == "all"
    page.get_by_role("link", name="Données et alertes").click()
    page.get_by_label("Destinataire").fill("Sans script")
    page.get_by_label("Indicateurs, avec leur intervalle").check()
    page.get_by_label("Format").select_option("json")
    page.get_by_label("Pas de temps").select_option("month")
    page.get_by_role("button", name="Créer le lien").click()
    expect(page.locator("#link-url")).to_contain_text(f"{service.url}/exports/")


@pytest.mark.parametrize("scripts", [True, False])
def test_an_invitation_is_handed_over_opened_and_its_secret_leaves_the_address(
    owner: Owner, browse: Callable[..., Page], scripts: bool
) -> None:
    email = f"zoe-{uuid4().hex[:6]}@exemple.fr"
    page = owner.open("/admin/utilisateurs", scripts=scripts)
    page.get_by_label("Nom", exact=True).fill("Zoé")
    page.get_by_label("Adresse électronique").fill(email)
    page.get_by_label("Sur").select_option("procedure/passeport")
    page.get_by_role("button", name="Inviter").click()
    expect(page.get_by_role("status")).to_contain_text("Invitation créée pour Zoé")
    link = page.locator("#link code").inner_text()
    asked: list[str] = []
    zoe = browse("about:blank", scripts=scripts)
    zoe.on("request", lambda request: asked.append(f"{request.url} {request.headers}"))
    zoe.goto(link)
    if scripts:
        expect(zoe.get_by_label("Code du lien")).to_have_value(link.partition("#")[2])
        assert zoe.url == link.partition("#")[0]
    else:
        zoe.get_by_label("Code du lien").fill(link.partition("#")[2])
    zoe.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    zoe.get_by_label("Encore une fois").fill(PASSWORD)
    zoe.get_by_role("button", name="Enregistrer").click()
    expect(zoe.get_by_role("status")).to_contain_text("Connectez-vous avec lui")
    sign_in(zoe, email, PASSWORD)
    expect(zoe.get_by_role("heading", level=1)).to_have_text("Mes démarches")
    secret = link.partition("#")[2][:20]
    # The browser's own list of requests names the fragment of the document that was asked for; nothing else may.
    assert [one for one in asked if secret in one.partition("#")[0] or secret in one.partition(" ")[2]] == []


def test_an_improvement_is_noted_and_marked_on_the_chart_and_in_its_table(owner: Owner) -> None:
    page = owner.open("/admin/demarches/passeport")
    before = page.locator(".chart svg").first.locator("path").count()
    page.get_by_role("link", name="Agir").click()
    page.get_by_role("link", name="Améliorations").click()
    page.get_by_label("Ce qui a changé").fill("Formulaire raccourci")
    page.get_by_role("button", name="Noter l’amélioration").click()
    expect(page.get_by_role("status")).to_contain_text("L'amélioration est notée")
    page.get_by_role("link", name="Chiffres").click()
    expect(page.locator("#evolution-table tr[data-note='Formulaire raccourci']")).to_have_count(1)
    expect(page.locator(".chart svg").first.locator("path")).to_have_count(before + 2)
    page.get_by_role("link", name="Agir").click()
    page.get_by_role("link", name="Améliorations").click()
    page.get_by_role("button", name="Retirer").click()
    page.get_by_role("button", name="Remettre ce que vous venez de retirer").click()
    expect(page.get_by_role("heading", name="Formulaire raccourci")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_review_is_tagged_and_noted_found_by_its_tag_and_all_is_taken_back(owner: Owner, *, scripts: bool) -> None:
    page = owner.open("/admin/demarches/passeport/avis?satisfaction=bad", scripts=scripts)
    review = page.locator(".review").nth(2)
    spot = review.get_attribute("id")
    review.locator("summary", has_text="Étiquettes et notes").click()
    review.get_by_label("Nouvelle étiquette").fill("Pièces jointes")
    review.get_by_role("button", name="Mettre").click()
    expect(page).to_have_url(re.compile(f"satisfaction=bad.*#{spot}$"))
    review = page.locator(f"#{spot}")
    expect(review).to_be_in_viewport()
    review.locator("summary", has_text="Étiquettes et notes").click()
    review.get_by_label("Nouvelle note").fill("Vu avec l'équipe : corrigé mardi.")
    review.get_by_role("button", name="Noter").click()
    expect(page.locator(f"#{spot} .note")).to_contain_text("corrigé mardi")
    page.locator(f"#{spot}").get_by_role("link", name="pièces jointes", exact=True).click()
    expect(page.locator(".review")).to_have_count(1)
    expect(page.get_by_label("Étiquette", exact=True)).to_have_value("pièces jointes")
    page.get_by_role("button", name="Retirer cette note").click()
    page.get_by_role("button", name="Remettre la note").click()
    expect(page.locator(".note")).to_be_visible()
    page.get_by_role("button", name="Retirer cette note").click()
    page.locator("summary", has_text="Étiquettes et notes").click()
    page.get_by_role("button", name="Retirer l’étiquette « pièces jointes »").click()
    expect(page.locator(".review")).to_have_count(0)
    expect(page.get_by_role("button", name="Remettre l’étiquette « pièces jointes »")).to_be_visible()
