// A table whose columns are sorted by buttons in their headers.

export function sortTables(region) {
  const table = region.querySelector("table");
  const headers = [...table.tHead.rows[0].cells];
  headers.forEach((header, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sort";
    button.textContent = header.textContent;
    button.title = `${region.dataset.sort} ${header.textContent}`;
    header.replaceChildren(button);
    button.addEventListener("click", () => sort(table, headers, column));
  });
}

function sort(table, headers, column) {
  const down = headers[column].getAttribute("aria-sort") === "ascending";
  headers.forEach((each) => each.removeAttribute("aria-sort"));
  headers[column].setAttribute("aria-sort", down ? "descending" : "ascending");
  const body = table.tBodies[0];
  const { compare } = new Intl.Collator(document.documentElement.lang, { numeric: true });
  const rows = [...body.rows].map((row) => ({ row, text: row.cells[column].textContent.trim() }));
  const order = ({ text: one }, { text: other }) => {
    if (!one || !other) return one ? -1 : other ? 1 : 0; // what is empty comes last, both ways
    const numbers = [Number(one), Number(other)];
    const found = numbers.some(Number.isNaN) ? compare(one, other) : numbers[0] - numbers[1];
    return down ? -found : found;
  };
  body.replaceChildren(...rows.sort(order).map((each) => each.row));
}
