/** `isKept`: the screen that is left stays alive beside the page, and is put back as it was. */
import { h, KeepAlive } from "vue";
import Page from "./page.vue";

const Other = { render: () => h("h1", "Mes démarches") };

export const draw = ({ route, isKept, widgets, heard }) => {
  const screen = () => (route === "fin" ? h(Page, { widgets, heard }) : h(Other));
  return isKept ? h(KeepAlive, null, screen) : screen();
};
