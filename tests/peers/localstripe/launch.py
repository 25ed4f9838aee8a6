"""Serves the emulator `localstripe` on loopback, with private state, and with what the real
service has and the emulator lacks:

* Idempotency-Key: the same key and form get the same answer, another form is refused (400);
* lists of payment and set-up intents by customer;
* a refund beyond what was charged is refused;
* parameters that the emulator does not know are dropped (ACCEPTED below), not refused.

Two addresses are for tests: POST /_fault {"kind": "lost_reply"|"error500"|"rate429"|"hang",
"path": regex, "n": count} makes the next calls go wrong, GET /_log tells the calls seen.
Ends when standard input ends, so that no test leaves it behind.
"""
import asyncio
import hashlib
import re
import sys

from aiohttp import web
from localstripe import resources, server

# Real parameters that the emulator refuses as unexpected.
ACCEPTED = ("description", "setup_future_usage", "return_url", "receipt_email", "off_session_reason")

resources.Store.dump_to_disk = lambda self: None

answers = {}
calls = []
faults = []


def by_customer(cls):
    """Lists filtered by customer, as the service documents them."""
    plain = resources.StripeObject._api_list_all.__func__

    def listed(cls, url, customer=None, limit=None, starting_after=None, **kwargs):
        found = plain(cls, url, limit=limit, starting_after=starting_after, **kwargs)
        if customer is not None:
            found._list = [one for one in found._list if one.customer == customer]
        return found

    cls._api_list_all = classmethod(listed)


by_customer(resources.PaymentIntent)
by_customer(resources.SetupIntent)

make_refund = resources.Refund.__init__


def refund(self, charge=None, payment_intent=None, amount=None, **kwargs):
    if payment_intent is not None and amount is not None:
        paid = resources.PaymentIntent._api_retrieve(payment_intent).latest_charge
        if paid is not None and int(amount) > paid.amount - paid.amount_refunded:
            raise server.UserError(400, "Refund amount is greater than unrefunded amount on charge")
    make_refund(self, charge=charge, payment_intent=payment_intent, amount=amount, **kwargs)


resources.Refund.__init__ = refund

read_form = server.get_post_data


async def accept(request, remove_auth=True):
    form = await read_form(request, remove_auth)
    for name in ACCEPTED:
        # A customer may well have a description.
        if form and name in form and "/payment_intents" in request.path:
            form.pop(name)
    return form


server.get_post_data = accept


def fault_for(path):
    for fault in faults:
        if fault["n"] > 0 and re.search(fault["path"], path):
            fault["n"] -= 1
            return fault["kind"]
    return None


def error(status, kind, message):
    return web.json_response({"error": {"type": kind, "message": message}}, status=status)


async def answer_once(request, handler, call):
    key = request.headers.get("Idempotency-Key")
    keyed = key and request.method == "POST"
    body = await request.read()
    form = hashlib.sha256(request.path.encode() + b"\0" + body).hexdigest()
    if keyed and key in answers:
        first, status, text = answers[key]
        call["replayed"] = True
        if first != form:
            return error(400, "idempotency_error", "Keys can only be used with the same parameters they were first used with.")
        return web.Response(status=status, text=text, content_type="application/json")
    answer = await handler(request)
    if keyed and answer.status < 500:
        answers[key] = (form, answer.status, answer.text)
    return answer


@web.middleware
async def shim(request, handler):
    if request.path == "/_fault":
        faults.append(await request.json())
        return web.json_response(faults)
    if request.path == "/_log":
        return web.json_response(calls)
    if not request.path.startswith("/v1/"):
        return await handler(request)
    call = {"method": request.method, "path": request.path, "key": request.headers.get("Idempotency-Key")}
    calls.append(call)
    fault = fault_for(request.path) if request.method == "POST" else None
    if fault == "error500":
        return error(500, "api_error", "injected")
    if fault == "rate429":
        return error(429, "invalid_request_error", "injected")
    if fault == "hang":
        await asyncio.sleep(60)
    answer = await answer_once(request, handler, call)
    call["status"] = answer.status
    if fault == "lost_reply":
        request.transport.close()
    return answer


server.app.middlewares.insert(0, shim)


async def main():
    runner = web.AppRunner(server.app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    print("ready", site._server.sockets[0].getsockname()[1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    await runner.cleanup()


asyncio.run(main())
