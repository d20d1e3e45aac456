"""What the words around a number, a date, a code or a name decide: a sentence for each rule, and what must stay."""

import pytest

from collector.privacy import mask
from collector.privacy.labelled import rank


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("mon numero dalocataire cest 3310447", "mon numero dalocataire cest [numéro]"),
        ("le 4402187 est mon numéro d'allocataire", "le [numéro] est mon numéro d'allocataire"),
        ("on m'a attribué le 7704412 comme numéro de dossier", "on m'a attribué le [numéro] comme numéro de dossier"),
        ("dossier déposé en mairie sous la cote B-2291-77", "dossier déposé en mairie sous la cote [numéro]"),
        ("permis PC 044 109 23 A0088 refusé", "permis [numéro] refusé"),
        ("num alloccataire 44120", "num alloccataire [numéro]"),
        ("where is my file? Case REN-2023-118845", "where is my file? Case [numéro]"),
        ("dossier n° 24/00318 au tribunal", "dossier n° [numéro] au tribunal"),
    ],
)
def test_a_number_is_somebodys_when_its_clause_says_so(written: str, kept: str) -> None:
    assert mask(written).text == kept


@pytest.mark.parametrize(
    "comment",
    [
        "la page n'est pas accessible avec NVDA 2023.3",
        "Revenu fiscal de référence 18 402, ligne 25",
        "d'après le rapport 2023-118, 45 000 dossiers attendent",
        "décision n° 2021-814 DC du Conseil constitutionnel",
        "Ma carte expire le 12/2025",
        "ref produit 4512 en rupture",
        "la convention collective 1486, code 4711F",
        "le code civil de 1804",
        "code promo NOEL24, code 403",
        "il faut 2 allées et venues, 5 avenues entières sans fibre",
        "La Poste, 75015 Paris et Le Mans, 72000 Sarthe",
        "décédé le 1er juillet 2021, marié depuis",
        "« PACS » n'est pas dans le menu : marié, veuf, divorcé",
        "The screen said 23 and closed on 15 August",
        "les Lyonnais et les Marseillais",
        "Bonne journée. Courage",
        "Nom :\nPrénom :\nMessage : test",
        "École : Louis-Aragon",
        "mon nom est long et composé",
    ],
)
def test_what_is_everybodys_stays(comment: str) -> None:
    assert mask(comment).text == comment


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("le cadenas s'ouvre avec 4471", "le cadenas s'ouvre avec [mot de passe]"),
        ("portail A4591, 2e étage", "portail [mot de passe], 2e étage"),
        ("Le code reçu est 551 802", "Le code reçu est [mot de passe]"),
        ("mon code pin à la con 0852", "mon code pin à la con [mot de passe]"),
        ("les 3 chiffres au dos 882", "les 3 chiffres au dos [mot de passe]"),
        ("j'ai tapé Soleil44! puis soleil44!", "j'ai tapé [mot de passe]! puis [mot de passe]!"),
        ("identifiants mdurand et Poisson12", "identifiants [identifiant] et [identifiant]"),
        ("mon espace perso non : i.bouzidi", "mon espace perso non : [identifiant]"),
        ("ma phrase secrète était « le chat dort au lit »", "ma phrase secrète était « [mot de passe] »"),
    ],
)
def test_what_opens_a_door_or_an_account_is_masked_wherever_it_stands(written: str, kept: str) -> None:
    assert mask(written).text == kept


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("née en mai 1931", "née en [date de naissance]"),
        ("nacida el 5 de agosto de 1991", "nacida el [date de naissance]"),
        ("j'aurai 62 ans le 14 septembre 2025", "j'aurai 62 ans le [date de naissance]"),
        (
            "né le 19 mai 2015, et ma fille (2 juin 2018)",
            "né le [date de naissance], et ma fille ([date de naissance])",
        ),
        ("le petit est du 13 mai 2019", "le petit est du [date de naissance]"),
        ("née le quinze du quatre soixante et onze", "née le [date de naissance]"),
    ],
)
def test_births_are_told_in_many_ways(written: str, kept: str) -> None:
    assert mask(written).text == kept


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("chez lui Les Restanques, chemin de la Source, 83570 Cotignac", "chez lui [adresse]"),
        ("vivo en Calle Mayor 14, 3º B, 28013 Madrid", "vivo en [adresse]"),
        ("c'est le cent douze grand rue soixante-huit mille Colmar", "c'est le [adresse]"),
        ("4 bis, rue du Puits-Carré à Bernay (27300)", "[adresse]"),
        ("40 rue Négrier, Lille", "[adresse]"),
    ],
)
def test_homes_are_found_without_a_plain_street(written: str, kept: str) -> None:
    assert mask(written).text == kept


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("merci a claire et pierre du guichet 4", "merci a [nom] et [nom] du guichet 4"),
        ("madame Rose Petit a tout réglé", "madame [nom] a tout réglé"),
        ("Le nom de naissance de ma femme est Marchand", "Le nom de naissance de ma femme est [nom]"),
        ("famille boucher, logement social", "famille [nom], logement social"),
        ("son mari le van hung attend", "son mari [nom] attend"),
        ("MARTINE CHARPENTIER, 71 ANS, VEUVE", "[nom], 71 ANS, VEUVE"),
        ("maitre le goff est absent, mme n'guyen aussi", "maitre [nom] est absent, mme [nom] aussi"),
        ("on me la coupe. Ghislaine", "on me la coupe. [nom]"),
        ("mon fils adoptif, Lwanga, est bloqué", "mon fils adoptif, [nom], est bloqué"),
        ("Désiré, l'agent de sécurité, fut utile", "[nom], l'agent de sécurité, fut utile"),
        ("contre les Fofana et les Gonnet", "contre les [nom] et les [nom]"),
        ("je mapelle ousmane ba", "je mapelle [nom]"),
    ],
)
def test_names_that_are_words_are_told_by_their_sentence(written: str, kept: str) -> None:
    assert mask(written).text == kept


@pytest.mark.parametrize(
    "comment",
    [
        "Il manque un fil d'Ariane, comme à Roland-Garros",
        "mon enfant se marie en juin, marie depuis 2012, un don manuel à ma cousine germaine",
        "Mon lave-linge Whirlpool FFB 8248, la pompe à chaleur Atlantic Alféa Extensa",
        "La facturation avec Vega plante, un CDI chez Elior, un colis de Corée",
        "à la DDTM de La Rochelle, au concessionnaire de Péronne",
        "C'est Paul qu'on déshabille pour habiller Jacques",
        "TITULAIRES D'UN COMPTE, MARIÉ OU PACSÉ, VOTRE FOYER FISCAL ET LA RÉSIDENCE HABITUELLE",
        "Ich habe das Formular ausgefüllt, aber die Seite sagt nichts",
        "Honestly great service, five stars, mark my words",
        "l'aide au logement familial (Alf) et l'ADIL",
        "(21e RIMa de Fréjus)",
        "mon mot de passe ne marche plus depuis windows11!!",
        "Timeout. Timeout. Erreur 504. Timeout.",
        "l'application Télé@ctes, écrire à contact@service-public.gouv.fr",
        "une erreur est survenue. Code : PP0047-B",
        "sur SIAM : message « ORA-01017 »",
        "09:00-12:15 / 13:30-16:45, plan au 1/25 000e, (60 000 - 40 000) x 2",
        "le numéro vert 0 800 08 11 11, combats (31 octobre 1954 - 31 juillet 1964)",
        "La cour administrative d'appel de Nantes a jugé le contraire (n° 21NT03452).",
        "l'accueil du 12 rue de la Préfecture, je tape 2 rue ca me propose toute la France",
    ],
)
def test_what_looks_like_somebody_and_is_not_stays(comment: str) -> None:
    assert mask(comment).text == comment


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("L'étude de Me Schwindenhammer à Sélestat", "L'étude de Me [nom] à Sélestat"),
        ("M'hamed de la pref ne m'a pas rappelé", "[nom] de la pref ne m'a pas rappelé"),
        ("payé par CB, et pourtant relance. R. Tonnelier", "payé par CB, et pourtant relance. [nom]"),
        ("A QUI DE DROIT : BENKHALFA MOURAD DEMANDE", "A QUI DE DROIT : [nom] DEMANDE"),
        ("sonner chez Baumgartner, signature de Bailly", "sonner chez [nom], signature de [nom]"),
        ("sous le compte fred_picardie80, passe Batumi#21", "sous le compte [identifiant], passe [mot de passe]"),
        ("j'avais noté Toulon83++ comme mot de passe", "j'avais noté [mot de passe] comme mot de passe"),
        ("avant c'était Bichon1962! mais mot de passe refusé", "avant c'était [mot de passe] mais mot de passe refusé"),
        ("Pierre Lemaire et Paul Vasseur attendent", "[nom] et [nom] attendent"),
        ("merci à Pierre et à Paul du guichet", "merci à [nom] et à [nom] du guichet"),
        ("vu avec Mme NDiaye, puis MBaye Fall", "vu avec Mme [nom], puis [nom]"),
        ("ex-douanier, matricule 38 206 114", "ex-douanier, matricule [numéro]"),
        ("sam77 @ hot mail . fr", "[e-mail]"),
    ],
)
def test_somebody_is_found_in_spite_of_what_stands_around(written: str, kept: str) -> None:
    assert mask(written).text == kept


def test_labels_are_known_as_they_are_heard() -> None:
    assert [rank(word) for word in ("numero", "refference", "dalocataire", "dossiers", "chat", "", "l")] == [
        2, 2, 1, 1, 0, 0, 0,
    ]  # fmt: skip
