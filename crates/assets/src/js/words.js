// Names of tables and fields while a query is typed: those that begin like the word at the cursor stand below the text;
// a click or Ctrl+Space takes one. Without script the page lists all of them.

enhance('form[action^="/office_models"] textarea[name="query"]', (text) => {
  const list = make('p', { class: 'row small', 'aria-live': 'polite' });
  text.after(list);
  text.spellcheck = false;
  const form = text.closest('form');
  let words = null;
  const fetched = async () => {
    const domain = one('select[name="domain"]', form);
    const wanted = domain ? domain.value : '';
    if (!words || words.domain !== wanted) {
      words = { domain: wanted, list: [] };
      const answer = await fetch('/office_models/words?domain=' + encodeURIComponent(wanted));
      if (answer.ok) words.list = (await answer.text()).split('\n').filter(Boolean).map((line) => line.split('\t'));
    }
    return words.list;
  };
  const begun = () => { const found = text.value.slice(0, text.selectionStart).match(/[a-z_$][a-z0-9_]*$/i); return found ? found[0] : ''; };
  const take = (word) => {
    const at = text.selectionStart;
    text.setRangeText(word, at - begun().length, at, 'end');
    text.focus();
    list.replaceChildren();
  };
  const show = later(120, async () => {
    const start = begun().toLowerCase();
    const fitting = start ? (await fetched()).filter(([word]) => word.startsWith(start) && word !== start).slice(0, 8) : [];
    list.replaceChildren(...fitting.map(([word, label]) => {
      const button = make('button', { type: 'button', class: 'button button-small', title: label }, word);
      button.addEventListener('click', () => take(word));
      return button;
    }));
  });
  text.addEventListener('input', show);
  text.addEventListener('keydown', (event) => {
    const first = one('button', list);
    if (event.ctrlKey && event.code === 'Space' && first) { event.preventDefault(); first.click(); }
  });
});
