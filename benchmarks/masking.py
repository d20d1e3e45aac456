# ruff: noqa: E501 - the sentences of a comment are kept whole.
"""What masking costs: it stands between a click and its storage. Prints one JSON object per figure."""

import statistics
import time
import tracemalloc

from benchmarks.figures import at_most, show
from collector.privacy import mask
from collector.privacy.lexicon import flags

PLAIN = "La démarche est assez claire mais le site a planté au moment d'envoyer la photo, il a fallu tout recommencer."
LONG = (
    "Je vais vous raconter mon parcours, parce que ceux qui ont conçu ce service n'ont pas dû s'en servir. Lundi je commence la demande, tout va "
    "bien, puis le justificatif est refusé : « format non pris en charge ». C'est un PDF de 2 Mo. Mardi je reprends, la session a expiré, il faut "
    "tout ressaisir. Mercredi la photo est jugée non conforme à cause d'un reflet. Jeudi le site est en maintenance de 6h à 22h. Vendredi j'arrive "
    "au choix du rendez-vous, premier créneau dans 71 jours, à 38 kilomètres. Au téléphone, on me passe M. Dieudegard, fort aimable, qui m'explique "
    "que les créneaux reviennent le lundi à 8h et qu'il faut être rapide. Mes parents, 84 et 86 ans, ne pourraient jamais faire cela seuls. "
    "Remettez des humains, remettez des guichets, et testez vos formulaires avec de vrais gens avant de les publier. "
)
LONG = (LONG + PLAIN + " ")[:1000]
NOBODY = LONG.replace("M. Dieudegard", "un monsieur   ")
RICH = (
    "Je m'appelle Aïcha Traoré, née le 14/11/1986, j'habite 21 rue du Sémaphore, 29217 Plougonvelin. Mon dossier 2024-XX-18273 est bloqué, "
    "appelez-moi au 06 39 98 41 27 ou écrivez à aicha.traore@exemple.fr. "
)


def median(text: str, rounds: int = 300) -> float:
    """Milliseconds of one masking."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        mask(text)
        times.append(time.perf_counter() - start)
    return statistics.median(times) * 1000


def main() -> None:
    tracemalloc.start()
    flags()
    memory = tracemalloc.get_traced_memory()[0] / 2**20
    tracemalloc.stop()
    show(at_most("masking.tables_memory", memory, "MiB", 30))
    for name, text, goal in (
        ("masking.median_110_plain", PLAIN, 0.025),
        ("masking.median_1000_plain", NOBODY, 0.4),
        ("masking.median_1000_one_name", LONG, 0.8),
        ("masking.median_1000_dense", (RICH * 5)[:1000], 4),
    ):
        show(at_most(name, median(text), "ms", goal))
    one, five, twenty = (median((LONG * 20)[: n * 1000], 20) for n in (1, 5, 20))
    show(at_most("masking.growth_1k_to_5k", five / one, "times", 7.5))
    show(at_most("masking.growth_5k_to_20k", twenty / five, "times", 6))


if __name__ == "__main__":
    main()
