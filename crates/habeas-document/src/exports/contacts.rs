//! Address books and customer relations: whose is a column that several people share a row with?

use habeas_model::Card;
use habeas_model::Meaning as M;
use habeas_model::Party as P;

use super::{Export, by_header};

pub(super) const HUBSPOT_CONTACTS: Export = by_header(
    Card {
        name: "hubspot-contacts",
        version: 2,
        summary: "HubSpot contacts",
        handles: &["CSV", "XLSX"],
        authority: "HubSpot knowledge base, Export your records",
    },
    &["Record ID", "First Name", "Last Name", "Contact owner"],
    &[
        ("Record ID", M::PersonReference, P::Principal),
        ("Contact owner", M::Name, P::Staff),
        ("Associated Company", M::Organisation, P::Unknown),
        ("Associated Company IDs", M::Reference, P::Unknown),
        ("Original Source", M::Other, P::Unknown),
        ("Lifecycle Stage", M::Other, P::Unknown),
    ],
    "Record ID,First Name,Last Name,Email,Phone Number,Lead Status,Lifecycle Stage,Original Source,Create Date,Associated Company,Associated Company IDs,Country/Region,Contact owner",
    "Record ID,First Name,Last Name,Email",
);

pub(super) const HUBSPOT_DEALS: Export = by_header(
    Card {
        name: "hubspot-deals",
        version: 2,
        summary: "HubSpot deals",
        handles: &["CSV", "XLSX"],
        authority: "HubSpot knowledge base, Export your records",
    },
    &["Record ID", "Deal Name", "Deal Stage", "Deal owner"],
    &[
        ("Record ID", M::Reference, P::Unknown),
        // Most houses name a deal after the person.
        ("Deal Name", M::Text, P::Unknown),
        ("Deal owner", M::Name, P::Staff),
        ("Associated Company IDs", M::Reference, P::Unknown),
        ("Associated Contact IDs", M::PersonReference, P::Principal),
        ("Associated Contacts", M::Name, P::Principal),
        ("Lead source", M::Other, P::Unknown),
    ],
    "Record ID,Deal Name,Deal Stage,Amount,Deal owner,Associated Company IDs,Associated Contact IDs,Associated Contacts,Lead source",
    "Deal Name,Deal Stage,Amount",
);

pub(super) const SALESFORCE_CONTACT: Export = by_header(
    Card {
        name: "salesforce-contact",
        version: 2,
        summary: "Salesforce Contact, deleted and merged records too",
        handles: &["Contact.csv"],
        authority: "Salesforce object reference, Contact",
    },
    &["IsDeleted", "MasterRecordId", "AccountId", "LastName", "ReportsToId"],
    &[
        ("Id", M::PersonReference, P::Principal),
        ("MasterRecordId", M::PersonReference, P::Principal),
        ("AccountId", M::Reference, P::Unknown),
        ("Name", M::Name, P::Principal),
        ("JigsawContactId", M::PersonReference, P::Principal),
        ("EmailBouncedReason", M::Text, P::Unknown),
        ("AssistantName", M::Name, P::Other),
        ("AssistantPhone", M::Phone, P::Other),
        ("ReportsToId", M::PersonReference, P::Other),
        ("OwnerId", M::PersonReference, P::Staff),
        ("CreatedById", M::PersonReference, P::Staff),
        ("LastModifiedById", M::PersonReference, P::Staff),
        ("Title", M::Text, P::Unknown),
    ],
    "Id,IsDeleted,MasterRecordId,AccountId,LastName,FirstName,Salutation,Name,MailingStreet,MailingCity,MailingPostalCode,Phone,MobilePhone,AssistantPhone,ReportsToId,Email,Title,AssistantName,Birthdate,Description,OwnerId,CreatedDate,CreatedById,LastModifiedById,EmailBouncedReason,EmailBouncedDate,Jigsaw,JigsawContactId",
    "Id,IsDeleted,Name,Type,OwnerId",
);

pub(super) const SALESFORCE_LEAD: Export = by_header(
    Card {
        name: "salesforce-lead",
        version: 2,
        summary: "Salesforce Lead, deleted and merged records too",
        handles: &["Lead.csv"],
        authority: "Salesforce object reference, Lead",
    },
    &["IsDeleted", "MasterRecordId", "LastName", "Company", "Status"],
    &[
        ("Id", M::PersonReference, P::Principal),
        ("MasterRecordId", M::PersonReference, P::Principal),
        ("Name", M::Name, P::Principal),
        ("OwnerId", M::PersonReference, P::Staff),
        ("ConvertedContactId", M::PersonReference, P::Principal),
    ],
    "Id,IsDeleted,MasterRecordId,LastName,FirstName,Salutation,Name,Title,Company,Street,City,PostalCode,Phone,MobilePhone,Email,Description,LeadSource,Status,OwnerId,IsConverted,ConvertedContactId",
    "Id,LastName,FirstName,Company",
);

pub(super) const ZOHO_LEADS: Export = by_header(
    Card {
        name: "zoho-leads",
        version: 1,
        summary: "Zoho CRM leads",
        handles: &["CSV"],
        authority: "Zoho CRM help, Export data",
    },
    &["Record Id", "Lead Name", "Lead Source", "Lead Status"],
    &[
        ("Record Id", M::PersonReference, P::Principal),
        ("Lead Name", M::Name, P::Principal),
        ("Referred by", M::Name, P::Other),
    ],
    "Record Id,Lead Name,Company,Created Time,Service needed,Lead Source,Lead Status,Annual Revenue,Referred by,Industry",
    "Lead Name,Company,Status",
);

pub(super) const OUTLOOK: Export = by_header(
    Card {
        name: "outlook-contacts",
        version: 2,
        summary: "Outlook contacts",
        handles: &["CSV"],
        authority: "Microsoft support, Export contacts from Outlook",
    },
    &["First Name", "Last Name", "E-mail Address", "E-mail Display Name", "Business Phone"],
    &[
        ("Children", M::Name, P::Other),
        ("Spouse", M::Name, P::Other),
        ("Assistant's Name", M::Name, P::Other),
        ("Assistant's Phone", M::Phone, P::Other),
        ("Manager's Name", M::Name, P::Other),
        ("Referred By", M::Name, P::Other),
        ("E-mail Display Name", M::Name, P::Principal),
        ("Government ID Number", M::PersonReference, P::Principal),
    ],
    "Title,First Name,Middle Name,Last Name,Suffix,Company,Department,Business Street,Business Postal Code,Assistant's Phone,Business Phone,Mobile Phone,Anniversary,Assistant's Name,Birthday,Children,E-mail Address,E-mail Type,E-mail Display Name,Government ID Number,Manager's Name,Notes,Referred By,Spouse,Web Page",
    "First Name,Last Name,E-mail Address",
);

pub(super) const GOOGLE: Export = by_header(
    Card {
        name: "google-contacts",
        version: 2,
        summary: "Google contacts",
        handles: &["CSV"],
        authority: "Google help, Export contacts",
    },
    &["First Name", "Last Name", "File As", "E-mail 1 - Value"],
    &[
        ("File As", M::Name, P::Principal),
        ("Relation 1 - Value", M::Name, P::Other),
        ("Relation 1 - Label", M::Other, P::Unknown),
    ],
    "First Name,Middle Name,Last Name,Phonetic First Name,Nickname,File As,Organization Name,Birthday,Notes,Photo,Labels,E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Label,Phone 1 - Value,Relation 1 - Label,Relation 1 - Value",
    "First Name,Last Name,E-mail",
);

pub(super) const XERO: Export = by_header(
    Card {
        name: "xero-contacts",
        version: 1,
        summary: "Xero contacts",
        handles: &["CSV"],
        authority: "Xero central, Export contacts",
    },
    &["*ContactName", "AccountNumber", "EmailAddress", "POAddressLine1"],
    &[
        ("*ContactName", M::Name, P::Principal),
        ("AccountNumber", M::PersonReference, P::Principal),
        ("POAttentionTo", M::Name, P::Unknown),
        ("SAAttentionTo", M::Name, P::Unknown),
        ("BankAccountName", M::Name, P::Principal),
        ("BankAccountNumber", M::Account, P::Principal),
    ],
    "*ContactName,AccountNumber,EmailAddress,FirstName,LastName,POAttentionTo,POAddressLine1,POCity,POPostalCode,SAAttentionTo,PhoneNumber,MobileNumber,SkypeName,BankAccountName,BankAccountNumber,TaxNumber",
    "ContactName,EmailAddress",
);

pub(super) const SALESFORCE_CASE: Export = by_header(
    Card {
        name: "salesforce-case",
        version: 1,
        summary: "Salesforce Case; what was supplied is the person who wrote",
        handles: &["Case.csv"],
        authority: "Salesforce object reference, Case",
    },
    &["IsDeleted", "CaseNumber", "ContactId", "SuppliedEmail"],
    &[
        ("Id", M::Reference, P::Unknown),
        ("MasterRecordId", M::Reference, P::Unknown),
        ("CaseNumber", M::Reference, P::Unknown),
        ("ContactId", M::PersonReference, P::Principal),
        ("AccountId", M::Reference, P::Unknown),
        ("SuppliedName", M::Name, P::Principal),
        ("SuppliedEmail", M::Email, P::Principal),
        ("SuppliedPhone", M::Phone, P::Principal),
        ("SuppliedCompany", M::Organisation, P::Unknown),
        ("Reason", M::Other, P::Unknown),
        ("Origin", M::Other, P::Unknown),
        ("Subject", M::Text, P::Unknown),
        ("OwnerId", M::PersonReference, P::Staff),
        ("CreatedById", M::PersonReference, P::Staff),
        ("LastModifiedById", M::PersonReference, P::Staff),
        ("Comments", M::Text, P::Unknown),
    ],
    "Id,IsDeleted,MasterRecordId,CaseNumber,ContactId,AccountId,SuppliedName,SuppliedEmail,SuppliedPhone,SuppliedCompany,Type,Status,Reason,Origin,Subject,Priority,Description,ClosedDate,OwnerId,CreatedDate,CreatedById,LastModifiedById,Comments",
    "Id,CaseNumber,Subject,Status",
);

pub(super) const SALESFORCE_TASK: Export = by_header(
    Card {
        name: "salesforce-task",
        version: 1,
        summary: "Salesforce Task: calls and mails that were logged",
        handles: &["Task.csv"],
        authority: "Salesforce object reference, Task",
    },
    &["IsDeleted", "WhoId", "WhatId", "Subject", "ActivityDate"],
    &[
        ("Id", M::Reference, P::Unknown),
        ("WhoId", M::PersonReference, P::Principal),
        ("WhatId", M::Reference, P::Unknown),
        ("AccountId", M::Reference, P::Unknown),
        ("Subject", M::Text, P::Unknown),
        ("OwnerId", M::PersonReference, P::Staff),
        ("CreatedById", M::PersonReference, P::Staff),
        ("CallDisposition", M::Text, P::Unknown),
        ("CallObject", M::Reference, P::Unknown),
        ("CallType", M::Other, P::Unknown),
    ],
    "Id,WhoId,WhatId,Subject,ActivityDate,Status,Priority,OwnerId,Description,Type,IsDeleted,AccountId,CreatedDate,CreatedById,CallType,CallDisposition,CallObject",
    "Id,WhoId,Subject,Status",
);

pub(super) const GOOGLE_OLD: Export = by_header(
    Card {
        name: "google-contacts-old",
        version: 1,
        summary: "Google contacts as they were exported before 2024",
        handles: &["CSV"],
        authority: "Google help, Export contacts (Google CSV)",
    },
    &["Name", "Given Name", "Family Name", "Group Membership", "E-mail 1 - Value"],
    &[
        ("Name", M::Name, P::Principal),
        ("Additional Name", M::GivenName, P::Principal),
        ("Group Membership", M::Other, P::Unknown),
        ("Subject", M::Text, P::Unknown),
        ("Relation 1 - Type", M::Other, P::Unknown),
        ("Relation 1 - Value", M::Name, P::Other),
        ("Custom Field 1 - Value", M::Text, P::Unknown),
    ],
    "Name,Given Name,Additional Name,Family Name,Yomi Name,Nickname,Maiden Name,Birthday,Gender,Location,Occupation,Subject,Notes,Group Membership,E-mail 1 - Type,E-mail 1 - Value,Phone 1 - Type,Phone 1 - Value,Address 1 - Formatted,Organization 1 - Name,Relation 1 - Type,Relation 1 - Value,Custom Field 1 - Value",
    "Name,Given Name,Family Name,E-mail",
);

pub(super) const XERO_INVOICES: Export = by_header(
    Card {
        name: "xero-invoices",
        version: 1,
        summary: "Xero sales invoices; a line each",
        handles: &["CSV"],
        authority: "Xero central, Import or export sales invoices",
    },
    &["*ContactName", "*InvoiceNumber", "*InvoiceDate", "*DueDate"],
    &[
        ("*ContactName", M::Name, P::Principal),
        ("*InvoiceNumber", M::Reference, P::Unknown),
        ("Reference", M::Text, P::Unknown),
        ("*Description", M::Text, P::Unknown),
        ("InventoryItemCode", M::Other, P::Unknown),
        ("TrackingOption1", M::Other, P::Unknown),
        ("*AccountCode", M::Other, P::Unknown),
        ("*TaxType", M::Other, P::Unknown),
    ],
    "*ContactName,EmailAddress,POAddressLine1,POCity,POPostalCode,*InvoiceNumber,Reference,*InvoiceDate,*DueDate,Total,InventoryItemCode,*Description,*Quantity,*UnitAmount,*AccountCode,*TaxType,TrackingOption1",
    "*InvoiceNumber,*DueDate,Total",
);
