// The rules of a password turn green while it is typed. The server checks them again.
function verdicts(list, value, again) {
  const username = (list.dataset.username || '').toLowerCase();
  const forbidden = (list.dataset.forbidden || username).toLowerCase().split(' ').filter(Boolean);
  const [shortest, longest] = (list.dataset.length || '8-64').split('-').map(Number);
  const letters = [...value];
  return {
    length: letters.length >= shortest && letters.length <= longest,
    lower: /\p{Ll}/u.test(value),
    upper: /\p{Lu}/u.test(value),
    digit: /[0-9]/.test(value),
    special: /[^\p{L}\p{N}\s]/u.test(value),
    spaces: value !== '' && !/\s/.test(value),
    username: value !== '' && !forbidden.some((f) => value.toLowerCase().includes(f)),
    same: value !== '' && value === again,
  };
}

for (const field of document.querySelectorAll('input[data-checklist]')) {
  const list = document.getElementById(field.dataset.checklist);
  if (!list) continue;
  const again = field.form?.querySelector('input[type=password]:not([data-checklist]):not([autocomplete=current-password])');
  const lines = [...list.querySelectorAll('[data-rule]')];
  const status = list.querySelector('[role=status]');
  let rest;
  const update = () => {
    const now = verdicts(list, field.value, again?.value ?? '');
    let done = 0;
    for (const line of lines) {
      const ok = now[line.dataset.rule] === true;
      done += ok;
      line.classList.toggle('yes', ok);
      const icon = line.querySelector('use');
      if (icon) icon.setAttribute('href', icon.getAttribute('href').replace(/#.*/, ok ? '#i-check' : '#i-dot'));
      const hidden = line.querySelector('.visually-hidden');
      if (hidden) hidden.textContent = ` ${ok ? list.dataset.done : list.dataset.missing}`;
    }
    clearTimeout(rest);
    rest = setTimeout(() => {
      if (status) status.textContent = `${done}/${lines.length} ${status.dataset.count}`;
    }, 1000);
  };
  field.addEventListener('input', update);
  again?.addEventListener('input', update);
}
