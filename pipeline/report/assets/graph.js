// The mechanisms as a signed graph: arrows for more, bars for less, dots for neither; an edge opens its sentences.
const WIDTH = 1000, HEIGHT = 640, MOST_NODES = 45, MOST_EDGES = 160;

function graphView(query) {
  const chosen = chosenEdges(query.entity || "");
  const told = el("div", { id: "told", role: "status" }, el("p", { class: "soft" }, "Choose an edge to read its sentences."));
  const show = async (edge, element) => {
    document.querySelectorAll(".edge.on").forEach((other) => other.classList.remove("on"));
    if (element) element.classList.add("on");
    told.replaceChildren(...await sentencesOf(edge));
  };
  const search = el("input", { type: "search", list: "entities", id: "entity", value: label(query.entity) });
  const go = () => {
    const wanted = search.value.trim().toLowerCase();
    const node = store.nodes.find((one) => one.label.toLowerCase() === wanted) || store.nodes.find((one) => one.id.toLowerCase() === wanted);
    location.hash = node ? `#/graph?entity=${encodeURIComponent(node.id)}` : "#/graph";
  };
  search.addEventListener("change", go);
  const names = [...new Set(store.nodes.map((one) => one.label))].sort().slice(0, 5000);
  const edges = chosen.map((edge) => el("li", {}, el("button", { type: "button", onclick: () => show(edge) }, ...edgeText(edge))));
  return [
    el("h2", {}, "Mechanisms"),
    el("div", { class: "filters" }, field("entity", search), el("datalist", { id: "entities" }, names.map((value) => el("option", { value }))),
      query.entity ? el("a", { href: "#/graph" }, "Back to the whole graph") : ""),
    el("p", { class: "soft" }, query.entity ? `The mechanisms of ${label(query.entity)}.`
      : `Up to ${MOST_NODES} entities that a vocabulary knows, those with most mechanisms. Green arrow: more; red dashed bar: less; grey dotted: no sign.`),
    el("div", { class: "graph" }, drawing(chosen, show),
      el("div", { class: "scroll" }, told, el("h3", {}, `Edges shown (${chosen.length})`), el("ul", { class: "edges" }, edges))),
  ];
}

const label = (id) => (store.nodes.find((one) => one.id === id) || { label: "" }).label;

function edgeText(edge) {
  return [store.nodes[edge.from].label, " ", el("b", { class: `sign ${signClass(edge.sign)}` }, `${store.relations[edge.relation]} (${signText(edge.sign)})`),
    ` ${store.nodes[edge.to].label} `, el("span", { class: "soft" }, `${edge.places.length}`)];
}

function chosenEdges(entity) {
  const weight = new Map();
  for (const edge of store.edges) for (const end of [edge.from, edge.to]) weight.set(end, (weight.get(end) || 0) + edge.places.length);
  const byWeight = (a, b) => b.places.length - a.places.length || a.from - b.from || a.to - b.to;
  let edges = store.edges;
  if (entity) {
    const index = store.nodes.findIndex((one) => one.id === entity);
    edges = edges.filter((edge) => edge.from === index || edge.to === index);
  } else {
    const known = [...weight].filter(([index]) => isKnown(store.nodes[index]));
    const top = new Set((known.length > 9 ? known : [...weight]).sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, MOST_NODES).map(([index]) => index));
    edges = edges.filter((edge) => top.has(edge.from) && top.has(edge.to));
  }
  return [...edges].sort(byWeight).slice(0, MOST_EDGES);
}

function drawing(edges, show) {
  const nodes = [...new Set(edges.flatMap((edge) => [edge.from, edge.to]))].sort((a, b) => a - b);
  const place = new Map(nodes.map((node, index) => [node, index]));
  const places = layOut(nodes.length, edges.map((edge) => [place.get(edge.from), place.get(edge.to)]), WIDTH, HEIGHT);
  const picture = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "group", "aria-label": "Graph of mechanisms; its edges are also listed beside it" }, markers());
  const between = new Map();
  for (const edge of edges) {
    const pair = [edge.from, edge.to].sort().join(" "), nth = between.get(pair) || 0;
    between.set(pair, nth + 1);
    picture.append(edgeShape(edge, places[place.get(edge.from)], places[place.get(edge.to)], nth, show));
  }
  nodes.forEach((node, index) => {
    const { x, y } = places[index], one = store.nodes[node];
    const link = svg("a", { href: `#/graph?entity=${encodeURIComponent(one.id)}`, tabindex: -1 }, svg("circle", { cx: x, cy: y, r: 6 }));
    link.append(svg("title", {}, `${one.label} ${one.id} ${one.category}`));
    picture.append(link, svg("text", { x: x + 8, y: y + 4 }, one.label.length > 28 ? `${one.label.slice(0, 27)}…` : one.label));
  });
  return picture;
}

function markers() {
  const shape = (id, path, size) => svg("marker", { id, viewBox: "0 0 10 10", refX: 9, refY: 5, markerWidth: size, markerHeight: size, orient: "auto-start-reverse", markerUnits: "userSpaceOnUse" }, path);
  return svg("defs", {},
    shape("plus", svg("path", { d: "M0 0 L10 5 L0 10 z", fill: "var(--plus)" }), 11),
    shape("minus", svg("path", { d: "M7 0 H10 V10 H7 z", fill: "var(--minus)" }), 13),
    shape("none", svg("circle", { cx: 6, cy: 5, r: 4, fill: "var(--none)" }), 9));
}

function edgeShape(edge, from, to, nth, show) {
  const kind = signClass(edge.sign), bend = (nth % 2 ? -1 : 1) * Math.ceil((nth + 1) / 2) * 18;
  const x = to.x - from.x, y = to.y - from.y, far = Math.max(Math.hypot(x, y), 1);
  const middle = { x: (from.x + to.x) / 2 - (y / far) * bend, y: (from.y + to.y) / 2 + (x / far) * bend };
  const back = Math.max(Math.hypot(to.x - middle.x, to.y - middle.y), 1);
  const end = { x: to.x - ((to.x - middle.x) / back) * 9, y: to.y - ((to.y - middle.y) / back) * 9 };
  const d = far < 2 ? `M${from.x} ${from.y - 6} C${from.x - 40} ${from.y - 50} ${from.x + 40} ${from.y - 50} ${from.x + 3} ${from.y - 8}`
    : `M${from.x} ${from.y} Q${middle.x} ${middle.y} ${end.x} ${end.y}`;
  const named = `${store.nodes[edge.from].label} ${store.relations[edge.relation]} ${store.nodes[edge.to].label}, ${signWord(edge.sign)}, ${edge.places.length} sentences`;
  const made = svg("g", { class: `edge ${kind}`, tabindex: 0, role: "button", "aria-label": named },
    svg("path", { class: "hit", d }), svg("path", { class: "line", d, "marker-end": `url(#${kind})` }), svg("title", {}, named));
  made.addEventListener("click", () => show(edge, made));
  made.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") { event.preventDefault(); show(edge, made); }
  });
  return made;
}

async function sentencesOf(edge) {
  const items = [];
  for (const [index, order] of edge.places.slice(0, 50)) {
    const one = store.documents[index], found = (await detail(index)).mechanisms[order];
    items.push(el("li", {}, mechanismLine(found), el("a", { href: `#/document/${index}?mechanism=${order}` }, one.title || one.id)));
  }
  const more = edge.places.length - items.length;
  return [el("h3", {}, ...edgeText(edge)), el("ul", { class: "sentences" }, items), more > 0 ? el("p", {}, `and ${number(more)} more`) : ""];
}
