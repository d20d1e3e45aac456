/**
 * Messages on which nobody agreed: `messages(seed, count)` gives the same ones for the same seed.
 *
 * First each field in turn with each strange value, then mixtures. Whatever cannot be cloned never arrives anywhere, so
 * it is not here; a getter arrives as what it gave.
 */
const WORDS = ["hello", "last", "ready", "size", "step", "sent", "error", "close"];
const FIELDS = ["avis", "page", "scheme", "height", "close", "step", "status"];
const TEXTS = [
  "",
  "/fin",
  "/fin?nom=Alice",
  "/fin#Alice",
  "//ailleurs.exemple/fin",
  "https://ailleurs.exemple/",
  "javascript:document.title='prise'",
  "<img src=x onerror=\"document.title='prise'\">",
  "</script><script>document.title='prise'</script>",
  "dark; background: url(https://ailleurs.exemple/)",
  "/\u0000\r\n\u2028",
  "/\ud800",
  "/\u202e/sans",
  "1e9",
  "100%; position: fixed",
  "__proto__",
  "toString",
];
const NUMBERS = [0, -0, 1, -1, 0.5, 480, 1e9, 2 ** 31, 2 ** 53, 1e308, 5e-324, Number.NaN, Infinity, -Infinity, 10n];
const LONG = ["x", "/", "\u{1f600}", "<b>"].map((text) => `/${text.repeat(1e6 / text.length)}`);

const cyclic = { avis: "size" };
cyclic.height = cyclic;
cyclic.page = [cyclic];
const polluting = JSON.parse(
  '{"avis": "hello", "page": "/fin", "__proto__": {"key": "x"}, "constructor": {"prototype": 1}}',
);
const given = {
  get avis() {
    return "size";
  },
  get height() {
    return "1e9";
  },
};
const OBJECTS = [
  null,
  undefined,
  true,
  false,
  [],
  {},
  ["/fin"],
  ["/fin?nom=Alice"],
  [480],
  ["sent"],
  { length: 1e9, 0: "/fin" },
  new String("/fin?nom=Alice"),
  new Number(1e9),
  new Date(Number.NaN),
  /./,
  new Map([["avis", "close"]]),
  new Set(["close"]),
  new Blob(["close"]),
  new Error("close"),
  new Uint8Array(8),
  cyclic,
  polluting,
  given,
];

/** Mulberry32: small, and good enough to choose from lists. */
const chance = (seed) => () => {
  seed = (seed + 0x6d2b79f5) | 0;
  let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
};

export function messages(seed, count) {
  const values = [...TEXTS, ...NUMBERS, ...OBJECTS];
  const made = [...values];
  for (const avis of WORDS) {
    for (const field of FIELDS) for (const value of values) made.push({ avis, [field]: value });
  }
  for (const text of LONG)
    made.push(text, { avis: text }, ...FIELDS.map((field) => ({ avis: "hello", [field]: text })));
  const random = chance(seed);
  const pick = (list) => list[Math.floor(random() * list.length)];
  while (made.length < count) {
    const message = { avis: random() < 0.9 ? pick(WORDS) : pick(values) };
    for (const field of FIELDS.slice(1)) if (random() < 0.5) message[field] = pick(values);
    made.push(message);
  }
  return made;
}
