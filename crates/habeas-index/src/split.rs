//! How does the full text lie on disk, and what does it keep of a passage?
//!
//! The full text is a set of splits, each an index of its own, named by a manifest. On one machine
//! there is one split, `live`, which the writer adds to.

use std::fs;
use std::path::Path;

use habeas_model::{Hit, Indexed, ItemId, Passage, Terms};
use serde::{Deserialize, Serialize};
use tantivy::schema::{
    BytesOptions, Field, IndexRecordOption, Schema, TextFieldIndexing, TextOptions, Value,
};
use tantivy::store::{Compressor, ZstdCompressor};
use tantivy::{Index, IndexSettings, TantivyDocument, Term};

use crate::Error;
use crate::folder::{create_dir, failed, private_file};

/// The split that the writer adds to.
const LIVE: &str = "live";

/// The names of all splits.
#[derive(Serialize, Deserialize)]
struct Manifest {
    splits: Vec<String>,
}

/// The fields of the full text, the same in every split.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fields {
    /// The item's id, to find and to delete by.
    pub(crate) item: Field,
    /// Folded words.
    pub(crate) words: Field,
    /// Typed identifiers.
    pub(crate) ids: Field,
    /// The passage itself, kept and not searched.
    blob: Field,
}

/// The schema of a split with its fields, which are numbered in the order of their making.
fn schema() -> (Schema, Fields) {
    let mut builder = Schema::builder();
    // Answers are complete and weighed elsewhere, so neither positions nor lengths are kept.
    let terms = TextFieldIndexing::default()
        .set_tokenizer("raw")
        .set_index_option(IndexRecordOption::Basic)
        .set_fieldnorms(false);
    let terms = TextOptions::default().set_indexing_options(terms);
    let fields = Fields {
        item: builder.add_bytes_field("item", BytesOptions::default().set_indexed()),
        words: builder.add_text_field("words", terms.clone()),
        ids: builder.add_text_field("ids", terms),
        blob: builder.add_bytes_field("blob", BytesOptions::default().set_stored()),
    };
    (builder.build(), fields)
}

/// The fields of every split.
pub(crate) fn fields() -> Fields {
    schema().1
}

/// A passage made ready for the full text, on the caller's thread.
pub struct Prepared {
    pub(crate) document: TantivyDocument,
    pub(crate) item: ItemId,
}

impl std::fmt::Debug for Prepared {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Prepared({:?})", self.item)
    }
}

impl Prepared {
    /// Makes a passage ready: its number in the document from 0, whom it names, and what it can be
    /// found by.
    ///
    /// # Errors
    /// If it cannot be encoded, which would be a bug.
    pub fn new(
        item: ItemId,
        number: u32,
        passage: &Passage,
        hits: &[Hit],
        terms: &Terms,
    ) -> Result<Self, Error> {
        let fields = fields();
        let mut document = TantivyDocument::new();
        document.add_bytes(fields.item, item.as_bytes());
        for word in &terms.words {
            document.add_text(fields.words, word);
        }
        for id in &terms.ids {
            document.add_text(fields.ids, id);
        }
        let blob = postcard::to_stdvec(&(item.as_bytes(), number, passage, hits))?;
        document.add_bytes(fields.blob, &blob);
        Ok(Self { document, item })
    }
}

/// The passage that a document of the full text keeps.
pub(crate) fn decode(document: &TantivyDocument, fields: Fields) -> Result<Indexed, Error> {
    let blob = document.get_first(fields.blob).and_then(|value| value.as_bytes());
    let blob = blob.ok_or_else(|| Error::Damaged("a passage of the full text is empty".into()))?;
    let (item, number, passage, hits): ([u8; 32], u32, Passage, Vec<Hit>) =
        postcard::from_bytes(blob)?;
    Ok(Indexed { item: ItemId::from(item), number, passage, hits })
}

/// The term that all passages of an item have.
pub(crate) fn item_term(fields: Fields, item: &[u8]) -> Term {
    Term::from_field_bytes(fields.item, item)
}

/// Opens every split of the manifest; none if there is no manifest yet.
pub(crate) fn open_all(text: &Path) -> Result<Vec<Index>, Error> {
    let path = text.join("manifest.json");
    if !path.is_file() {
        return Ok(Vec::new());
    }
    let manifest: Manifest = serde_json::from_slice(&fs::read(&path).map_err(failed(&path))?)?;
    manifest.splits.iter().map(|name| Ok(Index::open_in_dir(text.join(name))?)).collect()
}

/// Opens the split that is written, and makes it and the manifest if they are not there.
pub(crate) fn open_live(text: &Path) -> Result<Index, Error> {
    let dir = text.join(LIVE);
    create_dir(&dir)?;
    let settings = IndexSettings {
        docstore_compression: Compressor::Zstd(ZstdCompressor { compression_level: Some(3) }),
        ..IndexSettings::default()
    };
    let directory =
        tantivy::directory::MmapDirectory::open(&dir).map_err(tantivy::TantivyError::from)?;
    let index = Index::builder().schema(schema().0).settings(settings).open_or_create(directory)?;
    let path = text.join("manifest.json");
    if !path.is_file() {
        let manifest = Manifest { splits: vec![LIVE.to_owned()] };
        let new = text.join("manifest.json.new");
        let file = private_file().open(&new).map_err(failed(&new))?;
        serde_json::to_writer(&file, &manifest)?;
        file.sync_all().map_err(failed(&new))?;
        fs::rename(&new, &path).map_err(failed(&path))?;
    }
    Ok(index)
}

/// The number of the batch that the full text was last committed with.
pub(crate) fn batch(index: &Index) -> Result<i64, Error> {
    let Some(payload) = index.load_metas()?.payload else { return Ok(0) };
    payload.parse().map_err(|_| Error::Damaged("the full text names no batch".to_owned()))
}
