// Proof of work instead of puzzles, without inline code: the worker is a file of ours.
import 'altcha/external';
import 'altcha/i18n/it';
import 'altcha/i18n/en';

const widget = document.querySelector('altcha-widget[data-worker]');
if (widget) {
  const start = () => new Worker(widget.dataset.worker);
  for (const name of ['SHA-1', 'SHA-256', 'SHA-384', 'SHA-512']) {
    globalThis.$altcha?.algorithms.set(name, start);
  }
}
