"""An owner masks with what their own browser offers, in three engines: a selection ticks words, a click unticks one."""

from uuid import uuid4

import httpx

from tests.browser.conftest import Collector
from tests.browser.engines.engine import Engine

COMMENT = "Attente longue, puis bidulotron zarbique au guichet."
PASSWORD = "abeilles et tournesols 88"
TICKED = "return [...document.querySelectorAll('.words input:checked + span')].map(one => one.innerText).join(' ')"


def select(engine: Engine, first: int, last: int) -> None:
    """From the middle of one word to the middle of another, as a mouse or a finger leaves it."""
    engine.evaluate(
        "const at = [...document.querySelectorAll('.words label span')];"
        f"getSelection().setBaseAndExtent(at[{first}].firstChild, 1, at[{last}].firstChild, 2)"
    )


def test_a_selection_ticks_words_and_a_click_takes_one_back(service: Collector, engine: Engine) -> None:
    body = {"id": str(uuid4()), "key": service.key, "answers": {"satisfaction": "good", "verbatim": COMMENT}}
    assert httpx.post(f"{service.url}/api/v1/reviews", json=body).status_code == 201
    sign_in(engine, service)
    engine.open(f"{service.url}/admin/demarches/passeport/avis?comment=1")
    engine.click("a[href$='/masquer']")
    engine.until("find('[data-words]')")

    select(engine, 3, 5)
    engine.until("document.querySelectorAll('.words input:checked').length === 3")
    assert engine.evaluate(TICKED) == "bidulotron zarbique au"
    select(engine, 3, 4)
    engine.until("document.querySelectorAll('.words input:checked').length === 2")
    engine.evaluate("getSelection().removeAllRanges()")
    engine.click(".words label:nth-of-type(4) span")
    engine.until("document.querySelectorAll('.words input:checked').length === 1")
    engine.click(".words label:nth-of-type(4) span")
    engine.click(".second-look button")
    engine.until("find('.notice.good')")
    # The boxes between the words make lines of their own in what engines call the inner text.
    assert (
        engine.evaluate("return document.querySelector('.words .said').textContent")
        == "Attente longue, puis [nom] au guichet."
    )


def sign_in(engine: Engine, service: Collector) -> None:
    email = f"eve-{uuid4().hex[:6]}@exemple.fr"
    made = service.run("user", "add", email, "--name", "Eve", "--role", "administrator")
    engine.open(f"{service.url}/admin/connexion")
    fill(engine, email=email, password=made["one_time_password"])
    engine.until("find('#again')")
    fill(engine, old=made["one_time_password"], new=PASSWORD, again=PASSWORD)
    engine.until("location.pathname === '/admin'")


def fill(engine: Engine, **fields: str) -> None:
    for name, text in fields.items():
        engine.click(f"#{name}")
        engine.type(text)
    engine.press("Enter")
