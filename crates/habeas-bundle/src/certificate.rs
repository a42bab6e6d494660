//! What was checked, and how can anybody check it again?

use std::collections::BTreeMap;

use habeas_redact::{Allowed, Own, Secrets};
use serde::{Deserialize, Serialize};
use serde_json::json;
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
}

/// The certificate: figures and digests of what is in the bundle, nothing about what is not. There
/// is no digest of anything taken out, since whoever has a list of names could try them all; and
/// none of an original, since whoever has the redacted one could do the same.
pub(crate) fn certificate(case: &str, gathered: &Gathered, sha256: &[String]) -> Vec<u8> {
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
                "checks": given.redacted.checks(),
            })
        })
        .collect();
    let value = json!({
        "case": case,
        "format": 1,
        "software": concat!("habeas ", env!("CARGO_PKG_VERSION")),
        "method": "Each exhibit was typeset anew from what may be seen. It was then read back by two \
                   programs other than the one that wrote it, and its bytes, streams and properties in \
                   every known encoding, and searched for every writing of everything that was taken \
                   out. An exhibit with a hit, or one that could not be read back, was not released. Where \
                   somebody is shown on a ground in one exhibit and taken out elsewhere, that exhibit \
                   may hold them as often as they are shown in it, and no more.",
        "leaks": 0,
        "people_taken_out": gathered.n_people,
        "mentions_shown_on_a_ground": gathered.log.n_shown(),
        "exhibits": exhibits,
    });
    let mut text = serde_json::to_vec_pretty(&value).unwrap_or_default();
    text.push(b'\n');
    text
}

/// SHA-256 in hexadecimal.
pub(crate) fn sha256(bytes: &[u8]) -> String {
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
  Habeas         habeas verify FOLDER

Habeas also reads every file again, looks for scripts, attachments, hidden revisions and
properties, and, on the machine of the organisation that made the bundle, searches every file
for everything that was taken out. redaction-certificate.json says what was checked when the
bundle was made. It holds no digest of anything that was taken out.
";
