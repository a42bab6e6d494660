//! The known exports: what programs write, recognised by the columns that only they write.
//!
//! An export is one constant and one line in [`EXPORTS`]. It says which captions it is known by,
//! and corrects the columns whose meaning their captions alone would not give. Its example and
//! counter-example are tests.

use habeas_model::{Card, Meaning, Party};

use crate::columns::Column;

mod calls;
mod clinic;
mod contacts;
mod desk;
mod leads;
mod marketing;
mod payments;
mod web;

/// Whether rows are an export's own, and then their captions.
pub(crate) type Shape = fn(&[&[String]]) -> Option<Captions>;
/// The captions of a file without a header.
pub(crate) type Captions = &'static [&'static str];

/// A known export.
pub(crate) struct Export {
    pub(crate) card: Card,
    /// The captions it is known by: all of them have to be there, in any case and order.
    pub(crate) signature: &'static [&'static str],
    /// Columns that mean something else than their captions say.
    pub(crate) corrections: &'static [(&'static str, Meaning, Party)],
    /// How it is known where it has no header: its captions, if the rows are its own.
    pub(crate) shape: Option<Shape>,
    /// A header or row as the program writes it.
    #[cfg_attr(not(test), allow(dead_code, reason = "examples are for tests"))]
    pub(crate) example: &'static str,
    /// A header that looks like it and is not its own.
    #[cfg_attr(not(test), allow(dead_code, reason = "examples are for tests"))]
    pub(crate) counter_example: &'static str,
}

/// All known exports; of two that fit, the first one counts.
pub(crate) const EXPORTS: &[&Export] = &[
    // Calls and messages.
    &calls::ASTERISK,
    &calls::THREECX,
    &calls::THREECX_LEGS,
    &calls::THREECX_REPORT,
    &calls::RINGCENTRAL,
    &calls::RINGCENTRAL_LIST,
    &calls::YEASTAR,
    &calls::TWILIO,
    &calls::SMS_BACKUP,
    &calls::ZOOM_PARTICIPANTS,
    // People and companies.
    &contacts::SALESFORCE_CONTACT,
    &contacts::SALESFORCE_LEAD,
    &contacts::SALESFORCE_CASE,
    &contacts::SALESFORCE_TASK,
    &contacts::HUBSPOT_DEALS,
    &contacts::HUBSPOT_CONTACTS,
    &contacts::ZOHO_LEADS,
    &contacts::OUTLOOK,
    &contacts::GOOGLE,
    &contacts::GOOGLE_OLD,
    &contacts::XERO,
    &contacts::XERO_INVOICES,
    // Forms, advertisements, surveys, reviews.
    &leads::META,
    &leads::META_AUDIENCE,
    &leads::GRAVITY_FORMS,
    &leads::WPFORMS,
    &leads::CFDB7,
    &leads::CFDB,
    &leads::SURVEYMONKEY,
    &leads::TYPEFORM,
    &leads::MICROSOFT_FORMS,
    &leads::TRUSTPILOT,
    &leads::GOOGLE_REVIEWS,
    // Marketing.
    &marketing::MAILCHIMP,
    &marketing::KLAVIYO,
    &marketing::DOTDIGITAL,
    &marketing::CAMPAIGN_MONITOR,
    // Payments.
    &payments::STRIPE,
    &payments::STRIPE_CUSTOMERS,
    &payments::GOCARDLESS,
    &payments::PAYPAL,
    &payments::SQUARE,
    &payments::SQUARE_CUSTOMERS,
    &payments::WORLDPAY,
    &payments::SUMUP,
    &payments::BANK_STARLING,
    &payments::BANK_MONZO,
    &payments::BANK_LLOYDS,
    &payments::BANK_BARCLAYS,
    &payments::BANK_NATWEST,
    // Bookings and patients.
    &clinic::CALENDLY,
    &clinic::ACUITY,
    &clinic::FRESHA,
    &clinic::FRESHA_CLIENTS,
    &clinic::PABAU,
    &clinic::PABAU_LIST,
    &clinic::CLINIKO,
    &clinic::PATIENTS_KNOW_BEST,
    &clinic::FHIR_PATIENT,
    // Help desk, doors, websites, consents.
    &desk::ZENDESK,
    &desk::PAXTON,
    &web::GA4,
    &web::MATOMO,
    &web::HOTJAR,
    &web::CONSENT_LOG,
    &web::COOKIEBOT,
    &web::COOKIESCRIPT,
];

impl Export {
    /// Gives columns the meaning they have in this export.
    pub(crate) fn correct(&self, columns: &mut [Column]) {
        for column in columns {
            let name = plain(&column.caption);
            let known = self.corrections.iter().find(|(caption, ..)| plain(caption) == name);
            if let Some((_, meaning, party)) = known {
                (column.meaning, column.party) = (Some(*meaning), *party);
            }
        }
    }
}

/// The export that is known by these captions.
pub(crate) fn by_captions<'c>(captions: impl Iterator<Item = &'c str>) -> Option<&'static Export> {
    let captions: std::collections::HashSet<String> = captions.map(plain).collect();
    let has = |caption: &&'static str| captions.contains(&plain(caption));
    EXPORTS
        .iter()
        .find(|export| !export.signature.is_empty() && export.signature.iter().all(has))
        .copied()
}

/// The export that writes such rows without a header, and their captions.
pub(crate) fn by_rows(rows: &[&[String]]) -> Option<(&'static Export, &'static [&'static str])> {
    EXPORTS.iter().find_map(|export| Some((*export, (export.shape?)(rows)?)))
}

/// A caption without what programs and versions write differently.
fn plain(caption: &str) -> String {
    caption.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// An export that is known by its header alone.
const fn by_header(
    card: Card,
    signature: &'static [&'static str],
    corrections: &'static [(&'static str, Meaning, Party)],
    example: &'static str,
    counter_example: &'static str,
) -> Export {
    Export { card, signature, corrections, shape: None, example, counter_example }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(line: &str) -> Vec<String> {
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(line.as_bytes());
        let record = reader.records().next().unwrap().unwrap();
        record.iter().map(str::to_owned).collect()
    }

    fn taken_for(line: &str) -> Option<&'static str> {
        let cells = cells(line);
        by_captions(cells.iter().map(String::as_str))
            .or_else(|| by_rows(&[&cells]).map(|(export, _)| export))
            .map(|export| export.card.name)
    }

    #[test]
    fn every_export_is_known_by_its_example_and_not_by_the_counter_example() {
        for export in EXPORTS {
            assert_eq!(taken_for(export.example), Some(export.card.name));
            assert_ne!(taken_for(export.counter_example), Some(export.card.name));
        }
    }

    #[test]
    fn every_correction_is_of_a_column_in_the_example() {
        for export in EXPORTS.iter().filter(|export| export.shape.is_none()) {
            let captions: Vec<String> = cells(export.example).iter().map(|c| plain(c)).collect();
            for (caption, ..) in export.corrections {
                assert!(captions.contains(&plain(caption)), "{}: {caption}", export.card.name);
            }
        }
    }

    #[test]
    fn names_are_not_used_twice() {
        let mut names: Vec<&str> = EXPORTS.iter().map(|export| export.card.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), EXPORTS.len());
    }
}
