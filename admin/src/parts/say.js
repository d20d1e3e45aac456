const SAID_FOR_MS = 2500;

/** A button says what it did, aloud too, and then what it does again. */
export function say(button, word, text, before) {
  word.textContent = text;
  button.setAttribute("aria-live", "polite");
  setTimeout(() => {
    word.textContent = before;
  }, SAID_FOR_MS);
}
