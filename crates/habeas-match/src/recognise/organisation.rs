//! Where does a text name an organisation?

use habeas_model::{Card, Kind};

use super::hits::Draft;
use super::label::What;
use super::view::View;
use super::{Recogniser, pattern};
use crate::latin;

pub(super) const RECOGNISER: Recogniser = Recogniser {
    card: Card {
        name: "organisation",
        version: 1,
        summary: "Organisations, by the words that end or open their names; so that they are not taken for people",
        handles: &["organisation"],
        authority: "Companies Act 2006, sections 58 and 59 (endings of company names)",
    },
    find,
    examples: &[
        ("from Smith & Jones Ltd, a firm", &["organisation=smith & jones ltd"]),
        ("at Grace Hospital today", &["organisation=grace hospital"]),
        ("Marks & Spencer has it", &["organisation=marks & spencer"]),
        ("at the University of Reading", &["organisation=university of reading"]),
        ("Company: Acme", &["organisation=acme"]),
        ("they went to hospital", &[]),
    ],
};

pattern!(ENDED = &[
    r"(?:(?:\p{Lu}[\p{L}\p{N}'’.\-]*|&|and|of|the|for)[ ]){0,5}\p{Lu}[\p{L}\p{N}'’\-]*,?[ ]",
    r"(?:Ltd|Limited|LTD|LLP|PLC|Plc|plc|Inc|GmbH|AG|LLC|Co|Corp|Corporation|Company|S\.A\.|B\.V\.|BV|Hospital|Clinic|Surgery|Practice|University|College|School|Academy|Council|Bank|Trust|Foundation|Group|Partners|Associates|Solicitors|Society|Association|Institute|Centre|Center|Laboratory|Laboratories|Pharmacy|Chambers|Department|Ministry|Church|Hotel|Insurance|Services|Agency|Office|Committee|Commission|Authority|Union|Court|Tribunal|Police|Constabulary|Airport|Station|Museum|Theatre|Stadium|Infirmary|Hospice|Prison|Embassy|Systems|Solutions|Software|Technologies|Consulting|Holdings|Industries|Motors|Airlines|Railways?|Team|Unit|Ward|House|Board|Federation|Ombudsman|Panel|Lodge|Building|Project|Bakery|Garage|Nursery)(?-u:\b)",
].concat());
pattern!(
    AMPERSAND = r"\p{Lu}[\p{L}'’\-]+(?: \p{Lu}[\p{L}'’\-]+)? & (?:\p{Lu}[\p{L}'’\-]+|Co(?-u:\b))(?: (?:LLP|Ltd|Co|Partners))?"
);
pattern!(
    OPENED = r"(?-u:\b)(?:University|College|Bank|Ministry|Department|Office|Institute|Royal College|Church|House|Council|Court|School|District|Borough|City|County|Bishop|Academy|Society|Board) of (?:the )?\p{Lu}[\p{L}'’\-]+(?: (?:and |of )?\p{Lu}[\p{L}'’\-]+){0,3}"
);

fn find(view: &View<'_>, drafts: &mut Vec<Draft>) {
    for slot in view.slots_of(What::Organisation) {
        let value = latin(&view.text[slot.range.clone()]);
        if !value.is_empty() && slot.range.len() <= 120 {
            drafts.push(Draft::new(
                slot.range.clone(),
                Kind::Organisation,
                value,
                0.9,
                "organisation:column",
            ));
        }
    }
    let shapes = [(&ENDED, 0.6), (&AMPERSAND, 0.65), (&OPENED, 0.65)];
    for (shape, confidence) in shapes {
        for found in shape.find_iter(view.text) {
            // Small words that open the stretch are of the sentence.
            let text = found.as_str();
            let mut body = text;
            while let Some(rest) =
                ["and ", "of ", "the ", "for ", "The ", "At ", "In ", "To ", "From ", "& "]
                    .iter()
                    .find_map(|word| body.strip_prefix(word))
            {
                body = rest;
            }
            let start = found.end() - body.len();
            if !body.contains(' ')
                || view.is_elsewhere(start, &[What::Organisation, What::Address])
                || view.before(start).is_some_and(char::is_alphanumeric)
            {
                continue;
            }
            drafts.push(Draft::new(
                start..found.end(),
                Kind::Organisation,
                latin(body),
                confidence,
                "organisation",
            ));
        }
    }
}
