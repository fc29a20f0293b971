// Row editors: adding, removing, and pasting cells copied from a spreadsheet.

const partsOf = (inside) => {
  const place = inside.closest('.table-wrap') || inside.closest('p') || inside;
  const parent = place.parentElement;
  return { table: one('[data-row-editor]', parent), template: one('template[data-row-template]', parent) };
};

function addRow({ table, template }) {
  const body = table.tBodies[0];
  const next = Number(table.dataset.next || body.rows.length);
  table.dataset.next = String(next + 1);
  const copy = document.createElement('template');
  copy.innerHTML = template.innerHTML.replace(/__n__/g, String(next));
  const row = copy.content.querySelector('tr');
  body.append(row);
  enhanceWithin(row);
  return row;
}
const told = (table) => table.dispatchEvent(new Event('change', { bubbles: true }));
function markRows(table) {
  const form = table.closest('form');
  if (form && form.hasAttribute('data-guard')) unsaved.add(form);
  told(table);
}

on('click', '[data-row-add]', (event, button) => {
  const parts = partsOf(button);
  if (!parts.table || !parts.template) return;
  event.preventDefault();
  const first = one('input, select, textarea', addRow(parts));
  if (first) first.focus();
  markRows(parts.table);
});
on('click', '[data-row-drop]', (event, button) => {
  event.preventDefault();
  const row = button.closest('tr');
  const table = row.closest('table');
  const following = row.nextSibling;
  const body = row.parentElement;
  row.remove();
  markRows(table);
  const undo = make('button', { type: 'button', class: 'button button-small' }, '撤销');
  undo.addEventListener('click', () => { body.insertBefore(row, following && following.parentElement === body ? following : null); markRows(table); });
  toast('已删除一行', undo);
});

// Cells as spreadsheets put them on the clipboard: tabs between cells, quotes round a cell that holds line breaks.
function cellsOf(text) {
  const rows = [[]];
  let cell = '';
  let quoted = false;
  const plain = text.replace(/\r\n?/g, '\n').replace(/\n$/, '');
  for (let at = 0; at < plain.length; at += 1) {
    const sign = plain[at];
    if (quoted) {
      if (sign === '"' && plain[at + 1] === '"') { cell += '"'; at += 1; }
      else if (sign === '"') quoted = false;
      else cell += sign;
    } else if (sign === '"' && cell === '') quoted = true;
    else if (sign === '\t') { rows[rows.length - 1].push(cell); cell = ''; }
    else if (sign === '\n') { rows[rows.length - 1].push(cell); cell = ''; rows.push([]); }
    else cell += sign;
  }
  rows[rows.length - 1].push(cell);
  return rows;
}

function isoDate(text) {
  const parts = /^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?$/.exec(text.trim());
  return parts ? parts[1] + '-' + parts[2].padStart(2, '0') + '-' + parts[3].padStart(2, '0') : text;
}

// Puts a pasted text into a field; false when the field cannot hold it.
function put(field, text) {
  const wanted = text.trim();
  if (field.tagName === 'SELECT') {
    const option = Array.from(field.options).find((each) => each.text.trim() === wanted || each.value === wanted);
    if (!option) return wanted === '';
    field.value = option.value;
    return true;
  }
  if (field.type === 'checkbox') { field.checked = /^(是|有|√|✓|1|y|yes|true)$/i.test(wanted); return true; }
  field.value = field.type === 'date' ? isoDate(wanted) : field.type === 'number' ? wanted.replace(/[,，\s]/g, '') : wanted;
  return wanted === '' || field.value !== '';
}

const fieldsIn = (row) => all('input:not([type="hidden"]), select, textarea', row);
on('paste', '[data-row-editor]', (event, table) => {
  const text = event.clipboardData && event.clipboardData.getData('text/plain');
  if (!text || !/[\t\n]/.test(text.replace(/\n$/, ''))) return;
  const parts = partsOf(table);
  const start = event.target.closest('tr');
  if (!parts.template || !start || !editable(event.target)) return;
  event.preventDefault();
  const column = fieldsIn(start).indexOf(event.target);
  let row = start;
  let refused = 0;
  let surplus = 0;
  const cells = cellsOf(text);
  cells.forEach((line, number) => {
    if (number > 0) row = row.nextElementSibling || addRow(parts);
    const fields = fieldsIn(row).slice(column);
    surplus += Math.max(0, line.length - fields.length);
    line.slice(0, fields.length).forEach((value, index) => {
      const fits = put(fields[index], value);
      if (fits) fields[index].removeAttribute('aria-invalid'); else { fields[index].setAttribute('aria-invalid', 'true'); refused += 1; }
    });
  });
  markRows(table);
  toast('已粘贴 ' + cells.length + ' 行' + (refused ? '，有 ' + refused + ' 格不认识，已标红，请手工填写' : '') + (surplus ? '，多出的 ' + surplus + ' 格没有位置，未粘贴' : ''));
});
