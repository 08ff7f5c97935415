// The first view: what was read, what became of it, and plots whose rows lead to the documents behind them.
function plot(title, note, rows) {
  const most = Math.max(1, ...rows.map((row) => row.count));
  const body = rows.map((row) => el("tr", {},
    el("th", { scope: "row", title: row.label }, row.link ? el("a", { href: row.link }, row.label) : row.label),
    el("td", {}, el("div", { class: `bar ${row.kind || ""}`, style: `width:${(100 * row.count) / most}%` })),
    el("td", { class: "n" }, number(row.count))));
  return el("section", { class: "plot" }, el("h2", {}, title), el("p", { class: "soft" }, note),
    rows.length ? el("table", {}, el("tbody", {}, body)) : el("p", {}, "There are none."));
}

function overview() {
  const documents = store.documents;
  const sum = (name) => documents.reduce((total, one) => total + one[name], 0);
  const facts = [["documents", documents.length], ["rejected", store.rejected.length], ["words", sum("words")],
    ["mechanisms", sum("mechanisms")], ["edits besides markup and white space", sum("edits")],
    ["flagged, not edited", sum("flagged")]];
  const verdicts = Object.entries(VERDICTS).filter(([key]) => key).map(([key, [label, holds]]) => ({
    label, count: documents.filter(holds).length, link: `#/documents?verdict=${key}` }));
  const rules = store.rules.map((label, index) => ({ label, index, count: store.edits[index],
    link: `#/documents?rule=${encodeURIComponent(label)}` })).filter((row) => !store.plain.has(row.index));
  const relations = new Map(), entities = new Map();
  for (const edge of store.edges) {
    const key = `${store.relations[edge.relation]} ${signText(edge.sign)}`;
    const row = relations.get(key) || { label: key, count: 0, kind: signClass(edge.sign),
      link: `#/documents?relation=${store.relations[edge.relation]}` };
    row.count += edge.places.length;
    relations.set(key, row);
    for (const end of new Set([edge.from, edge.to])) entities.set(end, (entities.get(end) || 0) + edge.places.length);
  }
  const top = (rows, most) => [...rows].sort((a, b) => b.count - a.count || (a.label < b.label ? -1 : 1)).slice(0, most);
  const named = [...entities].filter(([index]) => isKnown(store.nodes[index])).map(([index, count]) => ({ label: store.nodes[index].label, count,
    link: `#/graph?entity=${encodeURIComponent(store.nodes[index].id)}` }));
  return [
    el("ul", { class: "facts" }, facts.map(([label, value]) => el("li", {}, el("b", {}, number(value)), label))),
    el("div", { class: "plots" },
      plot("Documents by verdict", "A document may have several.", verdicts),
      plot("Edits by rule", "Markup and white space are left out; the 20 most frequent.", top(rules, 20)),
      plot("Mechanisms by relation", "With the sign between the cores: + more, − less, 0 none.", top(relations.values(), 20)),
      plot("Mechanisms by entity", "Of those that a vocabulary knows, the 20 that most mechanisms are about.", top(named, 20))),
    rejectedList(),
    el("p", { class: "soft" }, `pipeline ${store.version}, rules ${store.rules_hash.join(", ")}, parser ${store.model.join(", ") || "none"}`),
  ];
}

function rejectedList() {
  if (!store.rejected.length) return "";
  const rows = store.rejected.slice(0, 200).map(([id, stage, reason]) =>
    el("tr", {}, el("td", {}, el("small", {}, id)), el("td", {}, stage), el("td", {}, reason)));
  const more = store.rejected.length - rows.length;
  return el("section", {}, el("h2", {}, "Rejected"), el("table", { class: "list" },
    el("thead", {}, el("tr", {}, ["document", "stage", "why"].map((name) => el("th", { scope: "col" }, name)))),
    el("tbody", {}, rows)), more > 0 ? el("p", {}, `${number(more)} more are in rejected.jsonl.`) : "");
}
