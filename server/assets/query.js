// What scripts add to the query page; without them it works as it is.
import { mountEditor } from "./editor.js";
import { drawGraphs } from "./graph.js";
import { copyShare } from "./share.js";
import { sortTables } from "./table_sort.js";

mountEditor(document.querySelector("form.query"));
document.querySelectorAll("[data-sort]").forEach(sortTables);
document.querySelectorAll("[data-graph]").forEach(drawGraphs);
document.querySelectorAll("[data-copy]").forEach(copyShare);
