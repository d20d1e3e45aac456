/**
 * What a page of the admin can do better with a script. Every page works without it: each part looks for its own
 * attribute and leaves the page alone where there is none.
 */
import { readByKeys } from "./parts/keys.js";
import { say } from "./parts/say.js";

function copyButtons() {
  if (!navigator.clipboard) return;
  for (const button of document.querySelectorAll("[data-copy]")) {
    const word = button.firstElementChild;
    const before = word.textContent;
    button.hidden = false;
    button.addEventListener("click", async () => {
      const source = document.getElementById(button.dataset.copy);
      try {
        await navigator.clipboard.writeText(source.textContent);
        say(button, word, "Copié", before);
      } catch {
        // Refused by the browser: the text is selected, so that the keyboard can copy it.
        getSelection().selectAllChildren(source);
        say(button, word, "Sélectionné : Ctrl + C", before);
      }
    });
  }
}

/** The identifier follows the title until somebody writes their own. Same rule as `slug_of` in Python. */
function slugFromTitle() {
  const title = document.querySelector("input#title");
  const slug = document.querySelector("input#slug");
  if (!title || !slug || slug.value) return;
  let own = false;
  slug.addEventListener("input", () => {
    own = slug.value !== "";
  });
  title.addEventListener("input", () => {
    if (own) return;
    slug.value = title.value
      .toLowerCase()
      .normalize("NFKD")
      .replace(/\p{M}/gu, "")
      .replace(/œ/g, "oe")
      .replace(/æ/g, "ae")
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-|-$/g, "")
      .slice(0, 80)
      .replace(/-$/, "");
  });
}

/** What is shown once came with an answer to a form: reloading the page must show the page, not send the form again. */
function onceOnly() {
  if (document.querySelector("[data-once]")) history.replaceState(null, "", location.href);
}

/** A page that came back with errors begins at them; one that did something loses the word for it on reloading. */
function begin() {
  document.querySelector("[data-focus]")?.focus();
  const address = new URL(location.href);
  if (address.searchParams.has("fait")) {
    address.searchParams.delete("fait");
    history.replaceState(null, "", address);
  }
}

/** On a phone what one came to read comes before the ways to sort it. */
function foldWhenNarrow() {
  if (!matchMedia("(max-width: 52rem)").matches) return;
  for (const folds of document.querySelectorAll("[data-folds-when-narrow]")) folds.open = false;
}

/**
 * Words to mask are ticked by selecting them too, as one does with a marker. While a selection grows and shrinks its
 * words follow it; what it has ticked stays once it is gone, and a click still takes one word back.
 */
function markWords() {
  const boxes = [...document.querySelectorAll("[data-words] input")];
  if (!boxes.length) return;
  for (const hint of document.querySelectorAll("[data-with-script]")) hint.hidden = false;
  const bySelection = new Set();
  document.addEventListener("selectionchange", () => {
    const selection = getSelection();
    if (!isMarking(selection)) {
      bySelection.clear();
      return;
    }
    for (const box of boxes) {
      const covered = selection.containsNode(box.nextElementSibling, true);
      if (covered && !box.checked) bySelection.add(box);
      if (bySelection.has(box)) box.checked = covered;
    }
  });
  for (const box of boxes) {
    // The end of a selection is no click on the word where it ends.
    box.parentElement.addEventListener("click", (event) => {
      if (isMarking(getSelection())) event.preventDefault();
    });
  }
}

function isMarking(selection) {
  return !selection.isCollapsed && Boolean(selection.anchorNode?.parentElement.closest("[data-words]"));
}

/** A link's secret stands behind the # so that no server and no log ever sees it: it goes into its field, and away. */
function secretFromAddress() {
  const field = document.querySelector("[data-from-address]");
  if (!field || location.hash.length < 2) return;
  field.value = decodeURIComponent(location.hash.slice(1));
  history.replaceState(null, "", location.pathname);
  document.querySelector("#new")?.focus();
}

secretFromAddress();
foldWhenNarrow();
markWords();
copyButtons();
slugFromTitle();
onceOnly();
readByKeys();
begin();
