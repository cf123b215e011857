// A small graph as a picture: nodes and arrows, laid out by forces. The table below the picture says the same.
import { forceCenter, forceCollide, forceLink, forceManyBody, forceSimulation, forceX, forceY } from "d3-force";

const SVG = "http://www.w3.org/2000/svg";
const TICKS = 300;
const ROOM = 120; // around the outermost nodes, for their names

export function drawGraphs(figure) {
  const { nodes, links } = JSON.parse(figure.dataset.graph);
  forceSimulation(nodes)
    .force("link", forceLink(links).distance(150))
    .force("charge", forceManyBody().strength(-600))
    .force("collide", forceCollide(52))
    .force("x", forceX().strength(0.05))
    .force("y", forceY().strength(0.09))
    .force("center", forceCenter())
    .stop()
    .tick(TICKS);
  const xs = nodes.map((each) => each.x);
  const ys = nodes.map((each) => each.y);
  const left = Math.min(...xs) - ROOM;
  const top = Math.min(...ys) - ROOM / 2;
  const width = Math.max(...xs) - left + ROOM;
  const height = Math.max(...ys) - top + ROOM / 2;
  const svg = made("svg", { viewBox: `${left} ${top} ${width} ${height}`, width, height, role: "img", "aria-label": figure.dataset.title });
  svg.append(arrowhead());
  for (const { source, target, name } of links) svg.append(...arrow(source, target, name));
  for (const node of nodes) svg.append(...shape(node));
  const region = document.createElement("div");
  region.className = "wide picture";
  region.tabIndex = 0;
  region.setAttribute("role", "group");
  region.setAttribute("aria-label", figure.dataset.title);
  region.append(svg);
  figure.prepend(region);
}

function arrowhead() {
  const marker = made("marker", { id: "arrowhead", viewBox: "0 0 10 10", refX: 20, refY: 5, markerWidth: 7, markerHeight: 7, orient: "auto" });
  marker.append(made("path", { d: "M0 1 9 5 0 9z" }));
  const definitions = made("defs", {});
  definitions.append(marker);
  return definitions;
}

function arrow(source, target, name) {
  const line = made("line", { class: "edge", x1: source.x, y1: source.y, x2: target.x, y2: target.y, "marker-end": "url(#arrowhead)" });
  return [line, written("edge-name", (source.x + target.x) / 2, (source.y + target.y) / 2, name)];
}

function shape({ x, y, name, kind }) {
  const mark = kind === "literal" ? made("rect", { x: x - 5, y: y - 5, width: 10, height: 10 }) : made("circle", { cx: x, cy: y, r: 7 });
  mark.setAttribute("class", `node ${kind}`);
  return [mark, written("node-name", x, y + 20, name)];
}

function written(kind, x, y, text) {
  const element = made("text", { class: kind, x, y, "text-anchor": "middle" });
  element.textContent = text;
  return element;
}

function made(name, attributes) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}
