// The official SDK of npm against the simulator. Arguments come by environment; exits 1 with the first surprise.
'use strict';

const assert = require('node:assert/strict');
const {
  Chargeback, MercadoPagoConfig, MerchantOrder, MPBadRequestError, MPNotFoundError, Payment, PaymentRefund, Preference,
  WebhookSignatureValidator,
} = require('mercadopago');
// The SDK has no setting for its address: it is a static of this class.
const { AppConfig } = require('mercadopago/dist/utils/config');

const { API, CONTROL, TOKEN, SECRET, SIGNATURE, REQUEST_ID, DATA_ID } = process.env;
AppConfig.BASE_URL = API;
const config = new MercadoPagoConfig({ accessToken: TOKEN, options: { timeout: 5000 } });

async function control(path, body) {
  const answer = await fetch(`${CONTROL}/mercadopago/${path}`, {
    method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body),
  });
  assert.equal(answer.status, 200, path);
  return answer.json();
}

async function links() {
  const preferences = new Preference(config);
  const made = await preferences.create({
    body: {
      items: [{ id: 'cabin', title: 'Seña', quantity: 1, unit_price: 84000.5, currency_id: 'ARS' }],
      external_reference: 'NODE-1',
      payment_methods: { excluded_payment_types: [{ id: 'ticket' }, { id: 'atm' }] },
    },
  });
  assert.equal(made.api_response.status, 201);
  assert.match(made.init_point, /\/checkout\/v1\/redirect\?pref_id=/);
  const read = await preferences.get({ preferenceId: made.id });
  assert.equal(read.items[0].unit_price, 84000.5);
  const found = await preferences.search({ options: { external_reference: 'NODE-1' } });
  assert.deepEqual([found.total, found.elements[0].id], [1, made.id]);
  const changed = await preferences.update({ id: made.id, updatePreferenceRequest: { statement_descriptor: 'CABANAS' } });
  assert.equal(changed.statement_descriptor, 'CABANAS');
  return made.id;
}

async function payments(preferenceId) {
  const api = new Payment(config);
  const paid = await control('pay', { preference_id: preferenceId });
  const read = await api.get({ id: paid.payment_id });
  assert.deepEqual([read.status, read.transaction_amount], ['approved', 84000.5]);
  const found = await api.search({ options: { external_reference: 'NODE-1', sort: 'date_created', criteria: 'desc' } });
  assert.deepEqual([found.paging.total, found.results[0].id], [1, paid.payment_id]);
  const all = [];
  for await (const one of api.searchAll({ options: { external_reference: 'NODE-1' } })) all.push(one.id);
  assert.deepEqual(all, [paid.payment_id]);
  const order = await new MerchantOrder(config).get({ merchantOrderId: paid.merchant_order_id });
  assert.equal(order.order_status, 'paid');
  const waits = await control('pay', { preference_id: preferenceId, status: 'in_process' });
  const cancelled = await api.cancel({ id: waits.payment_id });
  assert.equal(cancelled.status, 'cancelled');
  await assert.rejects(api.cancel({ id: waits.payment_id }), MPBadRequestError);
  await assert.rejects(api.get({ id: 1 }), MPNotFoundError);
  return paid.payment_id;
}

async function refunds(paymentId) {
  const api = new PaymentRefund(config);
  const requestOptions = { idempotencyKey: 'node-refund-1' };
  const made = await api.create({ payment_id: paymentId, body: { amount: 1000.25 }, requestOptions });
  assert.deepEqual([made.api_response.status, made.amount], [201, 1000.25]);
  const again = await api.create({ payment_id: paymentId, body: { amount: 1000.25 }, requestOptions });
  assert.deepEqual([again.api_response.status, again.id], [200, undefined]);
  const one = await api.get({ payment_id: paymentId, refund_id: made.id });
  assert.equal(one.status, 'approved');
  // The SDK keeps the options of the last call: without a key of its own this would be a replay.
  const rest = await api.total({ payment_id: paymentId, requestOptions: { idempotencyKey: 'node-refund-2' } });
  assert.equal(rest.amount, 83000.25);
  const listed = await api.list({ payment_id: paymentId });
  assert.equal(listed.length, 2);
  assert.equal((await new Payment(config).get({ id: paymentId })).status, 'refunded');
}

async function disputes(preferenceId) {
  const paid = await control('pay', { preference_id: preferenceId });
  const { chargeback_id: id } = await control('chargeback', { payment_id: paid.payment_id });
  const read = await new Chargeback(config).get({ id });
  assert.deepEqual([read.id, read.amount], [id, 84000.5]);
}

async function main() {
  const preferenceId = await links();
  await refunds(await payments(preferenceId));
  await disputes(preferenceId);
  WebhookSignatureValidator.validate({
    xSignature: SIGNATURE, xRequestId: REQUEST_ID, dataId: DATA_ID, secret: SECRET, toleranceSeconds: 300,
  });
  console.log(`npm mercadopago ${AppConfig.SDK_VERSION} accepts the simulator's answers`);
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
