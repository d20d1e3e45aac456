"""What a screen reader is told of a page, a line for each thing that is said, in each engine's own words.

Chromium tells its whole accessibility tree through its debugging protocol, Firefox through its accessibility service.
WebKit's WebDriver tells the role and the name that it has computed for one element at a time, and no more.
"""

from collections.abc import Iterator
from typing import Any

from tests.browser.engines.engine import FIND, Chromium, Engine, Firefox, WebKit

# What a citizen is told of a control besides its name.
STATES = ("checked", "required", "invalid", "disabled", "focused", "level", "live", "multiline")
# Boxes without a meaning, and text that its parent already says.
SILENT = {"none", "generic", "InlineTextBox", "StaticText", "RootWebArea", "LabelText", "Legend"}


def said(engine: Engine) -> list[str]:
    match engine:
        case Chromium():
            return _chromium(engine)
        case Firefox():
            return _firefox(engine)
        case WebKit():
            return list(_webkit(engine))
    raise AssertionError(engine.name)


# ---- Chromium


def _chromium(engine: Chromium) -> list[str]:
    session = engine.page.context.new_cdp_session(engine.page)
    nodes: list[dict[str, Any]] = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    by_id = {node["nodeId"]: node for node in nodes}
    found: list[str] = []

    def walk(node: dict[str, Any], depth: int) -> None:
        role = node.get("role", {}).get("value", "none")
        name = node.get("name", {}).get("value", "")
        if not node["ignored"] and (role not in SILENT or (role == "StaticText" and not is_said(node, name))):
            found.append(
                "  " * depth + " ".join([role, f'"{name}"' if name else "", *_states(node)]).replace("  ", " ")
            )
            depth += 1
        for child in node.get("childIds", []):
            if child in by_id:
                walk(by_id[child], depth)

    def is_said(node: dict[str, Any], name: str) -> bool:
        """By a part around it: a button says its label, a label is its control's, a text field says its value."""
        while node := by_id.get(node.get("parentId", ""), {}):
            role = node.get("role", {}).get("value")
            around = node.get("name", {}).get("value", "")
            if role in {"LabelText", "textbox"} or (role != "RootWebArea" and name.strip() in around):
                return True
        return False

    walk(nodes[0], 0)
    return [line.rstrip() for line in found]


def _states(node: dict[str, Any]) -> list[str]:
    said = {part["name"]: part["value"].get("value") for part in node.get("properties", [])}
    shown = [f"{name}={said[name]}".lower() for name in STATES if said.get(name) not in (None, False, "false", "off")]
    description = node.get("description", {}).get("value")
    return [*shown, *([f'described="{description}"'] if description else [])]


# ---- Firefox


def _firefox(engine: Firefox) -> list[str]:
    # Its tree follows the page with the next picture that is drawn.
    engine.evaluate("await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
    found: list[str] = engine.driver.execute_script(FIREFOX, sandbox="system")
    return found


FIREFOX = """
  const { classes, interfaces } = Components;
  const service = classes["@mozilla.org/accessibilityService;1"].getService(interfaces.nsIAccessibilityService);
  const STATES = ["checked", "required", "invalid", "focused", "multi line", "unavailable"];
  const SILENT = ["document", "label", "section", "text-container"];
  const lines = [];
  const statesOf = (part) => {
    const state = {};
    const more = {};
    part.getState(state, more);
    const said = service.getStringStates(state.value, more.value);
    return Array.from(said).filter((name) => STATES.includes(name)).map((name) => name.replace(" ", "-"));
  };
  const isPage = (part) => service.getStringRole(part.role) === "document";
  const walk = (part, depth) => {
    const role = service.getStringRole(part.role).replace(" ", "-");
    // Text that a name around it has said already; a label is said by its control.
    const isText = role === "text-leaf" || role === "statictext";
    let around = part.parent;
    const says = (other) => !isPage(other) && (other.name || "").includes(part.name.trim());
    while (isText && around && !says(around)) around = around.parent;
    const isValue = part.parent && service.getStringRole(part.parent.role) === "entry";
    const isSaid = isText ? around || isValue || !part.name.trim() : SILENT.includes(role);
    if (!isSaid) {
      const words = [role, part.name && `"${part.name.trim()}"`, ...statesOf(part)];
      if (part.description) words.push(`described="${part.description}"`);
      lines.push("  ".repeat(depth) + words.filter(Boolean).join(" "));
    }
    for (let child = part.firstChild; child; child = child.nextSibling) walk(child, depth + !isSaid);
  };
  walk(service.getAccessibleFor(document), 0);
  return lines;
"""


# ---- WebKit

# A line of buttons says nothing else.
MEANT = (
    "main, h1, h2, form, fieldset, input:not([type=hidden]), textarea, select, button, a, [role], "
    "p:not(:has(button, a))"
)


def _webkit(engine: WebKit) -> Iterator[str]:
    for part in engine.driver.execute_script(
        f"{FIND} return [...document.querySelectorAll('{MEANT}')].filter(isShown)"
    ):
        if (role := part.aria_role) not in SILENT | {""}:
            # Text has no name of its own.
            name = part.accessible_name.strip() or (part.text if role in {"paragraph", "status"} else "")
            yield f'{role} "{name}"' if name else role
