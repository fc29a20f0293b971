// Files: dropping, pasting, and a progress bar while they travel.

const sizeOf = (bytes) => (bytes < 1024 * 1024 ? Math.max(1, Math.round(bytes / 1024)) + ' KB' : (bytes / 1024 / 1024).toFixed(1) + ' MB');

function setFiles(input, files) {
  const moved = new DataTransfer();
  files.forEach((file) => moved.items.add(file));
  input.files = moved.files;
  input.dispatchEvent(new Event('change', { bubbles: true }));
}
function addFiles(input, files) {
  setFiles(input, input.multiple ? [...input.files, ...files] : files.slice(0, 1));
}
function listFiles(drop, input) {
  const list = one('[data-drop-list]', drop);
  if (!list) return;
  list.textContent = '';
  Array.from(input.files).forEach((file, index) => {
    const remove = make('button', { type: 'button', class: 'button button-quiet button-small' }, '移除');
    remove.addEventListener('click', () => setFiles(input, Array.from(input.files).filter((each, at) => at !== index)));
    list.append(make('li', {}, make('b', { title: file.name }, file.name), make('span', { class: 'muted' }, sizeOf(file.size)), remove));
  });
}

enhance('[data-drop]', (drop) => {
  const input = one('input[type="file"]', drop);
  if (!input) return;
  let depth = 0;
  const over = (step) => { depth = Math.max(0, depth + step); drop.classList.toggle('is-over', depth > 0); };
  drop.addEventListener('dragenter', (event) => { event.preventDefault(); over(1); });
  drop.addEventListener('dragleave', () => over(-1));
  drop.addEventListener('dragover', (event) => event.preventDefault());
  drop.addEventListener('drop', (event) => { event.preventDefault(); depth = 0; over(0); addFiles(input, Array.from(event.dataTransfer.files)); });
  input.addEventListener('change', () => listFiles(drop, input));
  listFiles(drop, input);
});
// A file dropped beside the area would otherwise replace the page and what was typed.
['dragover', 'drop'].forEach((type) => document.addEventListener(type, (event) => { if (one('[data-drop]') && !(event.target.closest && event.target.closest('[data-drop]')) && !editable(event.target)) event.preventDefault(); }));

document.addEventListener('paste', (event) => {
  const files = event.clipboardData ? Array.from(event.clipboardData.files) : [];
  if (!files.length) return;
  const near = event.target.closest && event.target.closest('form');
  const input = one('[data-drop] input[type="file"]', near || document);
  if (!input) return;
  event.preventDefault();
  const stamp = clockTime().replace(':', '');
  addFiles(input, files.map((file, index) => (/^image\.\w+$/.test(file.name) ? new File([file], '截图' + stamp + (index ? '-' + (index + 1) : '') + file.name.slice(5), { type: file.type }) : file)));
});

function progressOf(form) {
  const list = one('[data-drop-list]', form);
  const bar = make('progress', { class: 'progress', max: '100', value: '0' });
  const text = make('span', { class: 'muted', role: 'status' }, '准备上传');
  const stop = make('button', { type: 'button', class: 'button button-quiet button-small' }, '取消上传');
  const line = make('li', {}, bar, text, stop);
  (list || form).append(line);
  return { bar, text, stop, line };
}

// Sends a form by script; the answer is a place to go to, or the form again with its errors. The form in the page stays as
// it is until the answer has come.
function sendWithProgress(form, submitter) {
  const body = new FormData(form);
  if (submitter && submitter.name) body.append(submitter.name, submitter.value);
  const request = new XMLHttpRequest();
  const shown = progressOf(form);
  const started = Date.now();
  const keep = (text, link) => {
    release(form);
    if (form.hasAttribute('data-guard')) unsaved.add(form);
    shown.line.remove();
    toast(text, link);
  };
  shown.stop.addEventListener('click', () => request.abort());
  request.upload.addEventListener('progress', (event) => {
    if (!event.lengthComputable) return;
    shown.bar.value = event.loaded / event.total * 100;
    const seconds = (Date.now() - started) / 1000;
    shown.text.textContent = sizeOf(event.loaded) + ' / ' + sizeOf(event.total) + (seconds > 1 ? '，每秒 ' + sizeOf(event.loaded / seconds) : '');
  });
  request.upload.addEventListener('load', () => { shown.text.textContent = '已上传，正在检查'; });
  request.addEventListener('load', () => {
    const target = request.getResponseHeader('HX-Redirect');
    if (target) location.assign(target);
    else if (request.status === 422) replaceForm(form, request.responseText, shown);
    else if (request.status < 300 && request.responseURL) location.assign(request.responseURL);
    else if (request.status === 401) keep('登录已过期，填写的内容和所选文件还在。', signInLink());
    else keep(request.status === 413 ? '文件太大，没有上传；填写的内容还在。' : '没有上传成功（' + request.status + '），填写的内容还在，请稍后再试。');
  });
  request.addEventListener('error', () => keep('网络不通，没有上传；填写的内容还在。'));
  request.addEventListener('abort', () => keep('已取消上传，填写的内容还在。'));
  request.open('POST', submitter && submitter.hasAttribute('formaction') ? submitter.formAction : form.getAttribute('action') || location.href);
  request.setRequestHeader('HX-Request', 'true');
  request.setRequestHeader('X-CSRF', csrf(form));
  request.send(body);
}

// The form of the answer takes the place of the old one; files already chosen go along.
function replaceForm(form, text, shown) {
  const answer = new DOMParser().parseFromString(text, 'text/html');
  const fresh = form.id && answer.getElementById(form.id);
  if (!fresh) { release(form); shown.line.remove(); toast('有内容需要改正，填写的内容还在。'); return; }
  const chosen = all('input[type="file"]', form).map((input) => [input.name, Array.from(input.files)]);
  form.replaceWith(fresh);
  enhanceWithin(fresh);
  chosen.forEach(([name, files]) => { const input = all('input[type="file"]', fresh).find((each) => each.name === name); if (input && files.length) setFiles(input, files); });
  if (fresh.hasAttribute('data-guard')) unsaved.add(fresh);
}

document.addEventListener('submit', (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== 'post' || !one('[data-drop]', form) || form.closest('dialog')) return;
  if (!all('input[type="file"]', form).some((input) => input.files.length)) return;
  event.preventDefault();
  sendWithProgress(form, event.submitter);
});
