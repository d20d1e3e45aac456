import { createSSRApp } from "vue";
import { renderToString } from "vue/server-renderer";
import { draw } from "./vue.js";

export const render = (state) => renderToString(createSSRApp({ render: () => draw(state) }));
