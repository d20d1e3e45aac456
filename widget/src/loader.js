/**
 * <je-donne-mon-avis key="…"> around a plain link: a button that opens the form in a dialog, or the form in the page.
 *
 * Runs in pages we do not know, under the strictest policy: nothing inline, nothing evaluated, no HTML from text, no
 * storage. Where a browser lacks something, the script stops before it has changed anything, and the link stays.
 */
import css from "./loader.css";

const NAME = "je-donne-mon-avis";
/** The last two are for the link to the full form, which a site that is not allowed sees instead of it. */
const SANDBOX = "allow-forms allow-same-origin allow-scripts allow-popups allow-popups-to-escape-sandbox";
const base = new URL("..", document.currentScript.src);
const { origin } = base;
const sheet = new CSSStyleSheet();
sheet.replaceSync(css);

const make = (tag, settings) => Object.assign(document.createElement(tag), settings);

class Widget extends HTMLElement {
  connectedCallback() {
    addEventListener("message", this);
    if (this.shadowRoot) return;
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [sheet];
    const label = this.textContent.trim() || "Je donne mon avis";
    const given = this.querySelector("iframe");
    const frame = given || make("iframe", { title: label, sandbox: SANDBOX });
    // The first focus goes to a button that is there at once; the form takes it when it has come.
    const cross = make("button", { textContent: "Fermer", autofocus: true });
    const dialog = make("dialog", { ariaLabel: label });
    let isThere;
    // A frame that is focused before its page has come loses the focus to the host's body.
    const focus = () => {
      if (isThere && dialog.open) frame.focus();
    };
    const emit = (name, detail) =>
      this.dispatchEvent(new CustomEvent(`avis:${name}`, { bubbles: true, composed: true, detail }));
    // White, when it is light.
    const look = () => (/5/.test(getComputedStyle(this).caretColor) ? "light" : "dark");
    const tell = (avis) =>
      frame.contentWindow?.postMessage(
        { avis, page: this.getAttribute("page") || location.pathname, scheme: look() },
        origin,
      );
    const prepare = () => {
      if (frame.src) return;
      const { lang } = this.closest("[lang]") || this;
      frame.src = `${base}avis/${this.getAttribute("key")}?embed=1&lang=${lang}&theme=${look()}&context=${this.getAttribute("context")}&host=${location.origin}`;
      if (cross.isConnected) cross.after(frame);
      else root.append(frame);
    };
    this.ontransitionend = frame.onload = () => {
      isThere = true;
      tell("hello");
      focus();
    };

    /** Only our own frame is heard, and only in these words. */
    this.handleEvent = ({ source, origin: from, data }) => {
      if (source !== frame.contentWindow || from !== origin || !data) return;
      const { avis, height, close } = data;
      // In the page, the form keeps the room it was given until the citizen is in it, and never gives any back: nothing
      // of the host may move by itself.
      if (
        avis === "size" &&
        height < 1e4 &&
        height > (cross.isConnected ? 99 : frame.offsetHeight) &&
        this.contains(this.getRootNode().activeElement)
      ) {
        frame.style.height = `${height}px`;
      }
      if (avis === "close") cross.click();
      if (avis === "ready") cross.textContent = close;
      if (/^(step|sent|error)$/.test(avis)) emit(avis, data);
    };

    if (given) {
      // It may have loaded before this script did.
      addEventListener("load", frame.onload);
      return root.append(make("slot"));
    }
    if (this.getAttribute("mode") === "inline") return prepare();

    const button = make("button", { textContent: label, onfocus: prepare, onpointerenter: prepare });
    // The host page must never get the focus: guards on both sides send it back into the dialog.
    const guard = (onfocus) => make("i", { tabIndex: 0, onfocus });
    dialog.onclose = () => {
      button.focus();
      emit("close");
    };
    dialog.append(
      guard(() => {
        focus();
        tell("last");
      }),
      cross,
      guard(() => cross.focus()),
    );
    this.open = button.onclick = () => {
      dialog.showModal();
      // A frame later, so that the dialog is painted before the browser starts on the form.
      requestAnimationFrame(() => focus(prepare()));
      emit("open");
    };
    this.close = cross.onclick = () => dialog.close();
    root.append(button, dialog);
    Widget.more?.(this);
  }

  disconnectedCallback() {
    removeEventListener("message", this);
    // Put back while open, a dialog would lie in the page, and no longer over it.
    this.close?.();
  }
}

// Pasted twice on a page, it must not fail there.
customElements.get(NAME) || customElements.define(NAME, Widget);
