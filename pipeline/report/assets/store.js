// The data of the page: unpacked when it is first needed, and with names for the fields of its lists.
async function unpack(id) {
  const packed = document.getElementById(id);
  const bytes = Uint8Array.from(atob(packed.textContent), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return new Response(stream).json();
}

const named = (names) => (values) => Object.fromEntries(names.map((name, index) => [name, values[index]]));

const asDocument = named(["id", "title", "date", "language", "url", "truncated", "spun", "wrapped", "copyOf",
  "boilerplate", "kind", "mechanisms", "edits", "flagged", "rules", "relations", "words"]);
const asBlock = named(["kind", "level", "start", "end"]);
const asKind = named(["rules", "status", "reason", "confidence"]);
const asMechanism = named(["start", "end", "subjectStart", "subjectEnd", "objectStart", "objectEnd", "trigger",
  "relation", "sign", "negated", "hedged", "confidence", "subjectMeans", "objectMeans", "rule", "mechanistic", "ends",
  "sentence"]);
const asNode = named(["id", "label", "category"]);
const asEdge = named(["from", "to", "relation", "sign", "places"]);
const STATUS = ["applied", "dropped", "flagged"];

// What documents can be filtered by; a document may have several.
const VERDICTS = {
  "": ["all documents", () => true],
  truncated: ["truncated", (one) => one.truncated],
  spun: ["spun", (one) => one.spun >= 0.5],
  wrapped: ["wrapped by a language model", (one) => one.wrapped],
  copy: ["copy of another", (one) => one.copyOf],
  boilerplate: ["half or more was boilerplate", (one) => one.boilerplate >= 0.5],
  plain: ["none of these", (one) => !one.truncated && one.spun < 0.5 && !one.wrapped && !one.copyOf && one.boilerplate < 0.5],
};

// Entities that a vocabulary knows; the others are phrases, pronouns among them.
const isKnown = (node) => !node.id.startsWith("text:");

const store = { parts: new Map() };

async function open() {
  Object.assign(store, await unpack("summary"));
  store.documents = store.documents.map((values, index) => {
    const one = asDocument(values);
    one.index = index;
    one.search = `${one.id} ${one.title}`.toLowerCase();
    return one;
  });
  store.nodes = store.nodes.map(asNode);
  store.edges = store.edges.map(asEdge);
  store.plain = new Set(store.plain);
  store.kinds = store.kinds.map((values) => {
    const kind = asKind(values);
    kind.plain = STATUS[kind.status] !== "flagged" && kind.rules.every((rule) => store.plain.has(rule));
    return kind;
  });
}

async function detail(index) {
  const [part, place] = store.places[index];
  if (!store.parts.has(part)) store.parts.set(part, unpack(`part-${part}`));
  const [text, blocks, columns, mechanisms, left] = (await store.parts.get(part))[place];
  const letters = Array.from(text);  // offsets count code points
  return {
    text: letters, left,
    blocks: blocks.map(asBlock),
    edits: editsOf(columns),
    mechanisms: mechanisms.map((values) => {
      const one = asMechanism(values);
      one.sentence = one.sentence || letters.slice(one.start, one.end).join("");
      return one;
    }),
  };
}

// Edits from their columns: kinds, steps of the start, lengths, steps in the input, what was there, suggestions.
function editsOf([kinds, starts, lengths, sources, befores, suggestions]) {
  let start = 0, source = 0, flagged = 0;
  return kinds.map((number, order) => {
    const kind = store.kinds[number];
    start += starts[order];
    source += sources[order];
    const after = STATUS[kind.status] === "flagged" ? suggestions[flagged++] : "";
    return { ...kind, order, start, end: start + lengths[order], source, before: befores[order], after };
  });
}
