/** The same two screens as `page.vue`, in React: what a procedure's own application does around the widget. */
import { StrictMode, useEffect, useRef } from "react";

/** `KEY`: React keeps `key` for itself and never writes it. HTML does not tell capitals from small letters. */
const Opinion = ({ code, address, label, theme, lang, heard }) => {
  const widget = useRef(null);
  // By hand: React does not attach a custom element's listeners to what its server has sent.
  useEffect(() => {
    const { current } = widget;
    const hear = () => heard?.(label);
    current.addEventListener("avis:sent", hear);
    return () => current.removeEventListener("avis:sent", hear);
  }, [heard, label]);
  return (
    <je-donne-mon-avis ref={widget} KEY={code} theme={theme} lang={lang}>
      <a href={address}>{label}</a>
    </je-donne-mon-avis>
  );
};

const Page = ({ route, widgets, heard }) =>
  route === "fin" ? (
    <section>
      <h1>Votre demande est envoyée</h1>
      <ul>
        {widgets.map((widget) => (
          <li key={widget.label}>
            <Opinion {...widget} heard={heard} />
          </li>
        ))}
      </ul>
    </section>
  ) : (
    <h1>Mes démarches</h1>
  );

export const App = (state) => (
  <StrictMode>
    <Page {...state} />
  </StrictMode>
);
