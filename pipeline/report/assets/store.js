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
const asDetail = named(["text", "blocks", "edits", "mechanisms"]);
const asBlock = named(["kind", "level", "start", "end"]);
const asEdit = named(["rules", "status", "reason", "confidence", "start", "end", "before", "after", "source", "plain"]);
const asMechanism = named(["start", "sentence", "subjectStart", "subjectEnd", "objectStart", "objectEnd",
  "triggerStart", "triggerEnd", "relation", "sign", "negated", "hedged", "confidence", "subjectMeans", "objectMeans",
  "rule", "mechanistic", "ends"]);
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
}

async function detail(index) {
  const [part, place] = store.places[index];
  if (!store.parts.has(part)) store.parts.set(part, unpack(`part-${part}`));
  const found = asDetail((await store.parts.get(part))[place]);
  return {
    text: Array.from(found.text),  // offsets count code points
    blocks: found.blocks.map(asBlock),
    edits: found.edits.map((values, order) => ({ ...asEdit(values), order })),
    mechanisms: found.mechanisms.map(asMechanism),
  };
}
