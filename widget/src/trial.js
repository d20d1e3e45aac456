/**
 * In a trial nothing is stored: each answer says what would have been, and this shows it under the form.
 */
const panel = document.querySelector("[data-kept]");
const ask = window.fetch;

const show = (lines) => {
  const list = document.createElement("dl");
  for (const line of lines) {
    line.forEach((text, place) => {
      const part = document.createElement(place ? "dd" : "dt");
      part.textContent = text;
      list.append(part);
    });
  }
  panel.querySelector("dl").replaceWith(list);
  panel.hidden = false;
};

window.fetch = async (...asked) => {
  const answer = await ask(...asked);
  if (answer.ok) show((await answer.clone().json()).kept);
  return answer;
};
