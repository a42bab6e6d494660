//! What was checked, and how can anybody check it again?

use std::collections::BTreeMap;

use habeas_redact::{Allowed, Means, Own, Secrets};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::gather::Gathered;

/// The name of the list of digests in a bundle.
pub(crate) const MANIFEST: &str = "Z_Verification/manifest.sha256";
/// The name of the certificate in a bundle.
pub(crate) const CERTIFICATE: &str = "Z_Verification/redaction-certificate.json";
/// The name of the file in the case's folder that a bundle is searched with. It never leaves.
pub(crate) const SECRETS: &str = "secrets.json";

/// What was taken out and what may be named. Internal: for searching a bundle again.
#[derive(Serialize, Deserialize)]
pub(crate) struct Internal {
    pub(crate) case: String,
    pub(crate) secrets: Secrets,
    pub(crate) own: Own,
    /// Which item each exhibit is, by its first page.
    pub(crate) exhibits: Vec<(String, habeas_model::ItemId)>,
    /// How often whose secrets may stand in which file, since they are shown there.
    #[serde(default)]
    pub(crate) allowed: BTreeMap<String, Allowed>,
    /// Whose each label is, by its number.
    #[serde(default)]
    pub(crate) numbers: BTreeMap<String, String>,
    /// What was taken out of each exhibit, by its file's name.
    #[serde(default)]
    pub(crate) local: BTreeMap<String, Secrets>,
}

/// The certificate: figures and digests of what is in the bundle, nothing about what is not. There
/// is no digest of anything taken out, since whoever has a list of names could try them all; and
/// none of an original, since whoever has the redacted one could do the same.
pub(crate) fn certificate(
    case: &str,
    gathered: &Gathered,
    sha256: &[String],
    means: &Means<'_>,
) -> Vec<u8> {
    let exhibits: Vec<_> = gathered
        .given
        .iter()
        .zip(sha256)
        .map(|(given, digest)| {
            json!({
                "exhibit": given.number,
                "file": format!("{}/{}.pdf", given.class.folder(), given.first),
                "sha256": digest,
                "pages": given.redacted.n_pages(),
                "taken_out": given.entry.n_labels,
                "checks": given.redacted.checks(),
            })
        })
        .collect();
    let value = json!({
        "case": case,
        "format": 2,
        "software": concat!("habeas ", env!("CARGO_PKG_VERSION")),
        "method": "Each exhibit was made anew from what may be seen. It was then read back by \
                   programs other than the one that wrote it, and attacked with every check that is \
                   listed here. An exhibit with a hit, or one that could not be checked, was not \
                   released. Where somebody is shown on a ground in one exhibit and taken out elsewhere, \
                   that exhibit may hold them as often as they are shown in it, and no more.",
        "checks": made(gathered),
        "tools": tools(means),
        "not_done": not_done(gathered, means),
        "leaks": 0,
        "people_taken_out": gathered.n_people,
        "mentions_shown_on_a_ground": gathered.log.n_shown(),
        "exhibits": exhibits,
    });
    let mut text = serde_json::to_vec_pretty(&value).unwrap_or_default();
    text.push(b'\n');
    text
}

/// The names of the checks, as the certificate and `habeas verify` call them.
pub(crate) mod names {
    pub(crate) const SEARCHED: &str = "searched for everything that was taken out";
    pub(crate) const SOUND: &str = "nothing is hidden in a PDF, and each can be read back";
    pub(crate) const SEEN: &str = "everything that can be read on a page is seen on it";
    pub(crate) const LOOKED: &str = "pages with pictures or drawings were looked at";
    pub(crate) const MEASURED: &str = "widths, places and masks tell nothing";
    pub(crate) const TWINS: &str = "no exhibit shows what its twin takes out";
    pub(crate) const COUNTED: &str = "every label stands where it is counted";
}

/// Every check that was made of the exhibits, with its figures.
fn made(gathered: &Gathered) -> Value {
    let sum = |figure: &dyn Fn(&habeas_redact::Checks) -> u64| -> u64 {
        gathered.given.iter().map(|given| figure(&given.redacted.checks())).sum()
    };
    let n_exhibits = gathered.given.len() as u64;
    json!([
        {"check": names::SEARCHED, "writings": gathered.searcher.n_secrets(),
         "readings": sum(&|checks| checks.n_readings), "bytes": sum(&|checks| checks.n_bytes)},
        {"check": names::SOUND, "exhibits": n_exhibits},
        {"check": names::SEEN, "pages": sum(&|checks| checks.n_pages)},
        {"check": names::LOOKED, "pages": sum(&|checks| checks.n_looked)},
        {"check": names::MEASURED, "labels": sum(&|checks| checks.n_measured)},
        {"check": names::TWINS, "exhibits": n_exhibits},
        {"check": names::COUNTED, "labels": sum(&|checks| checks.n_labels)},
    ])
}

/// The programs that read the exhibits back; none of them wrote them.
fn tools(means: &Means<'_>) -> Value {
    let mut tools = json!({"hayro": HAYRO, "lopdf": LOPDF});
    if let Some(tool) = means.looks_with {
        tools["recogniser"] = tool.into();
    }
    tools
}

/// The versions that are built in; a test compares them with `Cargo.lock`.
const HAYRO: &str = "0.9.0";
const LOPDF: &str = "0.47.0";

/// What could not be done, a sentence each.
fn not_done(gathered: &Gathered, means: &Means<'_>) -> Vec<String> {
    let n: u64 = gathered.given.iter().map(|given| given.redacted.checks().n_unlooked).sum();
    let mut all = Vec::new();
    if means.look.is_none() {
        all.push("no recogniser of text was installed: no page was looked at".to_owned());
    }
    if n > 0 {
        all.push(format!("{n} pages with pictures or drawings were not looked at"));
    }
    all
}

/// SHA-256 in hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Bytes in hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// How a person checks the digests without Habeas.
pub(crate) const HOW: &str = "\
How to check that nothing in this folder was changed

manifest.sha256 holds the SHA-256 digest of every other file. Check them all at once:

  Linux, macOS   cd to the folder above this one, then
                 sha256sum -c Z_Verification/manifest.sha256
                 (macOS: shasum -a 256 -c Z_Verification/manifest.sha256)
  Windows        certutil -hashfile FILE SHA256, and compare with its line
  Habeas         habeas verify FOLDER, or the archive of it

Habeas also repeats the checks that redaction-certificate.json lists, and says which of them it
could not repeat: it reads every file again, looks for scripts, attachments, hidden revisions,
properties, text that nobody sees and widths that tell, and, on the machine of the organisation that made the bundle, searches every file
for everything that was taken out. The certificate holds no digest of anything that was taken out.
";

#[cfg(test)]
mod tests {
    #[test]
    fn the_versions_are_those_that_are_built_in() {
        let lock = include_str!("../../../Cargo.lock");
        for (name, version) in [("hayro", super::HAYRO), ("lopdf", super::LOPDF)] {
            let entry = format!("name = \"{name}\"\nversion = \"{version}\"");
            assert!(lock.contains(&entry), "{name} is not {version}");
        }
    }
}
