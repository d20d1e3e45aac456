/**
 * Brings the form to life: answers are saved as they are given, and nothing typed is ever lost.
 *
 * The page works without this script, so the script reads everything from it: screens are its <section>s, fields its
 * controls, and words its sentences. It stores nothing in the browser.
 */
const form = document.forms[0];
const { elements } = form;
const root = document.documentElement;
const all = (selector, from = form) => [...from.querySelectorAll(selector)];
const [template] = all("template");
template.replaceWith(template.content);
const screens = all("section");
const [status] = all("[role=status]");
const [SAVING, SAVED, WAITING, PERSONAL, close] = status.dataset.words.split("|");

/** Texts that the citizen has sent with a button; what is being typed is still theirs alone. */
const texts = {};
/** The mark last clicked in each group: a second click takes it back. */
const marked = {};
const id = crypto.randomUUID?.() || elements.id.value;
const context = elements.context?.value;
let page = elements.page?.value;
let at = 0;
let withArrows;
let isEnding;
let timer;

/* ---- The host page: one that the owner allowed, because the browser shows this one nowhere else (frame-ancestors) */

const [shown] = all(".w");
// To whoever it is: nothing of the citizen's is in it, and a page on a disk has no origin to name.
const tell = (avis, more) => parent.postMessage({ avis, ...more }, "*");
const grow = () => tell("size", { height: root.offsetHeight });
new ResizeObserver(grow).observe(root);

addEventListener("message", ({ source, data }) => {
  if (source !== parent || !data) return;
  if (data.avis === "last") all("button:last-child", screens[at])[0]?.focus();
  // What is no declaration is left out by the browser, and none can load anything: the page's policy sees to it.
  if (data.avis === "tokens") root.style.cssText += data.tokens;
  if (data.avis !== "hello") return;
  root.style.colorScheme = data.scheme;
  if (/^\/[^?#]{0,2000}$/.test(data.page)) {
    page = data.page;
    if (shown) shown.textContent = page;
  }
  tell("ready", { close });
  grow();
});

const personal = new RegExp(elements.clean.dataset.warn, "gi");

/* ---- Sending */

const say = (text) => {
  // What became of the answer matters more than what was about to be said of the typing.
  clearTimeout(timer);
  status.textContent = text;
};

const body = () => {
  const answers = {};
  for (const [key, value] of new FormData(form)) {
    const [name, desk] = key.split(".");
    if (elements[key].dataset) {
      if (texts[key]) answers[key] = texts[key];
    } else if (desk) answers[name] = { ...answers[name], [desk]: JSON.parse(value) };
    else if (elements[key][0].type === "checkbox") answers[name] = [...(answers[name] || []), value];
    else answers[name] = +value || value;
  }
  return JSON.stringify({ id, key: location.pathname.split("/").pop(), lang: root.lang, page, context, answers });
};

const post = (text, signal) =>
  fetch("../api/v1/reviews", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    keepalive: true,
    body: text,
    signal,
  });

let stored;
let isBusy;
let wake = () => {};

/** Sends until the server has what the page says; the same `id` makes sending twice harmless. */
const save = async () => {
  wake();
  if (isBusy) return;
  isBusy = true;
  for (let tries = 0; stored !== body(); ) {
    const text = body();
    let wait;
    if (!tries) say(SAVING);
    try {
      const { ok, status, headers } = await post(text, AbortSignal.timeout?.(2e4));
      if (ok) {
        if (!stored) tell("sent");
        stored = text;
        continue;
      }
      tell("error", { status });
      if (status < 500 && status !== 429) {
        // Refused for good. The page's other way of sending words every refusal, and keeps what was typed.
        elements.id.value = id;
        return form.submit();
      }
      wait = headers.get("Retry-After") * 1e3;
    } catch {
      // Offline, or no answer in time: as when the service is busy.
    }
    say(WAITING);
    // Many browsers see the service come back at the same moment: each waits a while of its own.
    await new Promise((resume) => {
      wake = resume;
      setTimeout(resume, (wait || 1e3 << Math.min(tries++, 6)) * (1 + Math.random() / 2));
    });
  }
  isBusy = false;
  say(SAVED);
  if (isEnding) go(1);
};

addEventListener("online", () => wake());
addEventListener("pagehide", () => {
  if (marked.satisfaction && stored !== body()) post(body());
});

/* ---- Going from screen to screen */

/** What is asked of each desk depends on the desks that were tried, and reached. */
const relate = () => {
  for (const part of all("[data-if]")) {
    const cause = part.dataset.if;
    const name = part.closest("section").id;
    for (const control of all("input:not([name])", part)) control.name = `${name}.${cause}`;
    part.hidden = part.disabled = !all(
      name === "contact_satisfaction"
        ? `[name="contact_reached.${cause}"][value=true]:enabled:checked`
        : `[value=${cause}]:checked`,
    )[0];
  }
};

const show = () =>
  screens.forEach((screen, place) => {
    screen.hidden = place !== at;
  });

const go = (way) => {
  // The thanks have a heading only.
  do at += way;
  while (screens[at + 1] && !all("input:enabled,textarea", screens[at])[0]);
  show();
  const [heading] = all("h2", screens[at]);
  heading.tabIndex = -1;
  heading.focus();
  tell("step", { step: screens[at].id });
};

form.onsubmit = (event) => {
  event.preventDefault();
  let first;
  for (const control of all("[aria-invalid]", screens[at])) {
    const isWrong = !control.validity.valid;
    const [text] = all(`#e-${control.name}`);
    text.className = isWrong ? "e" : "h";
    control.setAttribute("aria-invalid", isWrong);
    control.setAttribute("aria-describedby", text.id);
    if (isWrong) first = first || control;
  }
  if (first) return first.focus();
  for (const control of all("[data-max]")) {
    texts[control.name] = control.value.replace(/[^\P{Cc}\t\n]|\p{Cs}/gu, "").trim();
  }
  isEnding = !screens[at + 2];
  if (!isEnding) go(1);
  save();
};

form.onclick = ({ target }) => {
  const { name, type, value } = target;
  if (name === "back") go(-1);
  if (name === "clean") {
    const { verbatim } = elements;
    verbatim.value = verbatim.value.replace(personal, "…");
    form.oninput({ target: verbatim });
    verbatim.focus();
  }
  if (type === "checkbox") {
    for (const other of elements[name]) {
      if ((other.value === "none") !== (value === "none")) other.checked = false;
    }
  }
  if (type === "radio") target.checked = marked[name] = (target.required || marked[name] !== target) && target;
  relate();
  // An arrow key passes over faces on its way: only a click, a tap or the space bar chooses one.
  if (name === "satisfaction" && !withArrows) {
    go(1);
    save();
  }
};

form.oninput = ({ target }) => {
  const most = target.dataset.max;
  const [counter] = all(":scope>small b", target.parentNode);
  if (!most) return;
  const count = [...target.value].length;
  target.setCustomValidity(count > most ? "!" : "");
  if (!counter) return;
  counter.textContent = `${count} /`;
  // Said aloud only when the typing rests: what looks like a person's data, or that the limit is near.
  clearTimeout(timer);
  timer = setTimeout(() => {
    const found = target.value.match(personal);
    elements.clean.hidden = !found;
    say(found ? `${PERSONAL} ${found}` : count > most * 0.9 ? counter.parentNode.textContent : "");
  }, 1500);
};

// A pointer has no key, so it ends what the arrows began.
root.onkeydown = root.onpointerdown = ({ key }) => {
  withArrows = /^Arrow/.test(key);
  if (key === "Escape") tell("close");
};

/* ---- What the malfunction form shows of the browser before it is sent: features only, and the citizen may change it */

for (const option of all("[data-on]")) {
  const { on } = option.dataset;
  if (CSS.supports(on) || matchMedia(on).matches) option.selected = true;
}

relate();
show();
