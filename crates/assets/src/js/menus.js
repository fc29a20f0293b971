// Search field, navigation, menus, copying, questions before an action.

const searchField = () => one('[data-search]');
document.addEventListener('keydown', (event) => {
  const slash = event.key === '/' && !editable(event.target) && !event.ctrlKey && !event.metaKey && !event.altKey;
  const ctrlK = event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey) && !event.altKey;
  const field = searchField();
  if (!field || !(slash || ctrlK)) return;
  event.preventDefault();
  field.focus();
  field.select();
});

on('click', '[data-nav-toggle]', (event) => {
  event.preventDefault();
  const nav = document.getElementById('nav');
  const open = nav.classList.toggle('is-open');
  all('.top-menu').forEach((button) => button.setAttribute('aria-expanded', String(open)));
  const next = open ? one('a', nav) : one('.top-menu');
  if (next) next.focus();
});

const openMenus = () => all('details[data-menu][open]');
document.addEventListener('click', (event) => openMenus().filter((menu) => !menu.contains(event.target)).forEach((menu) => { menu.open = false; }));
document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape') return;
  openMenus().forEach((menu) => {
    const inside = menu.contains(document.activeElement);
    menu.open = false;
    if (inside) one('summary', menu).focus();
    event.preventDefault();
  });
});

// The clipboard of a page that came over plain http is closed to script, so a selection is copied the old way.
function copyText(text) {
  if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
  const field = make('textarea', { class: 'sr', readonly: '' });
  field.value = text;
  document.body.append(field);
  field.select();
  const done = document.execCommand('copy');
  field.remove();
  return done ? Promise.resolve() : Promise.reject(new Error('copy'));
}
on('click', '[data-copy]', (event, element) => {
  const source = element.dataset.copy ? one(element.dataset.copy) : element;
  if (!source) return;
  copyText((source.value === undefined || source.tagName === 'BUTTON' ? source.innerText : source.value).trim())
    .then(() => toast('已复制'), () => toast('浏览器不允许复制，请选中后按 Ctrl+C'));
});

// In the capturing phase, so that nothing else acts before the answer.
document.addEventListener('click', (event) => {
  const asked = event.target.closest('[data-confirm]');
  if (!asked || window.confirm(asked.dataset.confirm)) return;
  event.preventDefault();
  event.stopPropagation();
}, true);
