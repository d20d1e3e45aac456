/**
 * On a screen that everybody shares, the form goes back to its start by itself: after the thanks, or when nobody touches
 * it any more. It replaces its own address, so there is no page to go back to; what was ticked is sent as on any leaving.
 */
const THANKS_LAST = 8e3;
const ASK_AFTER = 45e3;
const LEAVE_AFTER = 15e3;

const still = document.querySelector("[data-still]");
const thanks = document.getElementById("thanks");
let timer;

for (const control of document.querySelectorAll("[autocomplete]")) control.autocomplete = "off";

const restart = () => {
  // Without a network there would be no page to show.
  if (navigator.onLine) location.replace(location.pathname + location.search);
  else timer = setTimeout(restart, LEAVE_AFTER);
};

const ask = () => {
  still.textContent = still.dataset.still;
  timer = setTimeout(restart, LEAVE_AFTER);
};

const wait = () => {
  clearTimeout(timer);
  still.textContent = "";
  timer = thanks.hidden ? setTimeout(ask, ASK_AFTER) : setTimeout(restart, THANKS_LAST);
};

// Nothing starts before somebody does: a form that waits has nobody to take leave of.
for (const name of ["pointerdown", "keydown", "input", "scroll"]) addEventListener(name, wait, true);
new MutationObserver(wait).observe(thanks, { attributeFilter: ["hidden"] });
