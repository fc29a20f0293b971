// The big screen refreshes itself; when it cannot, it says since when its figures stand.

const seconds = Number(document.body.dataset.refresh || 0);
const stale = () => {
  const head = one('.screen-head p');
  if (head && !one('.clock', head)) head.prepend(make('span', { class: 'clock clock-orange' }, clockTime() + ' 起未能更新'), ' ');
};
function takeOver(text) {
  const answer = new DOMParser().parseFromString(text, 'text/html');
  const fresh = answer.getElementById('screen');
  const old = document.getElementById('screen');
  if (!fresh || !old) { stale(); return; }
  drawn.forEach((chart, place) => { if (old.contains(place)) { chart.dispose(); drawn.delete(place); } });
  old.replaceWith(fresh);
  const head = one('.screen-head p', answer);
  if (head) one('.screen-head p').replaceWith(head);
  else all('.screen-head .clock').forEach((mark) => mark.remove());
  enhanceWithin(fresh);
}
if (seconds > 0) {
  setInterval(() => {
    fetch(document.body.dataset.refreshSrc || location.href, { credentials: 'same-origin', headers: { 'HX-Request': 'true' } })
      .then((answer) => (answer.ok && !answer.redirected ? answer.text() : Promise.reject(new Error(String(answer.status)))))
      .then(takeOver)
      .catch(stale);
  }, Math.max(5, seconds) * 1000);
}

// Last of all: everything above has said what it looks for.
enhanceWithin(document.documentElement);
