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
// The session may end while somebody types. A page that would be left by sending its form asks first whether somebody is
// signed in: if not, it stays, and with it what was typed. Whoever signed in again sends with the token of the new session.
const EXPIRED = {};
const isSignIn = (answer) => answer.status === 401 || answer.type === 'opaqueredirect';
const askSession = () => fetch('/session', { credentials: 'same-origin', redirect: 'manual', headers: { Accept: 'application/json' } })
  .then((answer) => (answer.ok ? answer.json() : Promise.reject(isSignIn(answer) ? EXPIRED : new Error(String(answer.status)))))
  .then((session) => {
    if (session.person === meta('person')) all('input[name="csrf"]').forEach((field) => { field.value = session.csrf; });
  });
function sendWhenSignedIn(form, submitter) {
  hold(form, submitter);
  askSession().catch((failure) => { if (failure === EXPIRED) throw failure; }).then(() => {
    delete form.dataset.sent;
    form.dataset.asked = '1';
    buttonsOf(form).forEach((button) => { if (button.dataset.held) { button.disabled = false; delete button.dataset.held; } });
    form.requestSubmit(submitter);
    delete form.dataset.asked;
  }, () => {
    release(form);
    unsaved.add(form);
    say(form, '登录已过期，还没有提交；填写的内容还在，登录后再提交。', true, signInLink());
  });
}
document.addEventListener('submit', (event) => {
  const form = event.target;
  if (form.method !== 'post') return;
  if (form.dataset.sent) { event.preventDefault(); event.stopImmediatePropagation(); return; }
  if (event.defaultPrevented) return;
  if (form.hasAttribute('data-guard') && meta('person') && !form.dataset.asked) {
    event.preventDefault();
    sendWhenSignedIn(form, event.submitter);
    return;
  }
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
      } else if (isSignIn(answer)) {
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
addEventListener('focus', () => {
  const waiting = all('form[data-draft]').filter((form) => one('.draft.is-bad', form));
  if (waiting.length > 0) askSession().then(() => waiting.forEach(saveDraft), () => { /* nobody yet: the sentence stands */ });
});

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

// Picking one record by typing: the list that came with the page is filled anew from the server as far as it does not hold what is meant.
function ask(address, words) {
  return fetch(address + '?q=' + encodeURIComponent(words), { credentials: 'same-origin', headers: { Accept: 'application/json' } })
    .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(String(answer.status)))))
    .then((answer) => answer.items);
}
enhance('input[data-options][list]', (field) => {
  const list = document.getElementById(field.getAttribute('list'));
  if (!list) return;
  const known = () => Array.from(list.options).some((option) => option.value.includes(field.value));
  const fill = later(200, () => {
    const asked = field.value.trim();
    if (!asked || known()) return;
    ask(field.dataset.options, asked)
      .then((items) => { if (field.value.trim() === asked) list.append(...items.map((item) => make('option', { value: item.title }))); })
      .catch(() => { /* the name typed is sent, and the server asks back */ });
  });
  field.addEventListener('input', fill);
});

// Picking several: the line narrows the boxes while typing and asks the server for records that have none yet;
// what is ticked stands above the line, each with its own way out.
enhance('[data-picks]', (picks) => {
  const find = one('.picks-find', picks);
  const choices = one('.choices', picks);
  const note = one('[data-picks-note]', picks);
  const name = find.name;
  find.removeAttribute('name');
  find.placeholder = '输入几个字查找';
  const chosen = make('ul', { class: 'picks-chosen', 'aria-live': 'polite', 'aria-label': '已选' });
  picks.prepend(chosen);
  const boxes = () => all('input[type="checkbox"]', choices);
  const titleOf = (box) => box.parentElement.textContent.trim();
  const show = () => {
    const ticked = boxes().filter((box) => box.checked);
    chosen.textContent = '';
    ticked.forEach((box) => {
      const out = make('button', { type: 'button', class: 'filter-on', 'aria-label': '不选' + titleOf(box) }, titleOf(box), make('span', { 'aria-hidden': 'true' }, '×'));
      out.addEventListener('click', () => { box.checked = false; box.dispatchEvent(new Event('change', { bubbles: true })); find.focus(); });
      chosen.append(make('li', {}, out));
    });
    chosen.hidden = !ticked.length;
  };
  const narrow = () => {
    const words = find.value.trim().toLowerCase();
    let left = 0;
    boxes().forEach((box) => {
      const fits = !words || titleOf(box).toLowerCase().includes(words);
      box.parentElement.hidden = !fits;
      if (fits) left += 1;
    });
    note.textContent = left ? '列出 ' + left + ' 项，已选 ' + boxes().filter((box) => box.checked).length + ' 项' : '没有名称含“' + find.value.trim() + '”的';
    return left;
  };
  const more = later(200, () => {
    const asked = find.value.trim();
    if (!asked) return;
    ask(picks.dataset.picks, asked).then((items) => {
      if (find.value.trim() !== asked) return;
      const held = new Set(boxes().map((box) => box.value));
      items.filter((item) => !held.has(item.id)).forEach((item) => {
        choices.append(make('label', { class: 'check' }, make('input', { type: 'checkbox', name, value: item.id }), ' ' + item.title));
      });
      narrow();
    }).catch(() => { /* the boxes that are there can still be ticked */ });
  });
  const full = boxes().length >= 500;
  find.addEventListener('input', () => { if (!narrow() || full) more(); });
  find.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    const left = boxes().filter((box) => !box.parentElement.hidden && !box.checked);
    if (!find.value.trim() || !left.length) return;
    left[0].checked = true;
    find.value = '';
    left[0].dispatchEvent(new Event('change', { bubbles: true }));
  });
  choices.addEventListener('change', () => { show(); narrow(); });
  show();
  narrow();
});

enhance('.errors', (summary) => summary.focus());
on('click', '.errors a', (event, link) => {
  const field = document.getElementById(link.hash.slice(1));
  if (!field) return;
  event.preventDefault();
  field.focus();
  field.scrollIntoView({ block: 'center' });
});
