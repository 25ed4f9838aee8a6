// The rules of a password turn green while it is typed, judged as the server will judge them again
// (crates/domain/src/ident/password.rs, from which the build takes the list of common words).
const SPECIALS = '!#$%&()*+,.-/:;=?[]_{|}@\\';
const READ_AS = { 0: 'o', 1: 'i', '!': 'i', '|': 'i', 3: 'e', 4: 'a', '@': 'a', 5: 's', $: 's', 7: 't' };

function isCommon(value) {
  const lower = value.toLowerCase();
  const letters = lower.replace(/[^a-z]/g, '');
  const core = lower.replace(/^[^a-z@]+|[^a-z@]+$/g, '');
  const read = [...core].map((c) => READ_AS[c] ?? c).join('').replace(/[^a-z]/g, '');
  return new Set(letters).size <= 1 || COMMON_WORDS.includes(letters) || COMMON_WORDS.includes(read);
}

function verdicts(list, value, again) {
  const characters = [...value];
  const special = (c) => SPECIALS.includes(c);
  const personal = (list.dataset.username || '').split(' ').map((p) => p.split('@')[0].toLowerCase());
  return {
    length: characters.length >= Number(list.dataset.min) && characters.length <= Number(list.dataset.max),
    lowercase: /[a-z]/.test(value),
    uppercase: /[A-Z]/.test(value),
    digit: /[0-9]/.test(value),
    special: characters.some(special),
    characters: value !== '' && characters.every((c) => /[A-Za-z0-9]/.test(c) || special(c)),
    personal: value !== '' && !personal.some((p) => p.length >= 3 && value.toLowerCase().includes(p)),
    common: value !== '' && !isCommon(value),
    same: value !== '' && value === again,
  };
}

for (const field of document.querySelectorAll('input[data-checklist]')) {
  const list = document.getElementById(field.dataset.checklist);
  if (!list) continue;
  const again = document.getElementById(list.dataset.again);
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
      const drawing = line.querySelector('use');
      drawing?.setAttribute('href', drawing.getAttribute('href').replace(/#.*/, ok ? '#i-check' : '#i-dot'));
      const hidden = line.querySelector('.visually-hidden');
      if (hidden) hidden.textContent = ` ${ok ? list.dataset.done : list.dataset.missing}`;
    }
    // Said at most once for each second of rest: a screen reader must not talk over the typing.
    clearTimeout(rest);
    rest = setTimeout(() => {
      if (status) status.textContent = `${done}/${lines.length} ${status.dataset.count}`;
    }, 1000);
  };
  field.addEventListener('input', update);
  again?.addEventListener('input', update);
}
