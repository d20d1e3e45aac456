/**
 * Reading reviews by the keyboard. A letter is a shortcut only while the focus is in the list and in no field
 * (WCAG 2.1.4): nothing has to be turned off, and who dictates or uses a screen reader loses nothing. Nothing is
 * remembered: a button above the list leads into it.
 */
const ARRIVED = "#lire";

export function readByKeys() {
  const list = document.querySelector("[data-keys]");
  // An empty list has nothing to read, and no button that leads into it.
  if (!list?.children.length) return;
  const articles = [...list.querySelectorAll("article")];
  const said = document.querySelector("[data-keys-said]");
  const help = document.querySelector("#keys");
  const start = document.querySelector("[data-keys-start]");
  for (const article of articles) article.tabIndex = -1;

  const go = (place) => {
    said.textContent = "";
    articles[place].focus({ preventScroll: true });
    articles[place].scrollIntoView({ block: "nearest" });
  };
  const actions = {
    j: (at) => {
      const onward = document.querySelector("a[rel=next]");
      if (at + 1 < articles.length) go(at + 1);
      else if (onward) location.assign(onward.href + ARRIVED);
      else said.textContent = list.dataset.last;
    },
    k: (at) => {
      if (at > 0) go(at - 1);
      else said.textContent = list.dataset.first;
    },
    o: open,
    Enter: open,
    "/": () => {
      const field = document.querySelector("#q");
      field.closest("details").open = true;
      field.focus();
      field.select();
    },
    "?": () => help.showModal(),
    Escape: go,
  };

  /** Its details where a manager has some, else its first link. */
  function open(at) {
    const details = articles[at].querySelector("details");
    if (details) details.open = true;
    (details?.querySelector("summary") ?? articles[at].querySelector("a"))?.focus();
  }

  list.addEventListener("keydown", (event) => {
    const at = articles.indexOf(event.target.closest("article"));
    const own = event.target.closest("input, textarea, select");
    // A button or a link keeps its Enter, and a field its letters; Escape leads out of both, back to the review.
    const taken = event.key === "Enter" ? event.target !== articles[at] : own && event.key !== "Escape";
    if (at < 0 || taken || event.ctrlKey || event.metaKey || event.altKey || !Object.hasOwn(actions, event.key)) return;
    event.preventDefault();
    actions[event.key](at);
  });
  start.hidden = articles.length === 0;
  start.querySelector("button").addEventListener("click", () => go(0));
  if (location.hash === ARRIVED && articles.length) go(0);
}
