// Suggestions while a query is written: words of SPARQL, its own variables, and the vocabulary by name and by label.
import { pickedCompletion } from "@codemirror/autocomplete";
import { syntaxTree } from "@codemirror/language";

const KEYWORDS = (
  "SELECT DISTINCT REDUCED CONSTRUCT DESCRIBE ASK FROM NAMED WHERE OPTIONAL UNION MINUS GRAPH FILTER EXISTS NOT IN BIND " +
  "VALUES UNDEF PREFIX BASE AS ORDER BY ASC DESC GROUP HAVING LIMIT OFFSET COUNT SUM MIN MAX AVG SAMPLE GROUP_CONCAT " +
  "SEPARATOR STR LANG LANGMATCHES DATATYPE BOUND IRI BNODE COALESCE IF CONCAT CONTAINS STRSTARTS STRENDS STRBEFORE " +
  "STRAFTER STRLEN SUBSTR REPLACE REGEX UCASE LCASE ABS CEIL FLOOR ROUND YEAR MONTH DAY NOW STRLANG STRDT"
).split(" ");
const MOST = 80;
const SHORTEST = 2; // characters after which suggestions come by themselves
const WORD = /(?:[?$][\w\u00c0-\u024f]*|[A-Za-z\u00c0-\u024f][\w\u00c0-\u024f-]*(?::[\w\u00c0-\u024f.-]*)?)$/;

/** A source of suggestions for the editor; `address` is that of the vocabulary's words. */
export function completions(address) {
  let fetched;
  const vocabulary = () => (fetched ??= read(address));
  return async (context) => {
    const word = context.matchBefore(WORD);
    if (!word && !context.explicit) return null;
    if (/comment|string/i.test(syntaxTree(context.state).resolveInner(context.pos, -1).name)) return null;
    const written = word ? word.text : "";
    const from = word ? word.from : context.pos;
    if (/^[?$]/.test(written)) return { from, options: variables(context.state.doc.toString(), written), filter: false };
    const keyword = KEYWORDS.includes(written.toUpperCase());
    if (!context.explicit && (keyword || written.length < SHORTEST)) return null; // Enter is then a new line
    const { prefixes, terms } = await vocabulary();
    if (context.aborted) return null;
    const options = [
      ...KEYWORDS.filter((each) => written && each.startsWith(written.toUpperCase())).map((label) => ({ label, type: "keyword" })),
      ...ranked(terms, written).map((term) => offered(term, prefixes)),
    ];
    return options.length ? { from, options, filter: false } : null;
  };
}

async function read(address) {
  try {
    const answer = await fetch(address);
    if (answer.ok) return await answer.json();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error; // no connection: words of SPARQL are suggested all the same
  }
  return { prefixes: {}, terms: [] };
}

function variables(text, written) {
  const found = new Set(text.match(/[?$][\w\u00c0-\u024f]+/g));
  found.delete(written);
  return [...found].filter((each) => each.startsWith(written)).sort().slice(0, MOST).map((label) => ({ label, type: "variable" }));
}

function ranked(terms, written) {
  const wanted = written.toLowerCase();
  return terms
    .map((term) => ({ term, rank: rank(term, wanted) }))
    .filter((each) => each.rank < 5)
    .sort((one, other) => one.rank - other.rank || one.term.name.localeCompare(other.term.name))
    .slice(0, MOST)
    .map((each) => each.term);
}

/** How well a term is what was written, 0 best; 5: it is not. */
function rank({ name, label }, wanted) {
  const said = label.toLowerCase();
  const full = name.toLowerCase();
  if (full.startsWith(wanted)) return 0;
  if (full.slice(full.indexOf(":") + 1).startsWith(wanted)) return 1;
  if (said.startsWith(wanted)) return 2;
  if (said.split(" ").some((each) => each.startsWith(wanted))) return 3;
  return wanted.length > 2 && (said.includes(wanted) || full.includes(wanted)) ? 4 : 5;
}

function offered(term, prefixes) {
  return { label: term.name, detail: term.label, info: term.definition, type: term.kind, apply: inserting(prefixes) };
}

/** Put a term into the query, and the declaration of its prefix on top where it is lacking. */
function inserting(prefixes) {
  return (view, completion, from, to) => {
    const text = view.state.doc.toString();
    const [, prefix, local] = completion.label.match(/^([^:]*):(.*)$/);
    const plain = /^[\w-]+$/.test(local);
    const insert = plain ? completion.label : `<${prefixes[prefix]}${local}>`;
    const declared = !plain || new RegExp(`^\\s*PREFIX\\s+${prefix}:`, "im").test(text);
    const line = declared ? "" : `PREFIX ${prefix}: <${prefixes[prefix]}>\n`;
    const top = Math.min(from, text.match(/^(?:[ \t]*(?:#.*)?\n)*/)[0].length);
    view.dispatch({
      changes: [...(line ? [{ from: top, insert: line }] : []), { from, to, insert }],
      selection: { anchor: from + line.length + insert.length },
      annotations: pickedCompletion.of(completion),
      userEvent: "input.complete",
      scrollIntoView: true,
    });
  };
}
