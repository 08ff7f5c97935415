// One document: source and clean text side by side, every edit in its place, and the mechanisms below.
async function documentView(index, query) {
  const one = store.documents[index];
  if (!one) return [el("p", {}, "There is no such document.")];
  const data = await detail(index);
  const about = el("div", { id: "about", role: "status" }, el("span", { class: "soft" }, "Point at an edit, or move to it with Tab, to see its rule and reason."));
  const chosen = { rule: "", status: "", plain: false };
  const pair = el("div", { class: "pair hide-plain" });
  pair.append(el("div", { class: "head" }, "source"), el("div", { class: "head" }, "clean text"), ...rows(data));
  const marks = [...pair.querySelectorAll("mark")];
  const refresh = () => {
    pair.classList.toggle("hide-plain", !chosen.plain);
    for (const mark of marks) {
      const edit = data.edits[mark.dataset.edit];
      const off = (chosen.rule && !edit.rules.some((rule) => store.rules[rule] === chosen.rule))
        || (chosen.status && STATUS[edit.status] !== chosen.status);
      mark.classList.toggle("off", Boolean(off));
    }
  };
  const point = (event) => {
    const mark = event.target.closest("mark");
    if (!mark) return;
    const edit = data.edits[mark.dataset.edit];
    about.replaceChildren(...explained(one, edit));
    for (const other of marks) other.classList.toggle("at", other.dataset.edit === mark.dataset.edit);
  };
  for (const kind of ["mouseover", "focusin", "click"]) pair.addEventListener(kind, point);
  const counts = new Map();
  for (const edit of data.edits) for (const rule of edit.rules) counts.set(rule, (counts.get(rule) || 0) + 1);
  const rules = [...counts].sort((a, b) => b[1] - a[1]).map(([rule, count]) => [store.rules[rule], `${store.rules[rule]} (${count})`]);
  return [
    el("p", {}, el("a", { href: "#/documents" }, "All documents")),
    el("h2", {}, one.title || one.id),
    el("p", { class: "soft" }, [one.id, one.date, one.language, one.url, one.kind].filter(Boolean).join(" · ")),
    el("p", {}, verdictTags(one), one.copyOf ? ` the same text as ${one.copyOf}` : ""),
    el("div", { class: "filters" },
      field("edits of rule", choice([["", "all rules"], ...rules], "", (value) => { chosen.rule = value; refresh(); })),
      field("status", choice([["", "all"], ...STATUS.map((name) => [name, name])], "", (value) => { chosen.status = value; refresh(); })),
      check("show markup and white space that was taken out", false, (event) => { chosen.plain = event.target.checked; refresh(); })),
    el("div", { class: "panel" }, pair),
    data.left ? el("p", {}, `${number(data.left)} more characters of this document are left out of the report; documents.jsonl has them.`) : "",
    about,
    ...mechanismList(data, query),
  ];
}

function rows(data) {
  const made = [];
  const edits = [...data.edits].sort((a, b) => a.start - b.start || a.end - b.end || a.order - b.order);
  const blocks = data.blocks.length ? data.blocks : [{ kind: "paragraph", start: 0, end: data.text.length }];
  let next = 0;
  for (const block of blocks) {
    const inside = [];
    while (next < edits.length && edits[next].start < block.end + (edits[next].end <= block.end ? 1 : 0)) inside.push(edits[next++]);
    const outer = inside.filter((edit) => edit.end <= block.start && STATUS[edit.status] === "dropped" && !edit.plain);
    made.push(...droppedRows(outer));
    made.push(...blockRow(data, block, inside.filter((edit) => !outer.includes(edit))));
  }
  made.push(...droppedRows(edits.slice(next).filter((edit) => STATUS[edit.status] === "dropped" && !edit.plain)));
  return made;
}

// What was dropped between two blocks; of much, as around an article, only its number until it is opened.
function droppedRows(edits) {
  const made = edits.flatMap(droppedRow);
  if (edits.length < 5) return made;
  const reasons = [...new Set(edits.flatMap((edit) => edit.reason.split("; ")))].filter((one) => one !== "markup, not text");
  return [el("details", {}, el("summary", {}, `${number(edits.length)} stretches were dropped: ${reasons.join("; ")}`),
    el("div", { class: "pair" }, made))];
}

function droppedRow(edit) {
  return [el("div", { class: "source" }, marked(edit, "before")), el("div", { class: "soft" }, edit.reason)];
}

function blockRow(data, block, edits) {
  const source = el("div", { class: `source ${block.kind}` }), clean = el("div", { class: block.kind });
  const text = (start, end) => data.text.slice(start, end).join("");
  let at = block.start;
  for (const edit of edits) {
    if (edit.start < at || edit.end > block.end) {
      if (edit.end <= block.start) source.append(marked(edit, "before"));
      continue;
    }
    source.append(text(at, edit.start), marked(edit, "before", text(edit.start, edit.end)));
    if (edit.plain) source.append(el("span", { class: "instead" }, text(edit.start, edit.end)));
    clean.append(text(at, edit.start));
    if (edit.plain) clean.append(text(edit.start, edit.end));
    else clean.append(marked(edit, "after", text(edit.start, edit.end)));
    at = edit.end;
  }
  source.append(text(at, block.end));
  clean.append(text(at, block.end));
  return [source, clean];
}

function marked(edit, side, after = "") {
  const status = STATUS[edit.status];
  const said = side === "after" || status === "flagged" ? after : whole(edit.before);
  const label = `${status} by ${edit.rules.map((rule) => store.rules[rule]).join(" and ")}: ${edit.reason}`;
  return el("mark", {
    class: `${status} ${side} ${edit.plain ? "plain" : ""} ${said ? "" : "empty"}`, "data-edit": edit.order,
    title: `${label} (confidence ${edit.confidence})`, "aria-label": `${label}. ${said || "nothing"}`,
    tabindex: edit.plain || side === "before" ? null : 0,
  }, said);
}

const whole = (text) => (Array.isArray(text) ? `${text[0]} … ${number(text[1])} characters … ${text[2]}` : text);

function explained(one, edit) {
  const status = STATUS[edit.status];
  const line = [el("b", {}, edit.rules.map((rule) => store.rules[rule]).join(" + ")), `: ${edit.reason}. `,
    el("span", { class: "soft" }, `${status}, confidence ${edit.confidence}, at ${number(edit.source)} of the input, `
      + `${one.id}:e${String(edit.order).padStart(4, "0")}`)];
  if (status === "flagged") line.push(` It might read “${edit.after}”.`);
  return line;
}

function mechanismList(data, query = {}) {
  const bySentence = new Map();
  data.mechanisms.forEach((one, order) => {
    if (!bySentence.has(one.start)) bySentence.set(one.start, []);
    bySentence.get(one.start).push({ ...one, order });
  });
  const items = [...bySentence.values()].flat().map((one) =>
    el("li", { id: `mechanism-${one.order}`, class: String(one.order) === query.mechanism && "panel" }, mechanismLine(one)));
  return [el("h3", {}, `Mechanisms (${data.mechanisms.length})`),
    items.length ? el("ul", { class: "sentences" }, items) : el("p", {}, "None was found.")];
}

function mechanismLine(one) {
  const letters = Array.from(one.sentence), made = [];
  const spans = [["s", one.subjectStart, one.subjectEnd], ["t", ...one.trigger], ["o", one.objectStart, one.objectEnd]]
    .map(([kind, start, end]) => [kind, start - one.start, end - one.start])
    .filter(([, start, end]) => start >= 0 && end <= letters.length).sort((a, b) => a[1] - b[1] || b[2] - a[2]);
  let at = 0;
  for (const [kind, start, end] of spans) {
    if (start < at) continue;
    made.push(letters.slice(at, start).join(""), el("span", { class: kind }, letters.slice(start, end).join("")));
    at = end;
  }
  made.push(letters.slice(at).join(""));
  const [from, to] = one.ends.map((end) => store.nodes[end].label);
  return [el("div", {}, made), el("div", { class: "soft" }, from, " ",
    el("b", { class: `sign ${signClass(one.sign)}` }, `${one.negated ? "does not: " : ""}${store.relations[one.relation]} (${signText(one.sign)})`),
    ` ${to}${one.hedged ? ", hedged" : ""}${one.mechanistic ? "" : ", no mechanism"}, confidence ${one.confidence}, ${one.rule}`)];
}
