import { createApp, createSSRApp, nextTick, reactive } from "vue";
import { draw } from "./vue.js";

const place = document.querySelector("#app");
const heard = [];
const state = reactive(JSON.parse(document.querySelector("#state").textContent));
const view = { render: () => draw({ ...state, heard: (label) => heard.push(label) }) };
let root = place.hasChildNodes() ? createSSRApp(view) : createApp(view);
root.mount(place);

/** What the host's own logic would do. */
globalThis.app = {
  heard,
  set(change) {
    Object.assign(state, change);
    return nextTick();
  },
  leave: () => root.unmount(),
  enter() {
    root = createApp(view);
    root.mount(place);
  },
};
