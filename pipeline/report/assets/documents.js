// The list of documents, with filters that stand in the address, so a view can be kept and sent.
const SHOWN = 100;
const ORDERS = {
  "": ["as they were read", null],
  mechanisms: ["most mechanisms", (a, b) => b.mechanisms - a.mechanisms],
  edits: ["most edits", (a, b) => b.edits - a.edits],
  flagged: ["most flags", (a, b) => b.flagged - a.flagged],
  spun: ["most spun", (a, b) => b.spun - a.spun],
  date: ["newest first", (a, b) => (a.date < b.date ? 1 : a.date > b.date ? -1 : 0)],
};

function matching(query) {
  const words = (query.text || "").toLowerCase().split(/\s+/).filter(Boolean);
  const rule = query.rule ? store.rules.indexOf(query.rule) : -1;
  const relation = query.relation ? store.relations.indexOf(query.relation) : -1;
  const [, holds] = VERDICTS[query.verdict || ""] || VERDICTS[""];
  const found = store.documents.filter((one) => holds(one)
    && (!query.rule || one.rules.includes(rule)) && (!query.relation || one.relations.includes(relation))
    && words.every((word) => one.search.includes(word)));
  const order = (ORDERS[query.order || ""] || ORDERS[""])[1];
  return order ? found.sort(order) : found;
}

function documents(query) {
  const body = el("tbody"), count = el("p", { role: "status", id: "count" }), more = el("button", { type: "button" });
  let found = [], shown = 0;
  const showMore = () => {
    body.append(...found.slice(shown, shown + SHOWN).map(documentRow));
    shown = Math.min(shown + SHOWN, found.length);
    more.hidden = shown >= found.length;
    more.textContent = `Show ${number(Math.min(SHOWN, found.length - shown))} more`;
  };
  const refresh = () => {
    found = matching(query);
    shown = 0;
    body.replaceChildren();
    count.textContent = `${number(found.length)} of ${number(store.documents.length)} documents`;
    showMore();
  };
  const set = (name) => (value) => {
    query[name] = value;
    const kept = Object.entries(query).filter(([, one]) => one);
    history.replaceState(null, "", `#/documents${kept.length ? `?${new URLSearchParams(kept)}` : ""}`);
    refresh();
  };
  more.addEventListener("click", showMore);
  refresh();
  const search = el("input", { type: "search", value: query.text || "", id: "search", oninput: () => set("text")(search.value) });
  const sorted = (values) => [["", "any"], ...[...values].sort().map((value) => [value, value])];
  return [
    el("h2", {}, "Documents"),
    el("div", { class: "filters", role: "search" },
      field("title or name", search),
      field("verdict", choice(Object.entries(VERDICTS).map(([key, [label]]) => [key, label]), query.verdict || "", set("verdict"))),
      field("edited by rule", choice(sorted(store.rules), query.rule || "", set("rule"))),
      field("relation", choice(sorted(store.relations), query.relation || "", set("relation"))),
      field("order", choice(Object.entries(ORDERS).map(([key, [label]]) => [key, label]), query.order || "", set("order")))),
    count,
    el("table", { class: "list", id: "documents" },
      el("thead", {}, el("tr", {}, ["document", "verdicts", "words", "mechanisms", "edits", "flagged"].map((name, index) =>
        el("th", { scope: "col", class: index > 1 && "n" }, name)))), body),
    more,
  ];
}

function documentRow(one) {
  return el("tr", {},
    el("td", {}, el("a", { href: `#/document/${one.index}` }, one.title || one.id), " ",
      el("small", {}, [one.title && one.id, one.date, one.language].filter(Boolean).join(" · "))),
    el("td", {}, verdictTags(one)),
    [one.words, one.mechanisms, one.edits, one.flagged].map((value) => el("td", { class: "n" }, number(value))));
}

function verdictTags(one) {
  return Object.entries(VERDICTS).filter(([key, [, holds]]) => key && key !== "plain" && holds(one))
    .map(([, [label]]) => el("span", { class: "tag" }, label));
}
