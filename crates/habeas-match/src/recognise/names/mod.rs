//! Where does a document name a person?
//!
//! In three passes: what columns, headers and labels say ([`fields`]); what prose says by titles,
//! salutations, cues and lists of names ([`prose`]) and by who signs ([`signed`]); and then what the document and the estate
//! already know, found again wherever it stands ([`repeat`]).

mod chat;
mod cues;
mod family;
mod fields;
pub(super) mod glued;
mod greeting;
mod hashtag;
pub(super) mod initials;
pub(super) mod judge;
mod lone;
pub(super) mod lower;
mod never;
mod prose;
mod reach;
pub(super) mod repeat;
mod signed;
pub(super) mod token;
mod wordy;

use habeas_model::{Card, Kind};

use super::Recogniser;
use super::hits::Draft;
use super::view::View;

pub(super) const RECOGNISER: Recogniser = Recogniser {
    card: Card {
        name: "name",
        version: 3,
        summary: "Personal names from columns, headers, titles, salutations, sign-offs, cues and lists of names",
        handles: &["name"],
        authority: "data/README.md: US Census 1990 and 2010, Faker, SCOWL, GeoNames and our own lists",
    },
    find,
    examples: &[
        ("spoke to Jane Smith today", &["name=smith, jane"]),
        ("Name: Jane Smith", &["name=smith, jane"]),
        ("First name:\nTitle\nSpouse’s last name:\nSuffix\nPreparer Applicant and Medicaid", &[]),
        ("First name: Jane\nLast name: Smith", &["name=smith, jane", "name=smith, jane"]),
        (
            "{\"first_name\": \"Jane\", \"last_name\": \"Smith\"}",
            &["name=smith, jane", "name=smith, jane"],
        ),
        ("seen by Dr J. van Dijk", &["name=van dijk, j"]),
        ("Dear Mrs O’Brien,", &["name=obrien,"]),
        ("hi priya, all well?", &["name=, priya"]),
        ("Kind regards,\nSiobhán", &["name=, siobhan"]),
        ("J. A. Smith signed", &["name=smith, j a"]),
        ("SMITH, Jane (Mrs)", &["name=smith, jane"]),
        ("PID|1||x||SMITH^JANE^ANNE^^MRS||", &["name=smith, jane anne"]),
        ("JANE SMITH is overdue", &["name=smith, jane"]),
        ("my mum's name is patricia walsh", &["name=walsh, patricia"]),
        ("Anna Smith-Jones and Omar bin Said", &["name=smith-jones, anna", "name=bin said, omar"]),
        (
            "Jane Smith rang. Ms Smith was upset; Jane left. jane smith paid.",
            &["name=smith, jane", "name=smith, jane", "name=smith, jane", "name=smith, jane"],
        ),
        ("Jane Smith came with Mr Smith.", &["name=smith, jane", "name=smith,"]),
        (
            "Present: Anna Holt (AH). AH to call.",
            &["name=holt, anna", "name=holt, anna", "name=holt, anna"],
        ),
        ("Swabs correct.\nChecked by BX on Monday", &["name=, b x"]),
        ("Passed to HR, seen by the GP, reviewed by QA and sent by DHL", &[]),
        ("he sold it to A.H. in the U.K.", &["name=, a h"]),
        ("We met Jane Smith. W.R. agreed.", &["name=smith, jane", "name=, w r"]),
        ("Then M.a. agreed that it was so", &["name=, m a"]),
        ("dont let felicity near it", &["name=, felicity"]),
        ("it will let light in and let us know", &[]),
        ("seen by Mr I. Foighel and Mr Cz. Sławski", &["name=foighel, i", "name=slawski, cz"]),
        ("Kasia came. told kasia off", &["name=, kasia", "name=, kasia"]),
        (
            "it was then in the evening that Tobias\nHartwell of the flat above us came in",
            &["name=hartwell, tobias"],
        ),
        (
            "She has told me that Mrs\nHartwell and her friend Jan van\nder Berg had seen it, and Noura\nAl Haddad too",
            &["name=hartwell,", "name=van der berg, jan", "name=al haddad, noura"],
        ),
        (
            "I have said so to her friend Maria\nElena Castellanos who came by",
            &["name=castellanos, maria elena"],
        ),
        ("Present\nTobias\nOkafor\n", &["name=, tobias", "name=okafor,"]),
        ("#TunaFriday #BlackFriday #BankHoliday and #1, #TunaTuesday", &[]),
        ("thanks #TrevorHigginbottom for it", &["name=higginbottom, trevor"]),
        (
            "see da_silva_pereira_joana_appraisal.docx and end_of_year_report.pdf",
            &["name=da silva pereira, joana"],
        ),
        ("we met Ramsbottom, Ms Beryl and", &["name=ramsbottom, beryl"]),
        ("we met Smith, Mr Jones and Mrs Bell", &["name=smith,", "name=jones,", "name=bell,"]),
        (
            "Kowalczyks next door say no.\nThe Begums were out.\nFridays next door sing.",
            &["name=kowalczyk,", "name=begum,", "name=friday,"],
        ),
        ("Xus next door and Tunnicliffes upstairs sing", &["name=xu,", "name=tunnicliffe,"]),
        (
            "THE BROTHER OF GEMMA LEFT AND NOBODY CAME\nGEMMA\nPER-PERSON TERMS AND FEES",
            &["name=, gemma"],
        ),
        ("Customers next to us say no. The Beatles are on. Fridays are busy.", &[]),
        ("happy bday venkatesh!!\nhappy birthday to rupe", &["name=, venkatesh", "name=, rupe"]),
        (
            "venkatesh krishnamurthy knows already\nrupert reckons so\nhunter church knows it",
            &["name=krishnamurthy, venkatesh", "name=, rupert", "name=church, hunter"],
        ),
        (
            "can summer bring the cake\ncan guy ring me\ncan may bring it",
            &["name=, summer", "name=, guy", "name=, may"],
        ),
        (
            "folasade krishnamurthy isnt coming in\nhas anyone told ngozi nwosu about it\ncan rose field bring it",
            &["name=krishnamurthy, folasade", "name=nwosu, ngozi", "name=field, rose"],
        ),
        (
            "jane: jaswinder isnt in\njane: happy bday joy rich!!",
            &["name=, jane", "name=, jaswinder", "name=, jane", "name=rich, joy"],
        ),
        (
            "the lower-case words are read-only\nthe english server hasnt started\nthis is a per-page dedup",
            &[],
        ),
        ("that the mark field is empty and the bill was paid\nhope field trips will go on", &[]),
        ("STATEMENT OF BRONWEN OLDROYD\nCPU SHARE, DRY-RUN DIFF", &["name=oldroyd, bronwen"]),
        (
            "held; Oldroyd, Beryl; minutes\nField, Rose\n",
            &["name=oldroyd, beryl", "name=field, rose"],
        ),
        ("Cash, card; Salt, pepper; Monday, May\n", &[]),
        ("it was Sgt Street and Mr Lane", &["name=street,", "name=lane,"]),
        (
            "I saw that Sunday Nwosu came. On Sunday Nwosu left.",
            &["name=nwosu, sunday", "name=nwosu, sunday"],
        ),
        ("can someone bring it\ncan you come in may\nit will be summer\nhappy bday mate", &[]),
        ("Done.\n> \n> Mit freundlichen Grüßen\n> /KBS\n", &["name=, k b s"]),
        ("The panel of Dean Lane heard it.", &["name=lane, dean"]),
        ("and with Dean Bath, and neither", &["name=bath, dean"]),
        ("A NEIGHBOUR, ROSE BATH, SAW IT", &["name=bath, rose"]),
        ("it is in Dean Lane, off Rose Road, by Victoria Park", &[]),
        ("the Danish court, inter alia, and the HR team", &[]),
        ("the Privacy Policy of May", &[]),
        ("Dear Sir or Madam, Dear Customer, Dear All", &[]),
        ("at Church Lane, Smith Street and Victoria Road", &[]),
        ("Terms And Conditions, Consent Form, Skin Care, Hair Removal", &[]),
        ("I will mark it. Hope this helps. Grace period ends in June.", &[]),
        ("Reading and Bath are towns; Birmingham City Council", &[]),
    ],
};

fn find(view: &View<'_>, drafts: &mut Vec<Draft>) {
    fields::find(view, drafts);
    prose::find(view, drafts);
    signed::find(view, drafts);
    hashtag::find(view, drafts);
}

/// A claim that a stretch is a name.
fn draft(
    range: std::ops::Range<usize>,
    value: String,
    confidence: f32,
    rule: &'static str,
) -> Draft {
    Draft::new(range, Kind::Name, value, confidence, rule)
}
