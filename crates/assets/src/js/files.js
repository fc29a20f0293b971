// Files: dropping, pasting, and a progress bar while they travel; large ones go on after a broken connection.

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

// Above this, files travel by themselves in portions, so that a broken connection costs one portion and not all of them.
const LARGE = 8 * 1024 * 1024;
const PORTION = 8 * 1024 * 1024;
const UPLOADS = '/api/v1/uploads';

// One request of an upload; the answer says how far it is. Without an answer the status is 0.
function askUpload(method, address, form, body, headers, moved, stop) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(method, address);
    Object.entries({ 'X-CSRF': csrf(form), ...headers }).forEach(([name, value]) => request.setRequestHeader(name, value));
    if (moved) request.upload.addEventListener('progress', (event) => moved(event.loaded));
    request.addEventListener('load', () => {
      let answer = {};
      try { answer = JSON.parse(request.responseText); } catch (error) { /* an answer of something in between: its status counts */ }
      if (request.status < 300) resolve(answer);
      else reject({ status: request.status, message: answer.error && answer.error.message });
    });
    request.addEventListener('error', () => reject({ status: 0 }));
    request.addEventListener('abort', () => reject({ status: 0, stopped: true }));
    if (stop) stop.now = () => request.abort();
    request.send(body);
  });
}
const askJson = (address, form, value) => askUpload('POST', address, form, JSON.stringify(value || {}), { 'Content-Type': 'application/json' });
// Waits for the connection to come back, or for a while that grows with every failure.
const pause = (failures, stop) => new Promise((resolve) => {
  const done = () => { clearTimeout(timer); removeEventListener('online', done); resolve(); };
  const timer = setTimeout(done, Math.min(30, 2 ** failures) * 1000);
  addEventListener('online', done);
  stop.now = done;
});
const passing = (failure) => !failure.stopped && (failure.status === 0 || failure.status === 409 || failure.status >= 500);

// Carries one file to the end and answers its identity; shown(text, bytes) tells how far it is.
async function carry(file, form, shown, stop) {
  let state = await askJson(UPLOADS, form, { name: file.name, size: String(file.size), mark: String(file.lastModified || '') });
  let failures = 0;
  while (!state.done) {
    if (stop.asked) throw { stopped: true };
    const address = UPLOADS + '/' + state.id;
    try {
      if (state.offset < file.size) {
        const from = state.offset;
        const part = file.slice(from, from + PORTION);
        state = await askUpload('PATCH', address, form, part, { 'Content-Type': 'application/octet-stream', 'Upload-Offset': String(from) }, (loaded) => shown('', from + loaded), stop);
      } else {
        shown('已上传，正在核对', file.size);
        state = await askJson(address + '/finish', form);
      }
      failures = 0;
    } catch (failure) {
      if (stop.asked || !passing(failure) || failures >= 20) throw failure;
      failures += 1;
      shown('网络不通，已传的部分保留，恢复后自动接着传', state.offset);
      await pause(failures, stop);
      try { state = await askUpload('GET', address, form, null, {}); } catch (again) { if (!passing(again)) throw again; }
    }
  }
  return state.id;
}

// Puts the identities of carried files in the place of large files in what will be sent.
async function carryLarge(form, body, shown, stop) {
  const inputs = all('input[type="file"]', form).filter((input) => input.name && input.files.length);
  const total = inputs.reduce((sum, input) => sum + Array.from(input.files).reduce((bytes, file) => bytes + file.size, 0), 0);
  if (total <= LARGE) return;
  let before = 0;
  for (const input of inputs) {
    const ids = [];
    for (const file of Array.from(input.files)) {
      ids.push(await carry(file, form, (text, bytes) => shown(text || file.name, before + bytes, total), stop));
      before += file.size;
    }
    body.delete(input.name);
    ids.forEach((id) => body.append(input.name, id));
  }
}

function showing(line) {
  const started = Date.now();
  let first = -1;
  return (text, bytes, total) => {
    if (first < 0) first = bytes;
    const seconds = (Date.now() - started) / 1000;
    line.bar.value = total ? bytes / total * 100 : 0;
    line.text.textContent = sizeOf(bytes) + ' / ' + sizeOf(total) + (seconds > 1 && bytes > first ? '，每秒 ' + sizeOf((bytes - first) / seconds) : '') + (text ? '，' + text : '');
  };
}
const whyNot = (failure) => {
  if (failure.stopped) return '已暂停上传，填写的内容还在；再次提交会接着传。';
  if (failure.status === 401) return '登录已过期，填写的内容和所选文件还在。';
  return failure.message || '没有上传成功（' + (failure.status || '网络不通') + '），填写的内容还在；再次提交会接着传。';
};

// Sends a form by script; the answer is a place to go to, or the form again with its errors. The form in the page stays as
// it is until the answer has come.
function sendWithProgress(form, submitter) {
  const body = new FormData(form);
  if (submitter && submitter.name) body.append(submitter.name, submitter.value);
  const request = new XMLHttpRequest();
  const shown = progressOf(form);
  const show = showing(shown);
  const stop = {};
  const keep = (text, link) => {
    release(form);
    if (form.hasAttribute('data-guard')) unsaved.add(form);
    shown.line.remove();
    toast(text, link);
  };
  shown.stop.addEventListener('click', () => { stop.asked = true; if (stop.now) stop.now(); });
  request.upload.addEventListener('progress', (event) => { if (event.lengthComputable) show('', event.loaded, event.total); });
  request.upload.addEventListener('load', () => { shown.text.textContent = '已上传，正在检查'; });
  request.addEventListener('load', () => {
    const target = request.getResponseHeader('HX-Redirect');
    if (target) arrive(target, form);
    else if (request.status === 422) replaceForm(form, request.responseText, shown);
    else if (request.status < 300 && request.responseURL) arrive(request.responseURL, form);
    else if (request.status === 401) keep('登录已过期，填写的内容和所选文件还在。', signInLink());
    else keep(request.status === 413 ? '文件太大，没有上传；填写的内容还在。' : '没有上传成功（' + request.status + '），填写的内容还在，请稍后再试。');
  });
  request.addEventListener('error', () => keep('网络不通，没有上传；填写的内容还在。'));
  request.addEventListener('abort', () => keep('已取消上传，填写的内容还在。'));
  request.open('POST', submitter && submitter.hasAttribute('formaction') ? submitter.formAction : form.getAttribute('action') || location.href);
  request.setRequestHeader('HX-Request', 'true');
  request.setRequestHeader('X-CSRF', csrf(form));
  carryLarge(form, body, show, stop).then(() => {
    stop.now = () => request.abort();
    request.send(body);
  }).catch((failure) => keep(whyNot(failure), failure.status === 401 ? signInLink() : undefined));
}

// Goes to the place of an answer; where that is the record whose files are open, to its files.
function arrive(target, form) {
  unsaved.delete(form);
  const place = new URL(target, location.href);
  if (place.pathname === location.pathname && !place.search) location.reload(); else location.assign(place.href);
}

// The form of the answer takes the place of the old one; files already chosen go along.
function replaceForm(form, text, shown) {
  const answer = new DOMParser().parseFromString(text, 'text/html');
  const fresh = form.id && answer.getElementById(form.id);
  if (!fresh) {
    const said = one('.errors li, .errors h2', answer);
    release(form);
    shown.line.remove();
    toast((said ? said.textContent + ' ' : '有内容需要改正，') + '填写的内容还在。');
    return;
  }
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
