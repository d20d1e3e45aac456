/**
 * For the snippets that ask for it, after the loader: a button that stays in a corner, invitations, theme tokens, and
 * a page whose `data-fr-theme` is written by hand. It keeps nothing: what the host knows, the host says.
 */
import css from "./extra.css";

const sheet = new CSSStyleSheet();
sheet.replaceSync(css);
const page = document.documentElement;

const HIDE = {
  ar: "إخفاء الزر",
  de: "Schaltfläche ausblenden",
  en: "Hide the button",
  es: "Ocultar el botón",
  fr: "Masquer le bouton",
  it: "Nascondi il pulsante",
  pt: "Ocultar o botão",
  tr: "Düğmeyi gizle",
  uk: "Приховати кнопку",
  zh: "隐藏按钮",
};

/** Hidden by the citizen: for the page's life, even where an application builds the page again. */
let isHidden = false;
const corners = new Set();

let width = 0;
let tallest = 0;

/** A keyboard takes a good part of the screen's height, or a field is being typed in on a touch screen. */
const isTyping = () => {
  // Multiplied, so that zooming with two fingers changes nothing; another width is a screen that was turned.
  const { width: wide, height, scale } = visualViewport || { width: innerWidth, height: innerHeight, scale: 1 };
  if (Math.abs(wide * scale - width) > 9) tallest = 0;
  width = wide * scale;
  tallest = Math.max(tallest, height * scale);
  const field = document.activeElement?.matches("input, textarea, [contenteditable]");
  return height * scale < tallest * 0.75 || (field && matchMedia("(pointer: coarse)").matches);
};

const covers = (one, other) => {
  const a = one.getBoundingClientRect();
  const b = other.getBoundingClientRect();
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
};

/** Out of the way of what has the focus; `visibility` keeps its place, so that it can be measured again. */
const settle = () => {
  const { activeElement } = document;
  for (const corner of corners) {
    // Its open dialog would hide with it, just when the citizen types in the form.
    const isOpen = corner.shadowRoot.querySelector("dialog").open;
    const isOver = activeElement && activeElement !== document.body && activeElement !== corner;
    const mustHide = !isOpen && ((isOver && covers(corner, activeElement)) || isTyping());
    corner.style.visibility = mustHide ? "hidden" : "";
  }
};

const follow = (widget) => {
  if (!widget.hasAttribute("theme")) widget.style.colorScheme = page.dataset.frTheme || "";
};

const extend = (widget) => {
  const root = widget.shadowRoot;
  if (!root || root.adoptedStyleSheets.includes(sheet)) return;
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  follow(widget);
  if (widget.getAttribute("mode") !== "corner") return;
  const lang = (widget.closest("[lang]")?.lang || "fr").slice(0, 2);
  const hide = document.createElement("button");
  hide.className = "hide";
  hide.textContent = "✕";
  hide.ariaLabel = HIDE[lang] || HIDE.fr;
  hide.onclick = () => {
    isHidden = widget.hidden = true;
    widget.dispatchEvent(new CustomEvent("avis:hide", { bubbles: true, composed: true }));
  };
  root.querySelector("button").after(hide);
  corners.add(widget);
  settle();

  const [, wait, most] = /^after (\d+)s(?:,? at most (\d+))?$/.exec(widget.getAttribute("invite")) || [];
  /** Shows the button, unless the host says that the citizen was invited often enough. Returns whether it did. */
  widget.invite = () => {
    if (isHidden || !widget.hidden || widget.getAttribute("invited") >= (most || 1)) return false;
    widget.hidden = false;
    settle();
    widget.dispatchEvent(new CustomEvent("avis:invite", { bubbles: true, composed: true }));
    return true;
  };
  widget.hidden = isHidden || widget.hasAttribute("invite");
  if (wait) setTimeout(() => widget.isConnected && widget.invite(), wait * 1e3);
};

/** What the host dresses the button with, for the form: its page takes declarations and nothing that loads. */
const tokens = (widget) => {
  const style = getComputedStyle(widget);
  const declare = (name) => {
    const value = style.getPropertyValue(`--avis-${name}`);
    return value ? `--${name}:${value};` : "";
  };
  return declare("accent") + declare("on");
};

const dress = ({ source, origin, data }) => {
  if (data?.avis !== "ready") return;
  each((widget) => {
    const frame = widget.querySelector("iframe") || widget.shadowRoot?.querySelector("iframe");
    if (frame?.contentWindow === source) source.postMessage({ avis: "tokens", tokens: tokens(widget) }, origin);
  });
};

const each = (act) => document.querySelectorAll("je-donne-mon-avis").forEach(act);

customElements.whenDefined("je-donne-mon-avis").then((Widget) => {
  // The loader calls this for the elements to come.
  Widget.more = extend;
  each(extend);
  new MutationObserver(() => each(follow)).observe(page, { attributeFilter: ["data-fr-theme"] });
  for (const name of ["focusin", "focusout", "scroll", "resize"]) addEventListener(name, settle, { passive: true });
  visualViewport?.addEventListener("resize", settle);
});
addEventListener("message", dress);
