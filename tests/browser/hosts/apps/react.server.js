import { createElement } from "react";
import { renderToString } from "react-dom/server";
import { App } from "./react.jsx";

export const render = (state) => renderToString(createElement(App, state));
