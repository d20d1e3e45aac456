/**
 * A chart as a picture for a report: what it shows, of when and of whom stands in the picture, because a picture is
 * pasted without its page.
 */
import { say } from "./say.js";

const EDGE = 24;
const SHARP = 2;
const TITLE = { font: "600 20px system-ui, sans-serif", line: 28, colour: "ink" };
const ABOUT = { font: "14px system-ui, sans-serif", line: 20, colour: "soft" };

/** Shows the buttons of a chart that was drawn. `colour` reads the page's colours. */
export function imageButtons(buttons, chart, place, colour) {
  for (const button of buttons) {
    const word = button.firstElementChild;
    const before = word.textContent;
    button.addEventListener("click", async () => {
      const picture = pictureOf(chart, place, colour());
      if (button.dataset.image === "copy" && (await isCopied(picture))) say(button, word, "Image copiée", before);
      else {
        keep(await picture, place.dataset.file);
        say(button, word, "Image téléchargée", before);
      }
    });
  }
}

/** Browsers refuse to copy pictures, or cannot: then it is downloaded. */
async function isCopied(picture) {
  try {
    // Some want the promise: a click allows copying only while it is being handled.
    await navigator.clipboard.write([new ClipboardItem({ "image/png": picture })]);
    return true;
  } catch {
    return false;
  }
}

function keep(picture, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(picture);
  link.download = `${name}.png`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

async function pictureOf(chart, place, colour) {
  const drawing = new Image();
  // The drawing as it stands: the library's own text of it leaves quotes of font names unescaped.
  const text = new XMLSerializer().serializeToString(place.querySelector("svg"));
  drawing.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await drawing.decode();
  const [wide, high] = [chart.getWidth(), chart.getHeight()];
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d");
  const lines = [...broken(pen, place.dataset.title, TITLE, wide), ...broken(pen, place.dataset.about, ABOUT, wide)];
  const above = lines.reduce((sum, { style }) => sum + style.line, EDGE / 2);
  canvas.width = (wide + 2 * EDGE) * SHARP;
  canvas.height = (high + above + 2 * EDGE) * SHARP;
  pen.scale(SHARP, SHARP);
  pen.fillStyle = colour("paper");
  pen.fillRect(0, 0, canvas.width, canvas.height);
  write(pen, lines, colour);
  pen.drawImage(drawing, EDGE, EDGE + above, wide, high);
  return new Promise((done) => canvas.toBlob(done, "image/png"));
}

function write(pen, lines, colour) {
  let y = EDGE;
  for (const { text, style } of lines) {
    y += style.line;
    pen.font = style.font;
    pen.fillStyle = colour(style.colour);
    pen.fillText(text, EDGE, y - style.line / 4);
  }
}

/** A text in lines that are not wider than the chart. */
function broken(pen, text, style, wide) {
  pen.font = style.font;
  const lines = [];
  for (const word of text.split(" ")) {
    const longer = lines.length ? `${lines.at(-1)} ${word}` : word;
    if (lines.length && pen.measureText(longer).width <= wide) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines.map((line) => ({ text: line, style }));
}
