//! Help desk and doors: who asked, who answered, who came in?

use habeas_model::Card;
use habeas_model::Meaning as M;
use habeas_model::Party as P;

use super::{Export, by_header};

pub(super) const ZENDESK: Export = by_header(
    Card {
        name: "zendesk-tickets",
        version: 1,
        summary: "Zendesk tickets; the requester is the person, the assignee is staff",
        handles: &["CSV"],
        authority: "Zendesk help, Exporting a view to CSV",
    },
    &["Id", "Requester", "Submitter", "Assignee", "Subject", "Via"],
    &[
        ("Summation column", M::Other, P::Unknown),
        ("Id", M::Reference, P::Unknown),
        ("Requester", M::Name, P::Principal),
        ("Requester id", M::PersonReference, P::Principal),
        ("Requester external id", M::PersonReference, P::Principal),
        ("Requester email", M::Email, P::Principal),
        ("Requester domain", M::Other, P::Unknown),
        ("Submitter", M::Name, P::Unknown),
        ("Assignee", M::Name, P::Staff),
        ("Group", M::Other, P::Unknown),
        ("Subject", M::Text, P::Unknown),
        ("Via", M::Other, P::Unknown),
        ("Organization", M::Organisation, P::Unknown),
    ],
    "Summation column,Id,Requester,Requester id,Requester external id,Requester email,Requester domain,Submitter,Assignee,Group,Subject,Tags,Status,Priority,Via,Ticket type,Created at,Updated at,Assigned at,Organization,Due date,Solved at,Satisfaction Score",
    "Id,Requester,Assignee,Subject",
);

pub(super) const PAXTON: Export = by_header(
    Card {
        name: "paxton-events",
        version: 1,
        summary: "Access control events (Paxton Net2 and the like): who was at which door",
        handles: &["CSV", "TXT"],
        authority: "Paxton APN-1011, Net2 event reports (columns as exports show them)",
    },
    &["User", "Token", "Door", "Event"],
    &[
        ("User", M::Name, P::Principal),
        ("Token", M::PersonReference, P::Principal),
        ("Door", M::Other, P::Unknown),
        ("Event", M::Other, P::Unknown),
        ("Details", M::Text, P::Unknown),
    ],
    "Date,Time,User,Token,Door,Event,Details",
    "Date,Time,User,Event",
);
