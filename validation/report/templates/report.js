"use strict";
// The findings: filtered, grouped by dataset and code, and drawn only as far as they are looked at. Sorting of tables.
(function () {
  const byId = (id) => document.getElementById(id);

  function make(name, attributes, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes || {})) {
      if (value !== false && value !== null) made.setAttribute(key, value === true ? "" : value);
    }
    made.append(...children);
    return made;
  }

  function counted(number, one, several) {
    return number.toLocaleString("en-GB") + " " + (number === 1 ? one : several || one + "s");
  }

  // ---- tables that sort ----

  function sortValue(row, column) {
    const cell = row.cells[column];
    return cell.dataset.sort === undefined ? cell.textContent.trim() : Number(cell.dataset.sort);
  }

  for (const table of document.querySelectorAll("table.sortable")) {
    const body = table.tBodies[0];
    const given = Array.from(body.rows);
    Array.from(table.tHead.rows[0].cells).forEach((head, column) => {
      const button = make("button", { type: "button" }, head.textContent);
      head.replaceChildren(button);
      button.addEventListener("click", () => {
        const numeric = given.length > 0 && given[0].cells[column].dataset.sort !== undefined;
        const before = head.getAttribute("aria-sort");
        const next = before === null ? (numeric ? "descending" : "ascending") : before === "ascending" ? "descending" : "ascending";
        for (const each of table.tHead.rows[0].cells) each.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", next);
        const turn = next === "ascending" ? 1 : -1;
        const compared = (a, b) => (numeric ? a - b : a.localeCompare(b, "en"));
        const rows = given.slice().sort((a, b) => turn * compared(sortValue(a, column), sortValue(b, column)));
        body.append(...rows);
      });
    });
  }

  // ---- what a link points to is open, and so is what is printed ----

  function openTarget() {
    const hash = location.hash.slice(1);
    const target = Array.from(document.querySelectorAll("details[id]")).find((each) => each.id === hash);
    if (target) target.open = true;
  }

  // ---- findings ----

  const browser = byId("browser");
  if (!browser) {
    window.addEventListener("hashchange", openTarget);
    openTarget();
    return;
  }
  const data = JSON.parse(byId("findings-data").textContent);
  const coded = data.coded;
  const plain = data.plain;
  const SEVERITIES = ["error", "warning", "notice"];
  const FIELDS = ["dataset", "code", "site"];
  const RECORDS_AT_ONCE = 50;
  const GROUPS_AT_ONCE = 40;
  const form = byId("filter");
  const control = (name) => form.elements.namedItem(name);
  const searched = new Array(data.findings);
  let groups = [];
  let groupsShown = 0;
  let datasetShown = null;

  const at = (field, finding) => coded[field].terms[coded[field].index[finding]];

  function keysOf(finding, skipSubject) {
    const names = at("key_names", finding);
    const parts = [];
    names.forEach((name, place) => {
      if (!(skipSubject && name === "USUBJID")) parts.push(name + "=" + plain.key_values[finding][place]);
    });
    return parts.join("; ");
  }

  function searchable(finding) {
    if (searched[finding] === undefined) {
      searched[finding] = [
        at("code", finding), at("dataset", finding), at("variable", finding), at("message", finding), at("to_do", finding),
        at("subject", finding), keysOf(finding, false), plain.value[finding], plain.origin[finding],
      ].join("\n").toLowerCase();
    }
    return searched[finding];
  }

  // The filter is what the form says; the address keeps it.

  function readForm() {
    const wanted = { severity: [], dataset: control("dataset").value, code: control("code").value, site: control("site").value };
    for (const box of form.querySelectorAll("input[name=severity]")) if (box.checked) wanted.severity.push(box.value);
    wanted.subject = control("subject").value.trim();
    wanted.text = control("text").value.trim();
    return wanted;
  }

  function written(wanted) {
    const parts = [];
    if (wanted.severity.length) parts.push("severity=" + wanted.severity.join(","));
    for (const field of FIELDS.concat(["subject", "text"])) {
      if (wanted[field]) parts.push(field + "=" + encodeURIComponent(wanted[field]));
    }
    return "findings" + (parts.length ? "?" + parts.join("&") : "");
  }

  function fromHash() {
    const hash = location.hash.slice(1);
    if (hash !== "findings" && !hash.startsWith("findings?")) return null;
    const given = new URLSearchParams(hash.slice("findings?".length));
    const wanted = { severity: (given.get("severity") || "").split(",").filter((each) => SEVERITIES.includes(each)) };
    for (const field of FIELDS.concat(["subject", "text"])) wanted[field] = given.get(field) || "";
    return wanted;
  }

  function fillForm(wanted) {
    for (const box of form.querySelectorAll("input[name=severity]")) box.checked = wanted.severity.includes(box.value);
    for (const field of FIELDS) {
      const select = control(field);
      const known = Array.from(select.options).some((option) => option.value === wanted[field]);
      if (!known) select.append(make("option", { value: wanted[field] }, wanted[field] + " (no finding)"));
      select.value = wanted[field];
    }
    control("subject").value = wanted.subject;
    control("text").value = wanted.text;
  }

  function found(wanted) {
    const subject = wanted.subject.toLowerCase();
    const words = wanted.text.toLowerCase().split(/\s+/).filter(Boolean);
    const severity = coded.severity.terms.map((each) => !wanted.severity.length || wanted.severity.includes(each));
    const subjects = coded.subject.terms.map((each) => !subject || each.toLowerCase().includes(subject));
    const exact = FIELDS.filter((field) => wanted[field]).map((field) => [coded[field].index, coded[field].terms.indexOf(wanted[field])]);
    const kept = [];
    for (let each = 0; each < data.findings; each++) {
      if (!severity[coded.severity.index[each]] || !subjects[coded.subject.index[each]]) continue;
      if (!exact.every(([index, term]) => index[each] === term)) continue;
      if (words.length && !words.every((word) => searchable(each).includes(word))) continue;
      kept.push(each);
    }
    return kept;
  }

  function grouped(kept) {
    const byKey = new Map();
    for (const each of kept) {
      const key = coded.dataset.index[each] * coded.code.terms.length + coded.code.index[each];
      if (!byKey.has(key)) byKey.set(key, []);
      byKey.get(key).push(each);
    }
    return Array.from(byKey.values());
  }

  function same(group, field) {
    const first = coded[field].index[group[0]];
    return group.every((each) => coded[field].index[each] === first);
  }

  // ---- drawing ----

  function recordsTable(group, from) {
    const shown = group.slice(from, from + RECORDS_AT_ONCE);
    const columns = [
      ["Site", (each) => at("site", each), "nowrap", "site"],
      ["Subject", (each) => at("subject", each), "nowrap", "subject"],
      ["Keys", (each) => keysOf(each, true), "", ""],
      ["Variable", (each) => at("variable", each), "nowrap", "variable"],
      ["Value", (each) => plain.value[each], "value", ""],
      ["Records", (each) => (plain.count[each] > 1 ? plain.count[each].toLocaleString("en-GB") : ""), "", ""],
      ["Message", (each) => (same(group, "message") ? "" : at("message", each)), "", ""],
      ["To do", (each) => (same(group, "to_do") ? "" : at("to_do", each)), "", ""],
      ["Origin", (each) => plain.origin[each], "origin", ""],
    ].map(([name, text, kind]) => [name, shown.map(text), kind]).filter(([, texts]) => texts.some((text) => text !== ""));
    const head = make("tr", {}, ...columns.map(([name]) => make("th", { scope: "col" }, name)));
    const body = make("tbody");
    shown.forEach((each, row) => {
      body.append(make("tr", {}, ...columns.map(([, texts, kind]) => make("td", kind ? { class: kind } : {}, texts[row]))));
    });
    const caption = make("caption", { class: "visually-hidden" }, at("code", group[0]) + " in " + at("dataset", group[0]));
    return make("div", { class: "scroll" }, make("table", {}, caption, make("thead", {}, head), body));
  }

  function fillRecords(place, group, from) {
    place.replaceChildren(recordsTable(group, from));
    if (group.length <= RECORDS_AT_ONCE) return;
    const to = Math.min(from + RECORDS_AT_ONCE, group.length);
    const back = make("button", { type: "button", disabled: from === 0 }, "Previous");
    const on = make("button", { type: "button", disabled: to === group.length }, "Next");
    const go = (next, last) => {
      fillRecords(place, group, next);
      const buttons = place.querySelectorAll(".pager button");
      (buttons[last].disabled ? buttons[1 - last] : buttons[last]).focus();
    };
    back.addEventListener("click", () => go(Math.max(0, from - RECORDS_AT_ONCE), 0));
    on.addEventListener("click", () => go(from + RECORDS_AT_ONCE, 1));
    const where = (from + 1).toLocaleString("en-GB") + " to " + to.toLocaleString("en-GB") + " of " + group.length.toLocaleString("en-GB");
    place.append(make("div", { class: "pager" }, back, on, make("span", { role: "status" }, where)));
  }

  function groupElement(group, number, open) {
    const gravest = SEVERITIES.find((each) => group.some((finding) => at("severity", finding) === each));
    const subjects = new Set(group.map((each) => coded.subject.index[each]).filter((each) => coded.subject.terms[each] !== "")).size;
    const records = make("div", { class: "records", id: "records-" + number, hidden: true });
    const badge = make("span", { class: "badge " + gravest }, gravest[0].toUpperCase() + gravest.slice(1));
    const spoken = group.reduce((sum, each) => sum + plain.count[each], 0);
    const total = counted(group.length, "finding") + (spoken > group.length ? ", " + counted(spoken, "record") : "")
      + (subjects ? ", " + counted(subjects, "subject") : "");
    const opener = make(
      "button", { type: "button", class: "opener", "aria-expanded": "false", "aria-controls": records.id },
      badge, make("code", {}, at("code", group[0])), make("span", { class: "total" }, total)
    );
    const turn = (opened) => {
      opener.setAttribute("aria-expanded", String(opened));
      records.hidden = !opened;
      if (opened && !records.firstChild) fillRecords(records, group, 0);
    };
    opener.addEventListener("click", () => turn(records.hidden));
    const wordings = new Map();
    for (const each of group) wordings.set(coded.message.index[each], (wordings.get(coded.message.index[each]) || 0) + 1);
    const commonest = Array.from(wordings.keys()).reduce((best, each) => (wordings.get(each) > wordings.get(best) ? each : best));
    const example = group.find((each) => coded.message.index[each] === commonest);
    const others = wordings.size > 1 ? " (and " + counted(wordings.size - 1, "other wording") + ")" : "";
    const message = at("message", example) + others;
    const says = make(
      "div", { class: "says" }, make("p", {}, message),
      make("p", { class: "todo" }, make("b", {}, "To do:"), " " + at("to_do", example))
    );
    if (open) turn(true);
    return make("div", { class: "finding-group" }, make("h4", {}, opener), says, records);
  }

  function showGroups() {
    const upTo = Math.min(groupsShown + GROUPS_AT_ONCE, groups.length);
    for (; groupsShown < upTo; groupsShown++) {
      const group = groups[groupsShown];
      const dataset = at("dataset", group[0]);
      if (dataset !== datasetShown) {
        const all = groups.filter((each) => at("dataset", each[0]) === dataset).reduce((sum, each) => sum + each.length, 0);
        const count = make("span", { class: "quiet" }, " " + counted(all, "finding"));
        byId("groups").append(make("h3", {}, dataset || "The build as a whole", count));
        datasetShown = dataset;
      }
      byId("groups").append(groupElement(group, groupsShown, groups.length === 1));
    }
    const left = groups.length - groupsShown;
    byId("more-groups").hidden = left === 0;
    byId("more-groups").textContent = "Show more groups (" + left + ")";
  }

  let kept = [];
  function show(wanted) {
    kept = found(wanted);
    groups = grouped(kept);
    groupsShown = 0;
    datasetShown = null;
    byId("groups").replaceChildren();
    showGroups();
    const all = kept.length === data.findings ? "" : " of " + data.findings.toLocaleString("en-GB");
    byId("shown").textContent = kept.length
      ? kept.length.toLocaleString("en-GB") + all + (data.findings === 1 ? " finding in " : " findings in ") + counted(groups.length, "group")
      : "No finding matches this filter.";
    byId("clear").disabled = written(wanted) === "findings";
    byId("export").disabled = kept.length === 0;
  }

  // ---- CSV; a text that a spreadsheet would take for a formula begins with an apostrophe ----

  function csvCell(value) {
    let text = String(value);
    if (/^\s*[=+\-@\t\r]/.test(text) && !/^[+-]?\d+([.,]\d+)?$/.test(text)) text = "'" + text;
    return /[",;\r\n]/.test(text) ? '"' + text.replaceAll('"', '""') + '"' : text;
  }

  function csv() {
    const rows = [["severity", "code", "dataset", "variable", "site", "subject", "keys", "value", "message", "to do", "origin", "records"]];
    for (const each of kept) {
      rows.push([
        at("severity", each), at("code", each), at("dataset", each), at("variable", each), at("site", each), at("subject", each),
        keysOf(each, false), plain.value[each], at("message", each), at("to_do", each), plain.origin[each], plain.count[each],
      ]);
    }
    return "\ufeff" + rows.map((row) => row.map(csvCell).join(",")).join("\r\n") + "\r\n";
  }

  byId("export").addEventListener("click", () => {
    const address = URL.createObjectURL(new Blob([csv()], { type: "text/csv;charset=utf-8" }));
    const link = make("a", { href: address, download: "findings.csv" });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(address), 1000);
  });

  // ---- wiring ----

  for (const field of FIELDS) {
    const counts = new Map();
    for (const term of coded[field].index) counts.set(term, (counts.get(term) || 0) + 1);
    const terms = Array.from(counts.keys()).filter((term) => coded[field].terms[term] !== "");
    if (field !== "dataset") terms.sort((a, b) => coded[field].terms[a].localeCompare(coded[field].terms[b], "en"));
    for (const term of terms) {
      const name = coded[field].terms[term];
      control(field).append(make("option", { value: name }, name + " (" + counts.get(term).toLocaleString("en-GB") + ")"));
    }
    if (!terms.length) control(field).closest("p").hidden = true;
  }

  for (const span of document.querySelectorAll("[data-filter]")) {
    const link = make("a", { href: "#findings?" + span.dataset.filter });
    link.append(...span.childNodes);
    span.replaceChildren(link);
  }

  function applied() {
    const wanted = readForm();
    const hash = "#" + written(wanted);
    if (hash !== location.hash) history.replaceState(null, "", hash);
    show(wanted);
  }

  function arrived() {
    openTarget();
    const wanted = fromHash();
    if (wanted === null) return false;
    fillForm(wanted);
    show(wanted);
    (written(wanted) === "findings" ? byId("findings") : byId("browser")).scrollIntoView();
    return true;
  }

  let waiting = 0;
  form.addEventListener("input", (event) => {
    clearTimeout(waiting);
    waiting = setTimeout(applied, event.target.type === "search" ? 150 : 0);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    applied();
  });
  byId("clear").addEventListener("click", () => {
    fillForm({ severity: [], dataset: "", code: "", site: "", subject: "", text: "" });
    applied();
    control("text").focus();
  });
  byId("more-groups").addEventListener("click", () => {
    const next = groupsShown;
    showGroups();
    byId("groups").querySelector("#records-" + next).parentElement.querySelector(".opener").focus();
  });
  window.addEventListener("hashchange", arrived);
  const summary = byId("summary-by-code");
  window.addEventListener("beforeprint", () => { summary.open = true; });
  summary.open = false;
  browser.hidden = false;
  if (!arrived()) show(readForm());
})();
