/**
 * Brings the form to life: answers are saved as they are given, and nothing typed is ever lost.
 *
 * The page works without this script, so the script reads everything from it: screens are its <section>s, fields its
 * controls, and words its sentences. It stores nothing in the browser.
 */
const form = document.forms[0];
const { elements } = form;
const root = document.documentElement;
const status = form.querySelector("[role=status]");
const [SAVING, SAVED, WAITING, close] = status.dataset.words.split("|");
const template = form.querySelector("template");
template.replaceWith(template.content);
const screens = [...form.querySelectorAll("section")];

/** Texts that the citizen has sent with a button; what is being typed is still theirs alone. */
const texts = {};
/** The mark last clicked in each group: a second click takes it back. */
const marked = {};
const id = crypto.randomUUID?.() || elements.id.value;
let page = elements.page?.value;
let at = 0;
let pressed;
let withArrows;
let isEnding;
let timer;

/* ---- The host page, if it is one that the owner allowed */

let host;
const shown = form.querySelector(".w");
const tell = (avis, more) => host && parent.postMessage({ avis, ...more }, host);
const grow = () => tell("size", { height: root.offsetHeight });
new ResizeObserver(grow).observe(root);

addEventListener("message", ({ source, origin, data }) => {
  if (source !== parent || !`${location.origin} ${form.dataset.hosts}`.split(" ").includes(origin) || !data) return;
  if (data.avis === "last") screens[at].querySelector("button:last-child")?.focus();
  if (data.avis !== "hello") return;
  host = origin;
  root.style.colorScheme = data.scheme;
  if (/^\/[^?#]{0,2000}$/.test(data.page)) {
    page = data.page;
    if (shown) shown.textContent = page;
  }
  tell("ready", { close });
  grow();
});

/* ---- Sending */

const say = (text) => {
  status.textContent = text;
};

const body = () => {
  const answers = {};
  for (const [key, value] of new FormData(form)) {
    const [name, desk] = key.split(".");
    if (elements[key].dataset) {
      if (texts[key]) answers[key] = texts[key];
    } else if (desk) answers[name] = { ...answers[name], [desk]: JSON.parse(value) };
    else if (name === "contact_tried") answers[name] = [...(answers[name] || []), value];
    else answers[name] = +value || value;
  }
  return JSON.stringify({ id, key: location.pathname.split("/").pop(), lang: root.lang, page, answers });
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
  for (let tries = 0; ; ) {
    const text = body();
    if (text === stored) break;
    let wait = 0;
    if (!tries) say(SAVING);
    try {
      const { ok, status, headers } = await post(text, AbortSignal.timeout?.(2e4));
      if (ok) {
        if (!stored) tell("sent");
        stored = text;
        tries = 0;
        continue;
      }
      tell("error", { status });
      if (status < 500 && status !== 429) {
        // Refused for good. The page's other way of sending words every refusal, and keeps what was typed.
        elements.id.value = id;
        stored = text;
        form.onsubmit = null;
        return screens[at].querySelector("button").click();
      }
      wait = headers.get("Retry-After") * 1e3;
    } catch {
      // Offline, or no answer in time: as when the service is busy.
    }
    say(WAITING);
    // Many browsers see the service come back at the same moment: each waits a while of its own.
    await new Promise((resume) => {
      wake = resume;
      setTimeout(resume, (wait || 1e3 * 2 ** Math.min(tries++, 6)) * (1 + Math.random() / 2));
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
  for (const part of form.querySelectorAll("[data-if]")) {
    const cause = part.dataset.if;
    const name = part.closest("section").id;
    for (const control of part.querySelectorAll("input:not([name])")) control.name = `${name}.${cause}`;
    part.hidden = part.disabled = !form.querySelector(
      name === "contact_satisfaction"
        ? `[name="contact_reached.${cause}"][value=true]:enabled:checked`
        : `[value=${cause}]:checked`,
    );
  }
};

const show = () =>
  screens.forEach((screen, place) => {
    screen.hidden = place !== at;
  });

const go = (way) => {
  // The thanks have a heading only.
  do at += way;
  while (screens[at + 1] && !screens[at].querySelector("input:enabled,textarea"));
  show();
  const heading = screens[at].querySelector("h2");
  heading.tabIndex = -1;
  heading.focus();
  tell("step", { step: screens[at].id });
};

const isFine = () => {
  let first;
  for (const control of screens[at].querySelectorAll(":invalid:not(fieldset),[aria-invalid]")) {
    const isWrong = !control.validity.valid;
    const text = document.getElementById(`e-${control.name}`);
    text.className = isWrong ? "e" : "h";
    control.setAttribute("aria-invalid", isWrong);
    control.setAttribute("aria-describedby", text.id);
    if (isWrong) first = first || control;
  }
  first?.focus();
  return !first;
};

form.onsubmit = (event) => {
  event.preventDefault();
  const isBack = pressed === "back";
  pressed = 0;
  if (!isBack && !isFine()) return;
  for (const control of form.querySelectorAll("[data-max]")) {
    texts[control.name] = control.value.replace(/[^\P{Cc}\t\n]|\p{Cs}/gu, "").trim();
  }
  isEnding = !isBack && !screens[at + 2];
  if (!isEnding) go(isBack ? -1 : 1);
  save();
};

form.onclick = ({ target }) => {
  const { name, type, value } = target;
  if (type === "submit") pressed = name;
  if (type === "checkbox" && target.checked) {
    for (const other of elements[name]) {
      if ((other.value === "none") !== (value === "none")) other.checked = false;
    }
  }
  if (type === "radio") {
    if (marked[name] === target && !target.required) target.checked = marked[name] = false;
    else marked[name] = target;
  }
  relate();
  // An arrow key passes over faces on its way: only a click, a tap or the space bar chooses one.
  if (name === "satisfaction" && !withArrows) {
    go(1);
    save();
  }
};

form.oninput = ({ target }) => {
  const most = target.dataset.max;
  const counter = target.parentNode.querySelector("small b");
  if (!most) return;
  const count = [...target.value].length;
  target.setCustomValidity(count > most ? "!" : "");
  if (!counter) return;
  counter.textContent = `${count} /`;
  // Said aloud only near the limit, and only when the typing rests.
  clearTimeout(timer);
  timer = setTimeout(() => count > most * 0.9 && say(counter.parentNode.textContent), 1500);
};

root.onkeydown = ({ key }) => {
  withArrows = /^Arrow/.test(key);
  if (key === "Escape") tell("close");
};
root.onpointerdown = () => {
  withArrows = false;
};

/* ---- What the malfunction form shows of the browser before it is sent: features only, and the citizen may change it */

for (const option of form.querySelectorAll("[data-on]")) {
  const { on } = option.dataset;
  if (CSS.supports(on) || matchMedia(on).matches) option.selected = true;
}

relate();
show();
