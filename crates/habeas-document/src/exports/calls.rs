//! Calls, messages and meetings: whose is the number at each end?
//!
//! The number outside is the person's, the extension inside is the house's; a number of six digits
//! or fewer is taken for an extension wherever it stands.

use habeas_model::Meaning as M;
use habeas_model::Party as P;
use habeas_model::{Card, Meaning, Party};

use super::{Export, by_header};

/// The columns of a call record that most switchboards share.
const ASTERISK_COLUMNS: &[(&str, Meaning, Party)] = &[
    ("accountcode", M::Reference, P::Unknown),
    ("src", M::Phone, P::Principal),
    ("dst", M::Phone, P::Principal),
    ("clid", M::Name, P::Principal),
    ("channel", M::Text, P::Unknown),
    ("dstchannel", M::Text, P::Unknown),
    ("lastdata", M::Text, P::Unknown),
    ("start", M::Date, P::Unknown),
    ("answer", M::Date, P::Unknown),
    ("end", M::Date, P::Unknown),
    ("duration", M::Other, P::Unknown),
    ("uniqueid", M::Reference, P::Unknown),
    ("userfield", M::Text, P::Unknown),
    // What FreePBX and Issabel add.
    ("calldate", M::Date, P::Unknown),
    ("did", M::Phone, P::Staff),
    ("recordingfile", M::Text, P::Unknown),
    ("cnum", M::Phone, P::Principal),
    ("cnam", M::Name, P::Principal),
    ("outbound_cnum", M::Phone, P::Staff),
    ("outbound_cnam", M::Name, P::Staff),
    ("dst_cnam", M::Name, P::Unknown),
];

pub(super) const ASTERISK: Export = Export {
    card: Card {
        name: "asterisk",
        version: 2,
        summary: "Asterisk call records, Master.csv with or without a header",
        handles: &["Master.csv", "cdr-csv"],
        authority: "Asterisk documentation, CDR: cdr_csv",
    },
    signature: &["src", "dst", "clid", "dcontext", "disposition"],
    corrections: ASTERISK_COLUMNS,
    shape: Some(asterisk_shape),
    example: r#""1234","07700900258","3201","admin","""Joana D'Arc"" <07700900258>","PJSIP/8576-5f30","PJSIP/3201-77","Dial","PJSIP/3201,20","2024-03-12 09:14:02","2024-03-12 09:14:08","2024-03-12 09:15:00",58,52,"ANSWERED","DOCUMENTATION","1710234842.12","""#,
    counter_example: r#"1,2,3,4,5,6,7,8,9,10,2024-03-12 09:14:02,12,13,14,15,16,17,18"#,
};

/// The file has no header, so the place of the three times and what follows them must fit.
fn asterisk_shape(rows: &[&[String]]) -> Option<&'static [&'static str]> {
    const FIELDS: &[&str] = &[
        "accountcode",
        "src",
        "dst",
        "dcontext",
        "clid",
        "channel",
        "dstchannel",
        "lastapp",
        "lastdata",
        "start",
        "answer",
        "end",
        "duration",
        "billsec",
        "disposition",
        "amaflags",
        "uniqueid",
        "userfield",
    ];
    // Some installations write the user field first.
    const SWAPPED: &[&str] = &[
        "accountcode",
        "src",
        "dst",
        "dcontext",
        "clid",
        "channel",
        "dstchannel",
        "lastapp",
        "lastdata",
        "start",
        "answer",
        "end",
        "duration",
        "billsec",
        "disposition",
        "amaflags",
        "userfield",
        "uniqueid",
    ];
    let fits = |row: &&[String]| {
        let cell = |index: usize| row.get(index).map_or("", |cell| cell.trim());
        let is_time = |text: &str| text.len() == 19 && crate::shape::is_date(text);
        let is_number =
            |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        (16..=18).contains(&row.len())
            && is_time(cell(9))
            && (cell(10).is_empty() || is_time(cell(10)))
            && is_time(cell(11))
            && is_number(cell(12))
            && is_number(cell(13))
            && matches!(
                cell(14).replace(' ', "").as_str(),
                "ANSWERED" | "NOANSWER" | "BUSY" | "FAILED" | "CONGESTION" | "CANCEL"
            )
    };
    let n_fitting = rows.iter().filter(|row| fits(row)).count();
    if n_fitting == 0 || n_fitting * 10 < rows.len() * 9 {
        return None;
    }
    let is_unique = |row: &&[String], index: usize| {
        row.get(index).is_some_and(|cell| {
            cell.split_once('.').is_some_and(|(front, _)| {
                front.len() >= 9 && front.bytes().all(|byte| byte.is_ascii_digit())
            })
        })
    };
    let is_filled = |row: &&[String]| {
        row.len() == 17 && row.get(16).is_some_and(|cell| !cell.trim().is_empty())
    };
    // With 17 columns there is one of the two.
    let is_swapped = rows.iter().any(|row| is_unique(row, 17) || is_filled(row))
        && !rows.iter().any(|row| is_unique(row, 16));
    Some(if is_swapped { SWAPPED } else { FIELDS })
}

pub(super) const THREECX: Export = by_header(
    Card {
        name: "3cx",
        version: 2,
        summary: "3CX call records",
        handles: &["CSV"],
        authority: "3CX documentation, CDR output fields",
    },
    &["callid", "from-no", "to-no", "from-dn", "to-dn", "reason-terminated"],
    &[
        ("historyid", M::Reference, P::Unknown),
        ("callid", M::Reference, P::Unknown),
        ("reason-terminated", M::Other, P::Unknown),
        ("reason-changed", M::Other, P::Unknown),
        ("from-no", M::Phone, P::Principal),
        ("to-no", M::Phone, P::Principal),
        ("from-dn", M::Phone, P::Staff),
        ("to-dn", M::Phone, P::Staff),
        ("dial-no", M::Phone, P::Unknown),
        ("final-number", M::Phone, P::Unknown),
        ("final-dn", M::Phone, P::Staff),
        ("bill-name", M::Other, P::Unknown),
        ("from-dispname", M::Name, P::Unknown),
        ("to-dispname", M::Name, P::Unknown),
        ("final-dispname", M::Name, P::Unknown),
        ("chain", M::Text, P::Unknown),
    ],
    "historyid,callid,duration,time-start,time-answered,time-end,reason-terminated,from-no,to-no,from-dn,to-dn,dial-no,reason-changed,final-number,final-dn,bill-code,bill-rate,bill-cost,bill-name,chain,from-type,to-type,final-type,from-dispname,to-dispname,final-dispname,missed-queue-calls",
    "callid,duration,from,to",
);

pub(super) const RINGCENTRAL: Export = by_header(
    Card {
        name: "ringcentral",
        version: 1,
        summary: "RingCentral call log as JSON",
        handles: &["JSON"],
        authority: "RingCentral API reference, User Call Log",
    },
    &["sessionId", "startTime", "direction", "result", "from.phoneNumber"],
    &[
        ("uri", M::Text, P::Unknown),
        ("sessionId", M::Reference, P::Unknown),
        ("from.phoneNumber", M::Phone, P::Principal),
        ("from.name", M::Name, P::Principal),
        ("to.phoneNumber", M::Phone, P::Principal),
        ("to.name", M::Name, P::Unknown),
        ("action", M::Other, P::Unknown),
        ("result", M::Other, P::Unknown),
        ("transport", M::Other, P::Unknown),
    ],
    "uri,id,sessionId,startTime,duration,type,direction,action,result,to.phoneNumber,to.name,from.phoneNumber,from.name,from.location,transport,lastModifiedTime",
    "id,startTime,from,to,result",
);

pub(super) const YEASTAR: Export = by_header(
    Card {
        name: "yeastar",
        version: 1,
        summary: "Yeastar call records",
        handles: &["CSV", "JSON"],
        authority: "Yeastar S-Series API, CDR (the field is written `callduraction`)",
    },
    &["callfrom", "callto", "callduraction"],
    &[
        ("cdrid", M::Reference, P::Unknown),
        ("timestart", M::Date, P::Unknown),
        ("callfrom", M::Phone, P::Principal),
        ("callto", M::Phone, P::Principal),
        ("callduraction", M::Other, P::Unknown),
        ("talkduraction", M::Other, P::Unknown),
        ("pincode", M::Reference, P::Staff),
        ("didnumber", M::Phone, P::Staff),
        ("recording", M::Text, P::Unknown),
        ("sn", M::Reference, P::Unknown),
    ],
    "cdrid,timestart,callfrom,callto,callduraction,talkduraction,srctrunkname,desttrunkname,status,type,pincode,recording,didnumber,agentringtime,sn",
    "cdrid,timestart,callfrom,callto,callduration",
);

pub(super) const TWILIO: Export = by_header(
    Card {
        name: "twilio-messages",
        version: 1,
        summary: "Twilio message log",
        handles: &["CSV"],
        authority: "Twilio documentation, Message log export",
    },
    &["From", "To", "Body", "NumSegments", "AccountSid", "Sid"],
    &[
        ("From", M::Phone, P::Sender),
        ("To", M::Phone, P::Recipient),
        ("Body", M::Text, P::Unknown),
        ("AccountSid", M::Reference, P::Unknown),
        ("Sid", M::Reference, P::Unknown),
    ],
    "From,To,Body,Status,SentDate,ApiVersion,NumSegments,ErrorCode,AccountSid,Sid,Direction,Price,PriceUnit",
    "From,To,Body,Date",
);

pub(super) const ZOOM_PARTICIPANTS: Export = by_header(
    Card {
        name: "zoom-participants",
        version: 1,
        summary: "Zoom list of a meeting's participants",
        handles: &["CSV"],
        authority: "Zoom support, Usage reports: participants",
    },
    &["Name (Original Name)", "User Email", "Join Time", "Leave Time"],
    &[
        ("Name (Original Name)", M::Name, P::Principal),
        ("User Email", M::Email, P::Principal),
        ("Guest", M::Other, P::Unknown),
    ],
    "Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),Guest,Recording Consent",
    "Name,User Email,Start Time,End Time",
);

pub(super) const SMS_BACKUP: Export = by_header(
    Card {
        name: "sms-backup",
        version: 1,
        summary: "SMS Backup & Restore messages as XML",
        handles: &["XML"],
        authority: "SyncTech, Fields in XML backup files",
    },
    &["protocol", "address", "date", "body", "readable_date"],
    &[
        ("address", M::Phone, P::Principal),
        ("contact_name", M::Name, P::Principal),
        ("date", M::Date, P::Unknown),
        ("body", M::Text, P::Unknown),
    ],
    "protocol,address,date,type,subject,body,readable_date,contact_name",
    "address,date,body",
);

pub(super) const THREECX_LEGS: Export = by_header(
    Card {
        name: "3cx-legs",
        version: 1,
        summary: "3CX call records since version 20, a row for each leg",
        handles: &["CSV"],
        authority: "3CX version 20, table cdroutput",
    },
    &[
        "cdr_id",
        "call_history_id",
        "source_entity_type",
        "source_participant_phone_number",
        "destination_participant_phone_number",
    ],
    &[
        ("cdr_id", M::Reference, P::Unknown),
        ("call_history_id", M::Reference, P::Unknown),
        ("main_call_history_id", M::Reference, P::Unknown),
        ("source_entity_type", M::Other, P::Unknown),
        ("destination_entity_type", M::Other, P::Unknown),
        ("source_dn_number", M::Phone, P::Staff),
        ("source_dn_name", M::Name, P::Staff),
        ("source_participant_name", M::Name, P::Principal),
        ("source_participant_phone_number", M::Phone, P::Principal),
        ("source_participant_trunk_did", M::Phone, P::Staff),
        ("destination_dn_number", M::Phone, P::Staff),
        ("destination_dn_name", M::Name, P::Staff),
        ("destination_participant_name", M::Name, P::Principal),
        ("destination_participant_phone_number", M::Phone, P::Principal),
        ("destination_participant_trunk_did", M::Phone, P::Staff),
        ("creation_method", M::Other, P::Unknown),
        ("termination_reason", M::Other, P::Unknown),
    ],
    "cdr_id,call_history_id,main_call_history_id,source_entity_type,source_dn_number,source_dn_name,source_participant_name,source_participant_phone_number,source_participant_trunk_did,destination_entity_type,destination_dn_number,destination_dn_name,destination_participant_name,destination_participant_phone_number,destination_participant_trunk_did,creation_method,termination_reason,cdr_started_at,cdr_answered_at,cdr_ended_at",
    "cdr_id,source_dn_number,destination_dn_number",
);

pub(super) const THREECX_REPORT: Export = by_header(
    Card {
        name: "3cx-report",
        version: 1,
        summary: "3CX call report; a caller may be an extension with its name",
        handles: &["CSV"],
        authority: "3CX documentation, Call reports (columns as exports show them)",
    },
    &["Call Time", "Caller ID", "Destination", "Ringing", "Talking"],
    &[
        ("Caller ID", M::Phone, P::Principal),
        ("Destination", M::Phone, P::Principal),
        ("Ringing", M::Other, P::Unknown),
        ("Talking", M::Other, P::Unknown),
        ("Totals", M::Other, P::Unknown),
        ("Reason", M::Text, P::Unknown),
    ],
    "Call Time,Caller ID,Destination,Status,Ringing,Talking,Totals,Cost,Reason",
    "Call Time,Caller,Destination,Status",
);

pub(super) const RINGCENTRAL_LIST: Export = by_header(
    Card {
        name: "ringcentral-list",
        version: 1,
        summary: "RingCentral call log as a table",
        handles: &["CSV"],
        authority: "RingCentral support, Call log: download (columns as exports show them)",
    },
    &["Action", "Action Result", "Result Description", "Duration"],
    &[
        ("From", M::Phone, P::Principal),
        ("To", M::Phone, P::Principal),
        ("Phone Number", M::Phone, P::Principal),
        ("Name", M::Name, P::Principal),
        ("Extension", M::Phone, P::Staff),
        ("Forwarded To", M::Phone, P::Staff),
        ("Action", M::Other, P::Unknown),
        ("Action Result", M::Other, P::Unknown),
        ("Result Description", M::Text, P::Unknown),
    ],
    "Direction,Type,Phone Number,Name,From,To,Extension,Forwarded To,Date,Time,Action,Action Result,Result Description,Duration",
    "Direction,From,To,Duration,Result",
);
