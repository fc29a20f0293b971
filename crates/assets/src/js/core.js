// Helpers shared by the files after this one. All files run in one closed scope, after the page has been read.

const root = document.documentElement;
root.classList.add('has-script');

const one = (selector, within) => (within || document).querySelector(selector);
const all = (selector, within) => Array.from((within || document).querySelectorAll(selector));
const meta = (name) => { const tag = one('meta[name="' + name + '"]'); return tag ? tag.content : ''; };
const csrf = (form) => { const field = form && one('input[name="csrf"]', form); return field ? field.value : meta('csrf-token'); };
const later = (wait, work) => { let timer = 0; return (...given) => { clearTimeout(timer); timer = setTimeout(() => work(...given), wait); }; };
const clockTime = () => { const now = new Date(); return String(now.getHours()).padStart(2, '0') + ':' + String(now.getMinutes()).padStart(2, '0'); };
const editable = (target) => target.matches && target.matches('input:not([type="checkbox"]):not([type="radio"]), select, textarea, [contenteditable]');
const signIn = () => '/sign-in?next=' + encodeURIComponent(location.pathname + location.search);

// An element from a tag, its attributes and its children; text stays text.
function make(tag, attributes, ...children) {
  const made = document.createElement(tag);
  Object.entries(attributes || {}).forEach(([name, value]) => made.setAttribute(name, value));
  made.append(...children);
  return made;
}

// Calls the work for every element of the selector, now and whenever htmx or a dialog brings new ones.
const enhancements = [];
function enhance(selector, work) {
  enhancements.push({ selector, work, seen: new WeakSet() });
}
function enhanceWithin(part) {
  enhancements.forEach(({ selector, work, seen }) => {
    const found = all(selector, part);
    if (part.matches && part.matches(selector)) found.unshift(part);
    found.filter((element) => !seen.has(element)).forEach((element) => { seen.add(element); work(element); });
  });
}
document.addEventListener('htmx:load', (event) => enhanceWithin(event.detail.elt));

function on(type, selector, work) {
  document.addEventListener(type, (event) => {
    const found = event.target.closest && event.target.closest(selector);
    if (found) work(event, found);
  });
}

// One short message at the foot of the page, with at most one thing to click.
let toastTimer = 0;
function toast(text, action) {
  let box = one('.toast');
  if (!box) box = make('div', { class: 'toast', role: 'status' });
  (one('dialog[open]') || document.body).append(box);
  box.textContent = text;
  if (action) {
    box.append(' ', action);
    action.addEventListener('click', () => box.remove());
  }
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => box.remove(), action ? 12000 : 4000);
}
const signInLink = () => make('a', { href: signIn(), target: '_blank', rel: 'opener' }, '在新窗口登录');

// htmx remembers the address in the browser's storage, and addresses hold search words: nothing may stay there.
function emptyStorage() {
  try { sessionStorage.removeItem('htmx-current-path-for-history'); } catch (error) { /* storage is switched off: nothing to empty */ }
}
emptyStorage();
['htmx:pushedIntoHistory', 'htmx:replacedInHistory', 'htmx:historyRestore'].forEach((name) => document.addEventListener(name, emptyStorage));
addEventListener('pagehide', emptyStorage);

document.addEventListener('htmx:configRequest', (event) => { event.detail.headers['X-CSRF'] = csrf(event.target.closest('form')); });
document.addEventListener('htmx:sendError', () => toast('网络不通，页面上填写的内容还在，请稍后再试。'));
document.addEventListener('htmx:responseError', (event) => {
  if (event.detail.xhr.status === 401) toast('登录已过期，页面上填写的内容还在。', signInLink());
  else toast('没有办成（' + event.detail.xhr.status + '），页面上填写的内容还在，请稍后再试。');
});
