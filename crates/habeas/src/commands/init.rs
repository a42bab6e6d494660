//! `habeas init`: an estate's configuration and private folders.

use std::fs;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

use habeas_model::SourceName;
use serde_json::json;

use crate::config::{FILE, TEMPLATE};
use crate::failure::{End, Failure};
use crate::say;

/// Writes `habeas.toml` and the folders of an estate; an estate that is there is left alone.
pub fn run(dir: &Path, sources: &[String], json: bool) -> Result<End, Failure> {
    let sources: Vec<(SourceName, String)> =
        sources.iter().map(|source| parse_source(source)).collect::<Result<_, _>>()?;
    let file = dir.join(FILE);
    if file.exists() {
        return Err(Failure::usage(format!("{} is there already", file.display()))
            .hint("edit it, or choose another folder"));
    }
    run_quietly(dir, &configuration(&sources))?;
    if json {
        say::json(&json!({"type": "estate", "data": {"configuration": file}}));
    } else {
        say::result(&format!("wrote {}", file.display()));
        say::result("next: say in it who answers and what is searched, then run `habeas index`");
    }
    Ok(End::Done)
}

/// Writes a configuration and the private folders of a new estate.
pub fn run_quietly(dir: &Path, configuration: &str) -> Result<(), Failure> {
    let file = dir.join(FILE);
    let failed = |what: &Path, error: std::io::Error| {
        Failure::stopped(format!("{}: {error}", what.display()))
    };
    for folder in [dir.to_owned(), dir.join("estate"), dir.join("cases")] {
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&folder)
            .map_err(|error| failed(&folder, error))?;
    }
    let mut open = fs::OpenOptions::new();
    let written = open
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&file)
        .and_then(|mut out| std::io::Write::write_all(&mut out, configuration.as_bytes()));
    written.map_err(|error| failed(&file, error))
}

fn parse_source(text: &str) -> Result<(SourceName, String), Failure> {
    let (name, path) = text.split_once('=').ok_or_else(|| {
        Failure::usage(format!("`{text}` is not a source")).hint("write it as NAME=PATH")
    })?;
    let name = SourceName::parse(name).map_err(Failure::usage)?;
    // The configuration's paths are relative to it; what was typed is relative to this folder.
    let path = std::path::absolute(path)
        .map_err(|error| Failure::usage(format!("source `{name}`: {error}")))?;
    Ok((name, path.to_string_lossy().into_owned()))
}

/// The template, with its example source replaced when sources were named.
fn configuration(sources: &[(SourceName, String)]) -> String {
    let start = TEMPLATE.find("[[source]]").unwrap_or(TEMPLATE.len());
    let end = TEMPLATE.find("\n# Why personal data is held").unwrap_or(TEMPLATE.len());
    if sources.is_empty() || start > end {
        return TEMPLATE.to_owned();
    }
    let example = &TEMPLATE[start..end];
    let blocks: Vec<String> = sources
        .iter()
        .map(|(name, path)| {
            let quoted = toml::Value::String(path.clone()).to_string();
            example
                .replace("name = \"files\"", &format!("name = \"{name}\""))
                .replace("path = \"/srv/files\"", &format!("path = {quoted}"))
                .replace("title = \"Shared files\"", "title = \"\"")
        })
        .collect();
    format!("{}{}{}", &TEMPLATE[..start], blocks.join("\n"), &TEMPLATE[end..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn named_sources_replace_the_example() {
        let names = ["mail", "shares"]
            .map(|name| (SourceName::parse(name).unwrap(), format!("/srv/\"odd\"/{name}")));
        let value: toml::Table = configuration(&names).parse().unwrap();
        let sources = value["source"].as_array().unwrap();
        assert_eq!(sources.len(), 2);
        assert_eq!(sources[1]["path"].as_str(), Some("/srv/\"odd\"/shares"));
        assert!(value.contains_key("activity"));
    }
}
