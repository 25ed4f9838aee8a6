// After htmx replaced the page's main part, the focus goes there, as after a normal load.
document.addEventListener('htmx:after:swap', (event) => {
  const main = document.getElementById('content');
  if (main && event.target === main) main.focus();
});

// An answer that lacks the part which was asked for takes nothing away: the program is being restarted, or the session
// is over. In that case what watches is read anew as a whole, and leads to the sign-in; what was typed stays.
document.addEventListener('htmx:before:swap', (event) => {
  const { select, swap, text, request, response } = event.detail.ctx ?? {};
  // «Nothing new» (204) has no parts and replaces none.
  if (!select || swap === 'none' || new DOMParser().parseFromString(text ?? '', 'text/html').querySelector(select)) return;
  event.preventDefault();
  if (response?.status < 400 && request?.method === 'GET') location.reload();
});

// A form is sent once, however often its button is pressed. Coming back re-enables it.
document.addEventListener('submit', (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || event.defaultPrevented || form.method !== 'post') return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = 'yes';
  setTimeout(() => delete form.dataset.sent, 8000);
});
addEventListener('pageshow', () => {
  for (const form of document.forms) delete form.dataset.sent;
});
