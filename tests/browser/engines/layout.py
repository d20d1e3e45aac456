"""What eyes and fingers would find wrong with a page: text that is cut or covered, targets too small, movement."""

from typing import Any

from tests.browser.engines.engine import FIND, Engine

# One body of a function; it returns a sentence for each thing that is wrong.
WRONG = f"""{FIND}
  const root = document.documentElement;
  const wrong = [];
  const name = (part) => `${{part.localName}} "${{(part.innerText || part.name || "").slice(0, 40)}}"`;
  const all = (css) => [...document.body.querySelectorAll(css)].filter(isShown);
  const inside = (a, b) =>
    a.left >= b.left - 1 && a.right <= b.right + 1 && a.top >= b.top - 1 && a.bottom <= b.bottom + 1;
  const covers = (a, b, much) =>
    Math.min(a.right, b.right) - Math.max(a.left, b.left) > much &&
    Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > much;

  if (root.scrollWidth > root.clientWidth) wrong.push(`the page is ${{root.scrollWidth}} px wide`);

  // Where the letters are, and the block that they belong to.
  const texts = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {{
    const node = walker.currentNode;
    const within = node.parentElement;
    if (!node.data.trim() || !isShown(within) || within.closest("select, textarea, script, style")) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const block = within.closest("small, label, button, h1, h2, p, legend");
    const data = node.data.trim();
    for (const rect of range.getClientRects()) if (rect.width > 1) texts.push({{ rect, block, data }});
  }}
  for (const {{ rect, block, data }} of texts) {{
    const box = block && block.closest("label, button");
    if (rect.left < -1 || rect.right > root.clientWidth + 1) wrong.push(`"${{data}}" leaves the page`);
    if (box && !inside(rect, box.getBoundingClientRect())) wrong.push(`"${{data}}" leaves its box`);
  }}
  // A font's letters may be a little taller than their line; what stands next to them stays readable.
  texts.forEach((one, place) => {{
    for (const other of texts.slice(place + 1)) {{
      if (one.block !== other.block && covers(one.rect, other.rect, 4)) {{
        wrong.push(`"${{one.data}}" and "${{other.data}}" overlap`);
      }}
    }}
  }});

  const targets = all("a, label, button, select, textarea, [data-max]");
  for (const target of targets) {{
    const {{ width, height }} = target.getBoundingClientRect();
    if (width < 44 || height < 44) wrong.push(`${{name(target)}} is ${{Math.round(width)}} × ${{Math.round(height)}}`);
  }}
  targets.forEach((one, place) => {{
    for (const other of targets.slice(place + 1)) {{
      if (covers(one.getBoundingClientRect(), other.getBoundingClientRect(), 1)) {{
        wrong.push(`${{name(one)}} covers ${{name(other)}}`);
      }}
    }}
  }});

  for (const part of document.querySelectorAll("*")) {{
    const {{ animationName, transitionDuration, scrollBehavior }} = getComputedStyle(part);
    if (animationName !== "none" || parseFloat(transitionDuration) || scrollBehavior !== "auto") {{
      wrong.push(`${{name(part)}} moves`);
    }}
  }}
  return [...new Set(wrong)];
"""

# The distances of the success criterion 1.4.12, as a citizen's own style sheet sets them.
SPACED = """
  for (const part of document.querySelectorAll("*")) {
    part.style.setProperty("line-height", "1.5", "important");
    part.style.setProperty("letter-spacing", "0.12em", "important");
    part.style.setProperty("word-spacing", "0.16em", "important");
    if (part.localName === "p") part.style.setProperty("margin-bottom", "2em", "important");
  }
"""


# Each breaks one rule above. An inline style is forbidden by the form's own policy, a script's is not.
SPOILED = """
  const add = (tag, text, css) => {
    const part = document.body.appendChild(document.createElement(tag));
    part.textContent = text;
    part.style.cssText = css;
  };
  add("button", "x", "min-height: 0; padding: 0; width: 20px; height: 20px");
  add("label", "Anticonstitutionnellement", "width: 50px; overflow-wrap: normal");
  add("p", "hors", "position: absolute; left: -40px");
  for (const word of ["dessus", "dessous"]) add("p", word, "position: absolute; top: 0; left: 200px");
  add("p", "bouge", "transition: color 1s");
  add("p", "large", "width: 5000px");
"""


def wrong(engine: Engine, *, inside: bool = False) -> list[str]:
    found: Any = engine.evaluate(WRONG, inside=inside)
    return list(found)


def spoil(engine: Engine) -> None:
    engine.evaluate(SPOILED)


def space(engine: Engine, *, inside: bool = False) -> None:
    engine.evaluate(SPACED, inside=inside)
