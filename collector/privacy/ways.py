# ruff: noqa: E501 - a pattern or a list of words cut into lines is harder to read and to compare.
"""How far the name of a street goes, and the words streets begin with."""

import re

from collector.privacy.page import Page

# Types that are nothing but streets, then those that are also ordinary words ("2 place de parking", "3 cours en ligne").
SURE_STREET = (
    r"rues?|r\.|(?:r|all|ch|che|imp|res)(?=\s(?:du|des|de la|de l'|d')\b)|avenues?|aven|ave?\.?|boulevards?|boul\.?|bl?v?d\.?|impasses?|imp\.?|chemins?|chem\.?|che?\.|ruelles?|sentier|venelle|all[eé]es?|all\.|square|sq\.?|"
    r"faubourg|fbg\.?|fg|rond[- ]point|esplanade|promenade|quai|hameau|ham\.?|lotissement|lot\.|traverse|mont[eé]e|sente|route|rte\.?|chauss[eé]e|parvis|rampe|rocade|"
    r"hent|straed|streat|strada|calle|plaza|via|vico|rua|street|road|lane|drive|carrera|karrika|etorbidea|carrer|cami|camin"
)
MAYBE_STREET = r"grand'?place|places?|pl\.?|cours|cour|passage|pass\.|voie|villa|cit[eé]|clos|r[eé]sidence|r[eé]s\.?|domaine|lot|c[oô]te|mail|rang|quartier|qrt|zone|za|zi|port|levee|mas|parc|immeuble|b[aâ]t(?:iment)?\.?|tour|pont|grand[- ]?rue|grande rue|galerie|porte|lieu[- ]?dit"
WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
JOINERS = frozenset(
    "de du des la le les l d et sur sous aux au en lès les saint sainte st ste a à y di del della do da dos van der den am im ar an ty".split()
)
# Where a street name must end when it is written without capitals.
STOP = frozenset(
    "et mais car ou donc je tu il elle on nous vous ils elles qui que est sont depuis pour pas ne c ce cet cette mon ma mes j n s m t avec sans dans alors quand "
    "pb tel telephone mail svp merci a au chez par suis ai ete le batiment bat appartement appt apt escalier esc etage porte nom prenom ne nee et puis mais afin or parce "
    "au lieu il n'y plus sinon si son sa ses leur notre votre comme aussi merci bonjour cordialement".split()
) - {"le", "a", "au"}
# "15 r des fleurs a cote de la poste": no street goes on like this.
ASIDE = re.compile(r" (?:cote|deux|partir|cause|droite|gauche|l|la|mon|ma|5|10|cette|ce)\b")


# "rue du Four à Chaux, 58000 Nevers": no town yet.
CODED = re.compile(r" [A-ZÀ-Þ][\w'’-]+,? \d{5}(?!\d)")


def street_name(page: Page, at: int) -> int:  # noqa: C901 - one rule after the other, per word.
    """End of the name of a street or of a place that begins at `at`."""
    text, low = page.text, page.low
    end = last = at
    small = 0
    capital = False
    for m in WORD.finditer(text, at, min(len(text), at + 90)):
        gap = text[last : m.start()]
        if gap.strip(" .'’-/") or "\n" in gap or (". " in gap and last - at > 6):
            break
        last = m.end()
        word = low[m.start() : m.end()]
        head = re.split(r"['-]", word)[0]
        if word in ("a", "à") and ASIDE.match(low, m.end()):
            break
        if word in ("a", "à") and capital and CODED.match(text, m.end()):
            continue
        if word[0].isdigit():
            if len(word) <= 2 or (len(word) == 4 and word[:2] in ("18", "19", "20")):
                if len(word) == 4 and not capital and not small:
                    break
                following = WORD.match(text, min(len(text), m.end() + 1))
                if len(word) <= 2 and following is None:
                    break
                end, small = m.end(), small + 1
                continue
            break
        if (text[m.start()].isupper() and not page.shouts) or (
            "'" in word and text[m.start() + word.index("'") + 1 : m.end()][:1].isupper()
        ):
            tied = low[: m.start()].rstrip().rsplit(" ", 1)[-1] in ("de", "du", "la", "des")  # "route du Col de Porte"
            if small + capital and word in STOP and word not in JOINERS and not tied:
                break
            end, capital = m.end(), True
        elif word in JOINERS and not (word in ("a", "à") and (capital or small)):
            continue
        elif word in STOP or (head in ("j", "c", "n", "qu", "s", "m", "t") and len(word) > 2):
            break
        elif capital:
            # After a capitalised name a small word starts the rest of the sentence, unless it is tied to it.
            if text[m.start() - 1] not in "-'’" and low[: m.start()].rstrip().rsplit(" ", 1)[-1] not in JOINERS:
                break
            end = m.end()
        else:
            small += 1
            if small > 4:
                break
            end = m.end()
    return end
