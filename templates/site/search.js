"use strict";
// Finds pages by the beginnings of their words in search.json: rows of [kind, address, title, note].
(() => {
  const MOST = 60;
  const address = document.currentScript.dataset.index;
  const box = document.getElementById("q");
  const list = document.getElementById("results");
  const told = document.getElementById("found");
  const plain = text => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const words = text => plain(text).match(/[\p{L}\p{N}]+/gu) || [];
  let rows;

  const load = async () => {
    const index = await (await fetch(address)).json();
    rows = index.rows.map(([kind, path, title, note]) =>
      ({kind: index.kinds[kind], rank: kind, path, title, note, words: words(`${title} ${note}`)}));
  };

  const show = hits => {
    list.replaceChildren(...hits.slice(0, MOST).map(hit => {
      const item = document.createElement("li");
      const link = document.createElement("a");
      const note = document.createElement("span");
      link.href = hit.path;
      link.textContent = hit.title;
      note.className = "small";
      note.textContent = ` ${hit.kind}${hit.note ? ", " + hit.note : ""}`;
      item.append(link, note);
      return item;
    }));
  };

  const search = () => {
    const asked = words(box.value);
    if (!asked.length || !rows) { list.replaceChildren(); return; }
    const hits = rows.filter(row => asked.every(ask => row.words.some(word => word.startsWith(ask))));
    const exact = row => asked.every(ask => row.words.includes(ask));
    hits.sort((a, b) => exact(b) - exact(a) || a.rank - b.rank);
    show(hits);
    told.textContent = !hits.length ? "Nothing found."
      : hits.length > MOST ? `${hits.length} found, the first ${MOST} shown.` : `${hits.length} found.`;
  };

  const begin = async () => {
    box.value = new URLSearchParams(location.search).get("q") || "";
    try { await load(); } catch { told.textContent = "The index could not be loaded."; return; }
    box.form.addEventListener("submit", event => { event.preventDefault(); search(); });
    box.addEventListener("input", search);
    search();
  };
  begin();
})();
