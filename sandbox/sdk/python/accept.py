"""The official SDK of PyPI against the simulator. Arguments come by environment; the first surprise is an error."""

import json
import os
import urllib.request

import mercadopago
from mercadopago.config import Config, RequestOptions
from mercadopago.webhook import WebhookSignatureValidator

# The SDK has no setting for its address: it is a private constant of this class.
Config._Config__api_base_url = os.environ["API"]
sdk = mercadopago.SDK(os.environ["TOKEN"])


def control(path: str, body: dict) -> dict:
    request = urllib.request.Request(
        f"{os.environ['CONTROL']}/mercadopago/{path}",
        data=json.dumps(body).encode(),
        headers={"content-type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=5) as answer:
        return json.load(answer)


def same(found: object, expected: object) -> None:
    if found != expected:
        raise AssertionError(f"{found!r} instead of {expected!r}")


def good(result: dict, status: int = 200) -> dict:
    same((result["status"], result["response"] if result["status"] != status else None), (status, None))
    return result["response"]


def links() -> str:
    made = good(
        sdk.preference().create(
            {
                "items": [{"id": "cabin", "title": "Seña", "quantity": 1, "unit_price": 84000.5, "currency_id": "ARS"}],
                "external_reference": "PY-1",
            }
        ),
        201,
    )
    same(good(sdk.preference().get(made["id"]))["items"][0]["unit_price"], 84000.5)
    found = good(sdk.preference().search({"external_reference": "PY-1"}))
    same((found["total"], found["elements"][0]["id"]), (1, made["id"]))
    changed = good(sdk.preference().update(made["id"], {"statement_descriptor": "CABANAS"}))
    same(changed["statement_descriptor"], "CABANAS")
    return made["id"]


def payments(preference_id: str) -> int:
    paid = control("pay", {"preference_id": preference_id})
    read = good(sdk.payment().get(paid["payment_id"]))
    same((read["status"], read["transaction_amount"]), ("approved", 84000.5))
    found = good(sdk.payment().search({"external_reference": "PY-1", "sort": "date_created", "criteria": "desc"}))
    same((found["paging"]["total"], found["results"][0]["id"]), (1, paid["payment_id"]))
    every = [one["id"] for one in sdk.payment().search_auto_paging_iter({"external_reference": "PY-1"})]
    same(every, [paid["payment_id"]])
    same(good(sdk.merchant_order().get(paid["merchant_order_id"]))["order_status"], "paid")
    waits = control("pay", {"preference_id": preference_id, "status": "in_process"})
    cancelled = good(sdk.payment().update(waits["payment_id"], {"status": "cancelled"}))
    same(cancelled["status"], "cancelled")
    same(good(sdk.payment().get(1), 404)["cause"][0]["code"], 2000)
    return paid["payment_id"]


def refunds(payment_id: int) -> None:
    key = RequestOptions(custom_headers={"x-idempotency-key": "python-refund-1"})
    made = good(sdk.refund().create(payment_id, {"amount": 1000.25}, key), 201)
    same(made["amount"], 1000.25)
    same(good(sdk.refund().create(payment_id, {"amount": 1000.25}, key)), None)
    same(good(sdk.refund().create(payment_id), 201)["amount"], 83000.25)
    same(len(good(sdk.refund().list_all(payment_id))), 2)
    same(good(sdk.payment().get(payment_id))["status"], "refunded")


def disputes(preference_id: str) -> None:
    paid = control("pay", {"preference_id": preference_id})
    chargeback = control("chargeback", {"payment_id": paid["payment_id"]})["chargeback_id"]
    same(good(sdk.chargeback().get(chargeback))["id"], chargeback)


preference = links()
refunds(payments(preference))
disputes(preference)
WebhookSignatureValidator.validate(
    os.environ["SIGNATURE"],
    os.environ["REQUEST_ID"],
    os.environ["DATA_ID"],
    os.environ["SECRET"],
    tolerance_seconds=300,
)
print(f"PyPI mercadopago {Config().version} accepts the simulator's answers")
