import { createElement } from "react";
import { flushSync } from "react-dom";
import { createRoot, hydrateRoot } from "react-dom/client";
import { App } from "./react.jsx";

const place = document.querySelector("#app");
const heard = [];
let state = { ...JSON.parse(document.querySelector("#state").textContent), heard: (label) => heard.push(label) };
const draw = () => createElement(App, state);
const isHydrated = place.hasChildNodes();
let root = isHydrated ? hydrateRoot(place, draw()) : createRoot(place);
const render = () => flushSync(() => root.render(draw()));
if (!isHydrated) render();

/** What the host's own logic would do. */
globalThis.app = {
  heard,
  set(change) {
    state = { ...state, ...change };
    render();
  },
  leave: () => root.unmount(),
  enter() {
    root = createRoot(place);
    render();
  },
};
