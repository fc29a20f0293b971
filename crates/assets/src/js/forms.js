// Forms: nothing typed is ever lost. Drafts, the warning before leaving, no double submits, growing text areas, picking.

const unsaved = new Set();

function markUnsaved(event) {
  const form = event.target.form;
  if (form && form.hasAttribute('data-guard') && event.target.name !== 'csrf') unsaved.add(form);
}
document.addEventListener('input', markUnsaved);
document.addEventListener('change', markUnsaved);
addEventListener('beforeunload', (event) => {
  if (![...unsaved].some((form) => form.isConnected)) return;
  event.preventDefault();
  event.returnValue = '';
});

// A second click does nothing until the answer is there. The button is disabled only after its name has gone into the request.
const buttonsOf = (form) => Array.from(form.elements).filter((field) => field.tagName === 'BUTTON');
function hold(form, submitter) {
  form.dataset.sent = '1';
  setTimeout(() => {
    buttonsOf(form).forEach((button) => { if (!button.disabled) { button.disabled = true; button.dataset.held = '1'; } });
    if (submitter) submitter.classList.add('is-busy');
  }, 0);
}
function release(form) {
  delete form.dataset.sent;
  setTimeout(() => buttonsOf(form).forEach((button) => {
    button.classList.remove('is-busy');
    if (button.dataset.held) { button.disabled = false; delete button.dataset.held; }
  }), 0);
}
document.addEventListener('submit', (event) => {
  const form = event.target;
  if (form.method !== 'post') return;
  if (form.dataset.sent) { event.preventDefault(); event.stopImmediatePropagation(); return; }
  if (event.defaultPrevented) return;
  unsaved.delete(form);
  hold(form, event.submitter);
});
addEventListener('pageshow', (event) => { if (event.persisted) all('form[data-sent]').forEach(release); });
document.addEventListener('htmx:afterRequest', (event) => {
  const form = event.target.closest && event.target.closest('form');
  if (!form) return;
  release(form);
  if (!event.detail.successful && form.hasAttribute('data-guard')) unsaved.add(form);
});

// Drafts.
const fieldsOf = (form) => {
  const sent = new URLSearchParams();
  new FormData(form).forEach((value, name) => { if (typeof value === 'string' && name !== 'csrf') sent.append(name, value); });
  return sent;
};
function say(form, text, bad, link) {
  const place = one('[data-draft-status]', form);
  if (!place) { if (bad) toast(text, link); return; }
  place.classList.toggle('is-bad', Boolean(bad));
  place.textContent = text;
  if (link) place.append(' ', link);
}
function saveDraft(form) {
  if (!form.isConnected || form.dataset.sent) return;
  const sent = fieldsOf(form);
  fetch(form.dataset.draft, { method: 'POST', body: sent, credentials: 'same-origin', redirect: 'manual', headers: { 'X-CSRF': csrf(form), 'X-Draft': '1' } })
    .then((answer) => {
      if (answer.ok) {
        if (fieldsOf(form).toString() === sent.toString()) unsaved.delete(form);
        say(form, '草稿已保存 ' + clockTime());
      } else if (answer.status === 401 || answer.type === 'opaqueredirect') {
        say(form, '登录已过期，草稿没有保存；填写的内容还在，登录后继续。', true, signInLink());
      } else {
        say(form, '草稿没有保存（' + answer.status + '），填写的内容还在。', true);
      }
    })
    .catch(() => say(form, '网络不通，草稿没有保存；填写的内容还在。', true));
}
enhance('form[data-draft]', (form) => {
  const save = later(4000, () => saveDraft(form));
  form.addEventListener('input', save);
  form.addEventListener('change', save);
});
// Back from signing in elsewhere: try again at once.
addEventListener('focus', () => all('form[data-draft]').filter((form) => one('.draft.is-bad', form)).forEach(saveDraft));

function grow(area) {
  area.style.height = 'auto';
  area.style.height = Math.min(area.scrollHeight + 2, innerHeight * .7) + 'px';
}
enhance('textarea[data-grow]', (area) => { area.addEventListener('input', () => grow(area)); if (area.value) grow(area); });
enhance('textarea[data-count][maxlength]', (area) => {
  const place = make('span', { class: 'counted' });
  const count = () => { place.textContent = area.value.length + ' / ' + area.maxLength + ' 字'; };
  area.after(place);
  area.addEventListener('input', count);
  count();
});

// Picking from a list by typing: the hidden field carries the identity of the chosen option.
enhance('[data-pick]', (pick) => {
  const field = one('input[list]', pick);
  const hidden = one('input[type="hidden"]', pick);
  const list = one('datalist', pick);
  if (!field || !hidden || !list) return;
  const choose = () => {
    const chosen = Array.from(list.options).find((option) => option.value === field.value);
    hidden.value = chosen ? chosen.dataset.id || '' : '';
  };
  const fill = later(200, () => {
    const asked = field.value;
    fetch(pick.dataset.pick + encodeURIComponent(asked), { credentials: 'same-origin', headers: { 'HX-Request': 'true' } })
      .then((answer) => (answer.ok ? answer.text() : Promise.reject(new Error(String(answer.status)))))
      .then((text) => {
        if (field.value !== asked) return;
        list.textContent = '';
        list.append(...new DOMParser().parseFromString(text, 'text/html').querySelectorAll('option'));
        choose();
      })
      .catch(() => { /* the name typed is sent, and the server asks back */ });
  });
  field.addEventListener('input', () => { choose(); if (pick.dataset.pick && !hidden.value) fill(); });
  field.addEventListener('change', choose);
});

enhance('.errors', (summary) => summary.focus());
on('click', '.errors a', (event, link) => {
  const field = document.getElementById(link.hash.slice(1));
  if (!field) return;
  event.preventDefault();
  field.focus();
  field.scrollIntoView({ block: 'center' });
});
