//! Payments: who paid?

use habeas_model::Card;
use habeas_model::Meaning as M;
use habeas_model::Party as P;

use super::{Export, by_header};

pub(super) const STRIPE: Export = by_header(
    Card {
        name: "stripe-payments",
        version: 1,
        summary: "Stripe payments; a card's name may be an e-mail address",
        handles: &["CSV"],
        authority: "Stripe documentation, Export payments",
    },
    &["id", "Amount", "Customer ID", "Card Last4", "PaymentIntent ID"],
    &[
        ("id", M::Reference, P::Unknown),
        ("Description", M::Text, P::Unknown),
        ("Customer ID", M::PersonReference, P::Principal),
        ("Customer Description", M::Text, P::Unknown),
        ("Customer Email", M::Email, P::Principal),
        ("Card ID", M::Reference, P::Unknown),
        ("Card Last4", M::Account, P::Principal),
        ("Card Name", M::Name, P::Principal),
        ("Card Fingerprint", M::Account, P::Principal),
        ("PaymentIntent ID", M::Reference, P::Unknown),
    ],
    "id,Description,Seller Message,Created (UTC),Amount,Amount Refunded,Currency,Fee,Status,Customer ID,Customer Description,Customer Email,Captured,Card ID,Card Last4,Card Brand,Card Name,Card Address Line1,Card Address City,Card Address Zip,Card Fingerprint,Invoice ID,Transfer,PaymentIntent ID",
    "id,Amount,Currency,Customer ID",
);

pub(super) const GOCARDLESS: Export = by_header(
    Card {
        name: "gocardless",
        version: 1,
        summary: "GoCardless payments with their customers",
        handles: &["CSV"],
        authority: "GoCardless support, Exporting data",
    },
    &["id", "charge_date", "links.mandate", "customers.id", "customers.email"],
    &[
        ("id", M::Reference, P::Unknown),
        ("links.mandate", M::Reference, P::Unknown),
        ("links.creditor", M::Reference, P::Unknown),
        ("links.customer", M::PersonReference, P::Principal),
        ("customers.id", M::PersonReference, P::Principal),
        ("customers.company_name", M::Organisation, P::Unknown),
        ("customers.swedish_identity_number", M::PersonReference, P::Principal),
    ],
    "id,created_at,charge_date,amount,description,currency,status,amount_refunded,reference,transaction_fee,payout_date,app_fee,links.mandate,links.creditor,links.customer,links.payout,customers.id,customers.created_at,customers.email,customers.given_name,customers.family_name,customers.company_name,customers.address_line1,customers.city,customers.postal_code,customers.swedish_identity_number",
    "id,amount,customers.email",
);

pub(super) const PAYPAL: Export = by_header(
    Card {
        name: "paypal",
        version: 1,
        summary: "PayPal activity",
        handles: &["CSV"],
        authority: "PayPal developer documentation, Activity download",
    },
    &["From Email Address", "To Email Address", "Transaction ID", "Balance Impact"],
    &[
        ("Name", M::Name, P::Principal),
        ("From Email Address", M::Email, P::Sender),
        ("To Email Address", M::Email, P::Recipient),
        ("Contact Phone Number", M::Phone, P::Principal),
        ("Option 1 Name", M::Other, P::Unknown),
        ("Subject", M::Text, P::Unknown),
    ],
    "Date,Time,Time zone,Name,Type,Status,Currency,Gross,Fee,Net,From Email Address,To Email Address,Transaction ID,Counterparty Status,Shipping Address,Address Status,Option 1 Name,Reference Txn ID,Quantity,Receipt ID,Country,Contact Phone Number,Subject,Balance Impact",
    "Date,Name,From Email Address,Transaction ID",
);

pub(super) const SQUARE: Export = by_header(
    Card {
        name: "square-transactions",
        version: 1,
        summary: "Square transactions",
        handles: &["CSV"],
        authority: "Square support, Export transactions",
    },
    &["Transaction ID", "PAN Suffix", "Customer ID", "Customer Name", "Staff Name"],
    &[
        ("PAN Suffix", M::Account, P::Principal),
        ("Staff Name", M::Name, P::Staff),
        ("Staff ID", M::PersonReference, P::Staff),
        ("Customer Reference ID", M::PersonReference, P::Principal),
        ("Device Nickname", M::Other, P::Unknown),
        ("Card", M::Other, P::Unknown),
    ],
    "Date,Time,Time Zone,Gross Sales,Net Sales,Tax,Tip,Total Collected,Source,Card,Cash,Fees,Net Total,Transaction ID,Payment ID,Card Brand,PAN Suffix,Device Name,Staff Name,Staff ID,Details,Description,Event Type,Location,Customer ID,Customer Name,Customer Reference ID,Device Nickname",
    "Transaction ID,Customer Name,Total",
);
