// The editor of a query: CodeMirror in place of the text field, whose value it keeps.
//
// It lives in a shadow root, where its styles are constructed sheets: the page forbids styles that scripts write
// into it (Content-Security-Policy). Tab is left alone, so that the keyboard gets out.
import { acceptCompletion, autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching, indentOnInput, StreamLanguage, syntaxHighlighting } from "@codemirror/language";
import { sparql } from "@codemirror/legacy-modes/mode/sparql";
import { Decoration, EditorView, highlightSpecialChars, keymap, lineNumbers } from "@codemirror/view";
import { EditorState, StateField } from "@codemirror/state";
import { completions } from "./completion.js";
import { colours, look } from "./look.js";

export function mountEditor(form) {
  if (!form) return;
  const field = form.querySelector("textarea");
  const label = document.querySelector("label[for=query]");
  const hint = document.getElementById("query-hint");
  const words = JSON.parse(form.dataset.words);
  hint.textContent = words.hint;

  const host = document.createElement("div");
  host.className = "editor";
  field.after(host);
  const root = host.attachShadow({ mode: "open" });
  const view = new EditorView({
    parent: root,
    root,
    state: EditorState.create({
      doc: field.value.replace(/\n$/, ""),
      extensions: [
        lineNumbers(),
        highlightSpecialChars(),
        history(),
        indentOnInput(),
        bracketMatching(),
        closeBrackets(),
        autocompletion({ override: [completions(form.dataset.terms)], icons: false, maxRenderedOptions: 80 }),
        StreamLanguage.define(sparql),
        syntaxHighlighting(colours),
        look,
        EditorView.lineWrapping,
        EditorState.tabSize.of(2),
        EditorState.phrases.of({ Completions: words.completions }),
        markedLine(form.dataset),
        EditorView.contentAttributes.of({
          "aria-label": `${label.textContent}. ${words.hint}`,
          tabindex: "0",
          autocapitalize: "off",
          spellcheck: "false",
          ...(form.dataset.line ? { "aria-invalid": "true" } : {}),
        }),
        keymap.of([
          { key: "Mod-Enter", run: () => send(form) },
          { key: "Tab", run: acceptCompletion },
          ...closeBracketsKeymap,
          ...completionKeymap,
          ...historyKeymap,
          ...defaultKeymap.filter((each) => each.key !== "Mod-Enter"),
        ]),
        EditorView.domEventHandlers({ beforeinput: overwrite }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) field.value = update.state.doc.toString();
        }),
      ],
    }),
  });
  repair(root);
  field.hidden = true;
  label.addEventListener("click", () => view.focus());
}

function send(form) {
  form.requestSubmit();
  return true;
}

/**
 * Write over what is selected, before the browser does: it would keep the look of the old text in a style attribute,
 * which the page forbids.
 */
function overwrite(event, view) {
  const { from, to, empty } = view.state.selection.main;
  const text = event.data;
  if (event.inputType !== "insertText" || text === null || empty || view.composing) return false;
  const typed = () =>
    view.state.update(view.state.replaceSelection(text), { userEvent: "input.type", scrollIntoView: true });
  const handlers = view.state.facet(EditorView.inputHandler);
  if (!handlers.some((handler) => handler(view, from, to, text, typed))) view.dispatch(typed());
  event.preventDefault();
  return true;
}

/** The line that the engine could not read, marked until it is changed, with the cursor's place in it. */
function markedLine({ line, column }) {
  const mark = Decoration.line({ class: "cm-wrong" });
  const place = Decoration.mark({ class: "cm-wrong-place" });
  return StateField.define({
    create(state) {
      const number = Number(line);
      if (!(number > 0 && number <= state.doc.lines)) return Decoration.none;
      const at = state.doc.line(number);
      const from = Math.min(at.from + Math.max(0, Number(column) - 1), Math.max(at.from, at.to - 1));
      return Decoration.set([mark.range(at.from), ...(from < at.to ? [place.range(from, from + 1)] : [])]);
    },
    update(marks, change) {
      if (!marks.size || !change.docChanged) return marks;
      let touched = false;
      const at = change.startState.doc.lineAt(marks.iter().from);
      change.changes.iterChangedRanges((from, to) => (touched ||= from <= at.to && to >= at.from));
      return touched ? Decoration.none : marks.map(change.changes);
    },
    provide: (field) => EditorView.decorations.from(field),
  });
}

/** What the editor tells programs that read the page aloud, where it says what its roles do not allow. */
function repair(root) {
  const mend = () => {
    for (const list of root.querySelectorAll("[role=listbox][aria-expanded]")) list.removeAttribute("aria-expanded");
    for (const each of root.querySelectorAll("[tabindex]")) if (each.tabIndex > 0) each.tabIndex = 0;
  };
  mend();
  new MutationObserver(mend).observe(root, { childList: true, subtree: true });
}
