// From the address to the view. Views are functions that give elements.
async function show(moved) {
  const [path, search] = location.hash.slice(1).split("?");
  const query = Object.fromEntries(new URLSearchParams(search || ""));
  const [, view, which] = path.split("/");
  const main = document.getElementById("main");
  if (!view && path && path !== "/") return;  // a place within the page
  const made = view === "documents" ? documents(query)
    : view === "document" ? await documentView(Number(which), query)
    : view === "graph" ? graphView(query) : overview();
  main.replaceChildren(...made.flat().filter(Boolean));
  main.dataset.view = view || "overview";
  for (const link of document.querySelectorAll("header nav a")) {
    const own = link.getAttribute("href") === `#/${view === "document" ? "documents" : view || ""}`;
    if (own) link.setAttribute("aria-current", "page"); else link.removeAttribute("aria-current");
  }
  const target = query.mechanism && document.getElementById(`mechanism-${query.mechanism}`);
  if (target) target.scrollIntoView({ block: "center" }); else window.scrollTo(0, 0);
  if (moved) main.focus({ preventScroll: true });  // so that reading goes on there
}

document.getElementById("theme").addEventListener("click", () => {
  const root = document.documentElement;
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
});
window.addEventListener("hashchange", show);
open().then(() => show(false)).catch((error) => {
  document.getElementById("main").textContent = `The data of this page cannot be read: ${error.message}. Make the report anew.`;
});
