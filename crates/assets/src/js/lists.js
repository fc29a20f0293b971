// Lists: keyboard, selection, filters. Where one stood in a list is kept in the address (#r-…), never in storage.

const backMark = '#back';

const rowsOf = (list) => all('tbody tr[id], li[id]', list);
const rowHere = (list) => one('.is-here', list);

function stand(list, row) {
  const before = rowHere(list);
  if (before) { before.classList.remove('is-here'); before.removeAttribute('tabindex'); }
  row.classList.add('is-here');
  row.tabIndex = -1;
  row.focus({ preventScroll: true });
  row.scrollIntoView({ block: 'nearest' });
}

function moveBy(list, step) {
  const rows = rowsOf(list);
  if (!rows.length) return;
  const here = rows.indexOf(rowHere(list));
  stand(list, rows[here < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, here + step))]);
}

// The list the keys speak to: the one in focus, else the first of the page when nothing else has the focus.
function listInFocus() {
  const active = document.activeElement;
  if (one('dialog[open]')) return null;
  const own = active && active.closest('[data-rows]');
  if (own) return own;
  const free = !active || active === document.body || active.matches('main, .table-wrap');
  return free ? (active && active !== document.body && one('[data-rows]', active)) || one('main [data-rows]') : null;
}

document.addEventListener('keydown', (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || editable(event.target)) return;
  if (event.key === 'Escape') { goBack(event); return; }
  const list = listInFocus();
  if (!list) return;
  const row = rowHere(list);
  if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
    event.preventDefault();
    moveBy(list, event.key === 'ArrowDown' ? 1 : -1);
  } else if (row && document.activeElement === row && event.key === 'Enter') {
    const link = one('.row-link', row);
    if (link) { event.preventDefault(); link.click(); }
  } else if (row && document.activeElement === row && event.key === ' ') {
    const box = one('.col-check input', row);
    if (box) { event.preventDefault(); box.click(); }
  }
});

on('click', '[data-rows] .row-link', (event, link) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
  const row = link.closest('tr[id], li[id]');
  if (row) history.replaceState(history.state, '', '#' + row.id);
  if (!link.hash && !link.hasAttribute('data-dialog')) link.hash = backMark;
});

// A record opened from a list carries #back, so Esc is one step back in the history; otherwise the last place above it.
function goBack(event) {
  if (one('dialog[open]') || !one('.crumbs')) return;
  const above = all('.crumbs a').pop();
  if (location.hash === backMark && history.length > 1) { event.preventDefault(); history.back(); }
  else if (above && one('.record')) { event.preventDefault(); location.assign(above.href); }
}

function standAtAddress() {
  const row = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const list = row && row.closest('[data-rows]');
  if (list) stand(list, row);
}
addEventListener('pageshow', standAtAddress);

// Selection and the bar of bulk actions.
const boxesOf = (form) => Array.from(form.elements).filter((field) => field.type === 'checkbox' && field.closest('.col-check'));
function countPicked(form) {
  const boxes = boxesOf(form);
  const picked = boxes.filter((box) => box.checked);
  boxes.forEach((box) => box.closest('tr').classList.toggle('is-picked', box.checked));
  all('[data-bulk-count]', form).forEach((place) => { place.textContent = String(picked.length); });
  all('button', form).forEach((button) => { button.disabled = picked.length === 0; });
  const table = boxes.length && boxes[0].closest('table');
  const head = table && one('[data-check-all]', table);
  if (head) { head.checked = picked.length > 0 && picked.length === boxes.length; head.indeterminate = picked.length > 0 && !head.checked; }
}
enhance('form[data-bulk]', countPicked);
addEventListener('pageshow', () => all('form[data-bulk]').forEach(countPicked));

let lastBox = null;
on('click', '.col-check input', (event, box) => {
  const table = box.closest('table');
  if (!table) return;
  const boxes = all('tbody .col-check input', table);
  if (box.hasAttribute('data-check-all')) {
    boxes.forEach((each) => { each.checked = box.checked; });
  } else if (event.shiftKey && boxes.includes(lastBox)) {
    const [from, to] = [boxes.indexOf(lastBox), boxes.indexOf(box)].sort((a, b) => a - b);
    boxes.slice(from, to + 1).forEach((each) => { each.checked = box.checked; });
  }
  lastBox = box;
  const form = boxes.length && boxes[0].form;
  if (form && form.hasAttribute('data-bulk')) countPicked(form);
});

// Empty filters stay out of the address, so that it can be read and sent.
on('submit', 'form[data-list-form]', (event, form) => {
  const empty = Array.from(form.elements).filter((field) => field.name && field.value === '' && !field.disabled);
  empty.forEach((field) => { field.disabled = true; });
  setTimeout(() => empty.forEach((field) => { field.disabled = false; }), 0);
});
on('change', '[data-autosubmit]', (event, field) => { if (field.form) field.form.requestSubmit(); });
on('keydown', '.filters input, .drawer-body input', (event, field) => {
  if (event.key !== 'Enter' || event.isComposing || !field.form) return;
  event.preventDefault();
  field.form.requestSubmit();
});
