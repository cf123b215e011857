// A small graph as a picture: nodes and arrows, laid out by forces. The table below the picture says the same.
import { forceCenter, forceLink, forceManyBody, forceSimulation, forceX, forceY } from "d3-force";

const SVG = "http://www.w3.org/2000/svg";
const TICKS = 300;
const TURNS = 400; // at most, until no name lies on another
const LINE = 15; // height of a line of text
const LETTER = 7.2; // about the width of a letter
const LONGEST = 22; // characters of a line
const MARGIN = 12;

export function drawGraphs(figure) {
  const { nodes, links } = JSON.parse(figure.dataset.graph);
  for (const node of nodes) measured(node, node.name, 14);
  // The name of an arrow takes part as a body of its own, so that it finds room; the arrow bends to pass it.
  const names = links.map(({ name }) => measured({}, name, 0));
  const bodies = [...nodes, ...names];
  const ends = links.flatMap(({ source, target }, at) => [
    { source, target: nodes.length + at },
    { source: nodes.length + at, target },
  ]);
  forceSimulation(bodies)
    .force("link", forceLink(ends).distance(70))
    .force("charge", forceManyBody().strength(-260))
    .force("x", forceX().strength(0.05))
    .force("y", forceY().strength(0.09))
    .force("center", forceCenter())
    .stop()
    .tick(TICKS);
  for (let turn = 0; turn < TURNS && parted(bodies); turn += 1);
  const left = Math.min(...bodies.map((each) => each.x - each.width / 2)) - MARGIN;
  const top = Math.min(...bodies.map((each) => each.y - each.above)) - MARGIN;
  const width = Math.max(...bodies.map((each) => each.x + each.width / 2)) - left + MARGIN;
  const height = Math.max(...bodies.map((each) => each.y + each.below)) - top + MARGIN;
  const svg = made("svg", { viewBox: `${left} ${top} ${width} ${height}`, width, height, role: "img", "aria-label": figure.dataset.title });
  svg.append(arrowhead());
  links.forEach(({ source, target }, at) => svg.append(arrow(nodes[source], nodes[target], names[at])));
  for (const name of names) svg.append(written("edge-name", name, 4));
  for (const node of nodes) svg.append(mark(node), written("node-name", node, 22));
  const region = document.createElement("div");
  region.className = "wide picture";
  region.tabIndex = 0;
  region.setAttribute("role", "group");
  region.setAttribute("aria-label", figure.dataset.title);
  region.append(svg);
  figure.prepend(region);
}

// A body with the lines of its name, and the room it takes: `mark` is how far below its middle the text begins.
function measured(body, name, mark) {
  const lines = [""];
  for (const word of name.split(" ")) {
    const longer = `${lines.at(-1)} ${word}`.trim();
    if (lines.at(-1) && longer.length > LONGEST) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  const width = Math.max(24, ...lines.map((each) => each.length * LETTER)) + 8;
  return Object.assign(body, { lines, width, above: 12, below: mark + LINE * lines.length - (mark ? 0 : 5) });
}

// Push apart, the shorter way, bodies that lie on each other; whether there were any.
function parted(bodies) {
  let moved = false;
  for (const [at, one] of bodies.entries()) {
    for (const other of bodies.slice(at + 1)) {
      const across = (one.width + other.width) / 2 - Math.abs(one.x - other.x);
      const down = one.y < other.y ? one.y + one.below - (other.y - other.above) : other.y + other.below - (one.y - one.above);
      if (across <= 0.1 || down <= 0.1) continue;
      moved = true;
      if (across < down) push(one, other, "x", across);
      else push(one, other, "y", down);
    }
  }
  return moved;
}

function push(one, other, axis, length) {
  const half = ((one[axis] < other[axis] ? -1 : 1) * length) / 2;
  one[axis] += half;
  other[axis] -= half;
}

function arrowhead() {
  const marker = made("marker", { id: "arrowhead", viewBox: "0 0 10 10", refX: 20, refY: 5, markerWidth: 7, markerHeight: 7, orient: "auto" });
  marker.append(made("path", { d: "M0 1 9 5 0 9z" }));
  const definitions = made("defs", {});
  definitions.append(marker);
  return definitions;
}

function arrow(source, target, name) {
  const [x, y] = [2 * name.x - (source.x + target.x) / 2, 2 * name.y - (source.y + target.y) / 2];
  return made("path", { class: "edge", d: `M${source.x} ${source.y}Q${x} ${y} ${target.x} ${target.y}`, "marker-end": "url(#arrowhead)" });
}

function mark({ x, y, kind }) {
  const drawn = kind === "literal" ? made("rect", { x: x - 5, y: y - 5, width: 10, height: 10 }) : made("circle", { cx: x, cy: y, r: 7 });
  drawn.setAttribute("class", `node ${kind}`);
  return drawn;
}

function written(kind, { x, y, lines }, down) {
  const element = made("text", { class: kind, x, y: y + down, "text-anchor": "middle" });
  lines.forEach((line, at) => {
    const part = made("tspan", { x, y: y + down + at * LINE });
    part.textContent = line;
    element.append(part);
  });
  return element;
}

function made(name, attributes) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}
