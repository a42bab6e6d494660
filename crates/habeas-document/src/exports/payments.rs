//! Payments: who paid?

use habeas_model::Card;
use habeas_model::Meaning as M;
use habeas_model::Party as P;

use super::{Export, by_header};

pub(super) const STRIPE: Export = by_header(
    Card {
        name: "stripe-payments",
        version: 2,
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
        ("Card Brand", M::Other, P::Unknown),
        ("Card Fingerprint", M::Account, P::Principal),
        ("PaymentIntent ID", M::Reference, P::Unknown),
    ],
    "id,Description,Seller Message,Created (UTC),Amount,Amount Refunded,Currency,Fee,Status,Customer ID,Customer Description,Customer Email,Captured,Card ID,Card Last4,Card Brand,Card Name,Card Address Line1,Card Address City,Card Address Zip,Card Fingerprint,Invoice ID,Transfer,PaymentIntent ID",
    "id,Amount,Currency,Customer ID",
);

pub(super) const GOCARDLESS: Export = by_header(
    Card {
        name: "gocardless",
        version: 2,
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
        ("links.payout", M::Reference, P::Unknown),
        ("reference", M::Text, P::Unknown),
        ("description", M::Text, P::Unknown),
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
        version: 2,
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
        ("Shipping Address", M::Address, P::Principal),
        ("Reference Txn ID", M::Reference, P::Unknown),
        ("Receipt ID", M::Reference, P::Unknown),
        ("Option 1 Name", M::Other, P::Unknown),
        ("Subject", M::Text, P::Unknown),
    ],
    "Date,Time,Time zone,Name,Type,Status,Currency,Gross,Fee,Net,From Email Address,To Email Address,Transaction ID,Counterparty Status,Shipping Address,Address Status,Option 1 Name,Reference Txn ID,Quantity,Receipt ID,Country,Contact Phone Number,Subject,Balance Impact",
    "Date,Name,From Email Address,Transaction ID",
);

pub(super) const SQUARE: Export = by_header(
    Card {
        name: "square-transactions",
        version: 2,
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
        ("Details", M::Text, P::Unknown),
        ("Card Brand", M::Other, P::Unknown),
        ("Card Entry Methods", M::Other, P::Unknown),
        ("Device Nickname", M::Other, P::Unknown),
        ("Card", M::Other, P::Unknown),
    ],
    "Date,Time,Time Zone,Gross Sales,Net Sales,Tax,Tip,Total Collected,Source,Card,Card Entry Methods,Cash,Fees,Net Total,Transaction ID,Payment ID,Card Brand,PAN Suffix,Device Name,Staff Name,Staff ID,Details,Description,Event Type,Location,Customer ID,Customer Name,Customer Reference ID,Device Nickname",
    "Transaction ID,Customer Name,Total",
);

pub(super) const STRIPE_CUSTOMERS: Export = by_header(
    Card {
        name: "stripe-customers",
        version: 1,
        summary: "Stripe customers",
        handles: &["CSV"],
        authority: "Stripe documentation, Export customers",
    },
    &["id", "Description", "Email", "Created (UTC)", "Delinquent", "Card Last4"],
    &[
        ("id", M::PersonReference, P::Principal),
        ("Description", M::Text, P::Unknown),
        ("Name", M::Name, P::Principal),
        ("Delinquent", M::Other, P::Unknown),
        ("Card ID", M::Reference, P::Unknown),
        ("Card Last4", M::Account, P::Principal),
        ("Card Name", M::Name, P::Principal),
        ("Card Brand", M::Other, P::Unknown),
        ("Card Fingerprint", M::Account, P::Principal),
        ("Status", M::Other, P::Unknown),
    ],
    "id,Description,Email,Name,Created (UTC),Delinquent,Card ID,Card Last4,Card Brand,Card Name,Card Address Line1,Card Address Zip,Card Fingerprint,Account Balance,Currency,Plan,Status",
    "id,Email,Created (UTC),Card Last4",
);

pub(super) const SQUARE_CUSTOMERS: Export = by_header(
    Card {
        name: "square-customers",
        version: 1,
        summary: "Square customer directory",
        handles: &["CSV"],
        authority: "Square support, Export your customer directory (columns as exports show them)",
    },
    &["Square Customer ID", "Creation Source", "First Visit", "Last Visit"],
    &[
        ("Square Customer ID", M::PersonReference, P::Principal),
        ("Reference ID", M::PersonReference, P::Principal),
        ("Nickname", M::Name, P::Principal),
        ("Company Name", M::Organisation, P::Unknown),
        ("Memo", M::Text, P::Unknown),
        ("Creation Source", M::Other, P::Unknown),
        ("First Visit", M::Date, P::Unknown),
        ("Last Visit", M::Date, P::Unknown),
        ("Transaction Count", M::Other, P::Unknown),
        ("Lifetime Spend", M::Other, P::Unknown),
        ("Instant Profile", M::Other, P::Unknown),
    ],
    "Reference ID,First Name,Last Name,Email Address,Phone Number,Nickname,Company Name,Street Address 1,City,Postal Code,Birthday,Memo,Square Customer ID,Creation Source,First Visit,Last Visit,Transaction Count,Lifetime Spend,Email Subscription Status,Instant Profile",
    "First Name,Last Name,First Visit",
);

pub(super) const WORLDPAY: Export = by_header(
    Card {
        name: "worldpay",
        version: 1,
        summary: "Worldpay payments with their shopper",
        handles: &["CSV"],
        authority: "Worldpay Merchant Administration Interface, report fields (spellings as in the support pages)",
    },
    &["Cart ID", "AVS Result", "Authorised Date", "Batch ID"],
    &[
        ("Transaction ID", M::Reference, P::Unknown),
        ("Cart ID", M::Reference, P::Unknown),
        ("Batch ID", M::Reference, P::Unknown),
        ("Authorisation Code", M::Reference, P::Unknown),
        ("AVS Result", M::Other, P::Unknown),
        ("3D-Secure Result", M::Other, P::Unknown),
        ("Shopper Name", M::Name, P::Principal),
        ("Shopper Email", M::Email, P::Principal),
        ("Shopper Address", M::Address, P::Principal),
        ("Shopper Postcode", M::Postcode, P::Principal),
        ("Shopper Telephone", M::Phone, P::Principal),
        ("Card Number", M::Account, P::Principal),
        ("Description", M::Text, P::Unknown),
    ],
    "Transaction ID,Cart ID,Description,Amount,Currency,Shopper Name,Shopper Email,Shopper Address,Shopper Postcode,Shopper Telephone,Card Number,Authorised Date,Captured Date,Authorisation Code,Batch ID,AVS Result,3D-Secure Result",
    "Cart ID,Amount,Currency,Batch ID",
);

pub(super) const SUMUP: Export = by_header(
    Card {
        name: "sumup",
        version: 1,
        summary: "SumUp transactions; the address is whose terminal it was",
        handles: &["CSV"],
        authority: "SumUp support, Download transaction reports (columns as exports show them)",
    },
    &["Email", "Transaction ID", "Transaction Type", "Last 4 Digits", "Entry Mode"],
    &[
        ("Email", M::Email, P::Staff),
        ("Transaction ID", M::Reference, P::Unknown),
        ("Transaction Type", M::Other, P::Unknown),
        ("Card Type", M::Other, P::Unknown),
        ("Last 4 Digits", M::Account, P::Principal),
        ("Process As", M::Other, P::Unknown),
        ("Payment Method", M::Other, P::Unknown),
        ("Entry Mode", M::Other, P::Unknown),
        ("Auth code", M::Reference, P::Unknown),
        ("Description", M::Text, P::Unknown),
        ("Payout", M::Other, P::Unknown),
        ("Payout ID", M::Reference, P::Unknown),
    ],
    "Email,Date,Transaction ID,Transaction Type,Status,Card Type,Last 4 Digits,Process As,Payment Method,Entry Mode,Auth code,Description,Total,Tax Amount,Fee,Payout,Payout Date,Payout ID,Reference",
    "Email,Transaction ID,Transaction Type",
);

pub(super) const BANK_STARLING: Export = by_header(
    Card {
        name: "bank-starling",
        version: 1,
        summary: "Starling Bank statement; the counterparty is the person",
        handles: &["CSV"],
        authority: "Starling Bank, Statement as CSV",
    },
    &["Date", "Counter Party", "Reference", "Type", "Spending Category"],
    &[
        ("Counter Party", M::Name, P::Principal),
        ("Reference", M::Text, P::Unknown),
        ("Spending Category", M::Other, P::Unknown),
        ("Notes", M::Text, P::Unknown),
    ],
    "Date,Counter Party,Reference,Type,Amount (GBP),Balance (GBP),Spending Category,Notes",
    "Date,Counter Party,Amount",
);

pub(super) const BANK_MONZO: Export = by_header(
    Card {
        name: "bank-monzo",
        version: 1,
        summary: "Monzo statement; the name is the counterparty's",
        handles: &["CSV"],
        authority: "Monzo, Export transactions as CSV",
    },
    &["Transaction ID", "Date", "Name", "Notes and #tags", "Local amount"],
    &[
        ("Transaction ID", M::Reference, P::Unknown),
        ("Name", M::Name, P::Principal),
        ("Emoji", M::Other, P::Unknown),
        ("Category", M::Other, P::Unknown),
        ("Notes and #tags", M::Text, P::Unknown),
        ("Address", M::Address, P::Principal),
        ("Receipt", M::Text, P::Unknown),
        ("Description", M::Text, P::Unknown),
        ("Category split", M::Other, P::Unknown),
    ],
    "Transaction ID,Date,Time,Type,Name,Emoji,Category,Amount,Currency,Local amount,Local currency,Notes and #tags,Address,Receipt,Description,Category split",
    "Transaction ID,Date,Name,Amount",
);

pub(super) const BANK_LLOYDS: Export = by_header(
    Card {
        name: "bank-lloyds",
        version: 1,
        summary: "Lloyds, Halifax and Bank of Scotland statements; the account is the house's own",
        handles: &["CSV"],
        authority: "Lloyds Bank, Export transactions as CSV",
    },
    &[
        "Transaction Date",
        "Transaction Type",
        "Sort Code",
        "Account Number",
        "Transaction Description",
    ],
    &[
        ("Transaction Type", M::Other, P::Unknown),
        ("Sort Code", M::Account, P::Staff),
        ("Account Number", M::Account, P::Staff),
        ("Transaction Description", M::Text, P::Unknown),
    ],
    "Transaction Date,Transaction Type,Sort Code,Account Number,Transaction Description,Debit Amount,Credit Amount,Balance",
    "Transaction Date,Sort Code,Account Number",
);

pub(super) const BANK_BARCLAYS: Export = by_header(
    Card {
        name: "bank-barclays",
        version: 1,
        summary: "Barclays statement; the account is the house's own",
        handles: &["CSV"],
        authority: "Barclays, Export transactions as CSV",
    },
    &["Number", "Date", "Account", "Amount", "Subcategory", "Memo"],
    &[
        ("Number", M::Other, P::Unknown),
        ("Account", M::Account, P::Staff),
        ("Subcategory", M::Other, P::Unknown),
        ("Memo", M::Text, P::Unknown),
    ],
    "Number,Date,Account,Amount,Subcategory,Memo",
    "Number,Date,Account,Amount",
);

pub(super) const BANK_NATWEST: Export = by_header(
    Card {
        name: "bank-natwest",
        version: 1,
        summary: "NatWest and Royal Bank of Scotland statements; the account is the house's own",
        handles: &["CSV"],
        authority: "NatWest, Export transactions as CSV",
    },
    &["Date", "Type", "Description", "Value", "Balance", "Account Name", "Account Number"],
    &[
        ("Description", M::Text, P::Unknown),
        ("Value", M::Other, P::Unknown),
        ("Account Name", M::Organisation, P::Unknown),
        ("Account Number", M::Account, P::Staff),
    ],
    "Date,Type,Description,Value,Balance,Account Name,Account Number",
    "Date,Type,Description,Balance",
);
