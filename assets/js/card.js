// The gateway's card fields. What is typed goes straight from them to the gateway; what came of
// it, our server asks the gateway itself: the waiting page tells.
const form = document.getElementById('card-form');
if (form && globalThis.Stripe) {
  const stripe = globalThis.Stripe(form.dataset.key);
  const card = stripe.elements().create('card');
  card.mount('#card-fields');
  const error = document.getElementById('card-error');
  const button = form.querySelector('button[type=submit]');
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    button.disabled = true;
    error.textContent = '';
    const secret = form.dataset.secret;
    const confirm = secret.startsWith('seti_') ? 'confirmCardSetup' : 'confirmCardPayment';
    const answer = await stripe[confirm](secret, { payment_method: { card } });
    if (answer.error?.type === 'validation_error') {
      error.textContent = answer.error.message;
      button.disabled = false;
      return;
    }
    location.assign(form.action);
  });
}
