// Dialogs: a page with one .dialog is lifted into a <dialog>; whenever that fails the browser simply goes to the page.

const fragmentIn = (text) => new DOMParser().parseFromString(text, 'text/html').querySelector('.dialog');

function showIn(dialog, section) {
  dialog.textContent = '';
  dialog.append(section);
  dialog.classList.toggle('is-wide', section.classList.contains('dialog-wide'));
  enhanceWithin(section);
  if (window.htmx) window.htmx.process(section);
  if (!dialog.open) dialog.showModal();
  const first = one('[aria-invalid="true"], input:not([type="hidden"]):not([readonly]), select, textarea, .button-primary', section);
  if (first) first.focus();
}
const typedIn = (dialog) => all('form', dialog).some((form) => unsaved.has(form));
function closeDialog(dialog) {
  if (typedIn(dialog) && !window.confirm('放弃已填写的内容？')) return;
  dialog.close();
}
function openDialog(section, opener) {
  const dialog = make('dialog', { 'aria-labelledby': section.getAttribute('aria-labelledby') || '' });
  document.body.append(dialog);
  dialog.addEventListener('cancel', (event) => { event.preventDefault(); closeDialog(dialog); });
  dialog.addEventListener('close', () => { dialog.remove(); if (opener.isConnected) opener.focus(); });
  dialog.addEventListener('click', (event) => {
    const closer = event.target.closest('[data-dialog-close]');
    if (closer) { event.preventDefault(); closeDialog(dialog); }
  });
  dialog.addEventListener('submit', (event) => sendFromDialog(event, dialog));
  showIn(dialog, section);
}

on('click', 'a[data-dialog]', (event, link) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0 || !window.HTMLDialogElement) return;
  event.preventDefault();
  if (link.dataset.loading) return;
  link.dataset.loading = '1';
  fetch(link.href, { credentials: 'same-origin', headers: { 'HX-Request': 'true' } })
    .then((answer) => (answer.ok ? answer.text() : ''))
    .then((text) => { const section = text && fragmentIn(text); if (section) openDialog(section, link); else location.assign(link.href); })
    .catch(() => location.assign(link.href))
    .then(() => { delete link.dataset.loading; });
});

function sendFromDialog(event, dialog) {
  const form = event.target;
  if (event.defaultPrevented || form.method !== 'post') return;
  event.preventDefault();
  if (form.dataset.sent) return;
  const submitter = event.submitter;
  const body = new FormData(form);
  if (submitter && submitter.name) body.append(submitter.name, submitter.value);
  const files = form.enctype === 'multipart/form-data';
  hold(form, submitter);
  const keep = (text, link) => {
    release(form);
    unsaved.add(form);
    let place = one('.notice-bad', dialog);
    if (!place) { place = make('div', { class: 'notice notice-bad', role: 'alert' }); one('.dialog-body', dialog).prepend(place); }
    place.textContent = text;
    if (link) place.append(' ', link);
  };
  const stop = {};
  const carried = files ? progressOf(form) : null;
  const settled = () => { if (carried) carried.line.remove(); };
  if (carried) carried.stop.addEventListener('click', () => { stop.asked = true; if (stop.now) stop.now(); });
  const ready = carried ? carryLarge(form, body, showing(carried), stop) : Promise.resolve();
  const elsewhere = submitter && submitter.getAttribute('formaction');
  ready.then(() => fetch(elsewhere || form.getAttribute('action') || location.href, {
    method: 'POST', credentials: 'same-origin', headers: { 'HX-Request': 'true', 'X-CSRF': csrf(form) },
    body: files ? body : new URLSearchParams(Array.from(body).filter((pair) => typeof pair[1] === 'string')),
  })).then((answer) => {
    settled();
    const target = answer.headers.get('HX-Redirect');
    if (target || answer.redirected) {
      unsaved.delete(form);
      const place = new URL(target || answer.url, location.href);
      const same = place.pathname + place.search === location.pathname + location.search;
      if (same) location.reload(); else location.assign(place.href);
      return undefined;
    }
    if (answer.status === 401) return keep('登录已过期，填写的内容还在，登录后再提交。', signInLink());
    if (!answer.ok && answer.status !== 422) return keep('没有办成（' + answer.status + '），填写的内容还在，请稍后再试。');
    return answer.text().then((text) => {
      const section = fragmentIn(text);
      if (!section) return answer.ok ? location.reload() : keep('有内容需要改正，填写的内容还在。');
      showIn(dialog, section);
      all('form[data-guard]', section).forEach((fresh) => unsaved.add(fresh));
      return undefined;
    });
  }).catch((failure) => { settled(); keep(failure instanceof Error ? '网络不通，没有提交；填写的内容还在。' : whyNot(failure)); });
}
