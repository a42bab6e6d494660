//! Parquet: what does each row say?

use std::collections::HashMap;

use habeas_model::{Card, Exception, Meaning, Part, Party, Place, PlaceKind, Reason};
use parquet::basic::{ConvertedType, LogicalType, TimeUnit, Type as Physical};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::reader::RowIter;
use parquet::record::{Field, Row as Values};
use parquet::schema::types::{ColumnDescriptor, Type};

use super::Format;
use super::blob::{self, Blob};
use super::captioned::Captioned;
use crate::out::{Input, Out};
use crate::sniff::{Match, Sample, Sure};
use crate::table::{self, Row, Table};

pub(super) const FORMAT: Format = Format {
    card: Card {
        name: "parquet",
        version: 1,
        summary: "Parquet: each row a record, lists and structures within it too",
        handles: &["application/vnd.apache.parquet", ".parquet"],
        authority: "apache/parquet-format 2.12",
    },
    sniff,
    read,
};

const PARQUET: &str = "application/vnd.apache.parquet";

fn sniff(sample: &Sample<'_>) -> Option<Match> {
    let is_ours = sample.starts_with(b"PAR1") || sample.starts_with(b"PARE");
    (is_ours && sample.text().is_none()).then_some((Sure::Magic, PARQUET))
}

fn read<'a>(input: &Input<'a>, out: &mut Out<'a>) {
    if input.bytes.starts_with(b"PARE") {
        return out.exception(Exception::whole(Reason::Encrypted, "its footer is encrypted"));
    }
    let Some(reader) = open(input, out) else { return };
    properties(&reader, out);
    let schema = reader.metadata().file_metadata().schema().clone();
    let leaves = Leaves::of(&reader);
    let shown: Vec<_> = schema.get_fields().to_vec();
    let (good, bad): (Vec<_>, Vec<_>) = shown
        .into_iter()
        .partition(|field| !leaves.unreadable.iter().any(|name| name == field.name()));
    if !bad.is_empty() {
        let note = format!("{} columns of a type that cannot be read", bad.len());
        out.exception(Exception::part(Reason::Unsupported, None, note));
    }
    if good.is_empty() {
        return;
    }
    let projection = Type::group_type_builder(schema.name()).with_fields(good.clone()).build();
    let rows = RowIter::from_file_into(Box::new(reader));
    let rows = match projection {
        Ok(projection) if !bad.is_empty() => rows.project(Some(projection)),
        _ => Ok(rows),
    };
    let Ok(rows) = rows else {
        return out
            .exception(Exception::whole(Reason::Corrupt, "its schema does not hold together"));
    };
    let mut captions = Vec::new();
    for field in &good {
        name(field, "", 0, &mut captions);
    }
    self::rows(rows, &captions, &leaves, out);
}

type Reader = SerializedFileReader<bytes::Bytes>;

fn open(input: &Input<'_>, out: &mut Out<'_>) -> Option<Reader> {
    let reader = match SerializedFileReader::new(bytes::Bytes::copy_from_slice(input.bytes)) {
        Ok(reader) => reader,
        Err(error) => {
            let is_encrypted = error.to_string().contains("encrypt");
            out.exception(if is_encrypted {
                Exception::whole(Reason::Encrypted, "its footer is encrypted")
            } else if input.bytes.ends_with(b"PAR1") {
                Exception::whole(Reason::Corrupt, "its footer cannot be read")
            } else {
                Exception::whole(Reason::Truncated, "it has no footer")
            });
            return None;
        }
    };
    let n_bytes = reader
        .metadata()
        .row_groups()
        .iter()
        .map(|group| u64::try_from(group.total_byte_size()).unwrap_or(u64::MAX))
        .fold(0, u64::saturating_add);
    if n_bytes > input.budget.allowance(input.bytes.len() as u64, 0) {
        let note = "unpacks to more than it may";
        out.exception(Exception::whole(Reason::ExpansionLimit, note));
        return None;
    }
    Some(reader)
}

/// What programs note for themselves, and nobody else.
const OWN_KEYS: [&str; 4] = ["ARROW:schema", "pandas", "parquet.avro.schema", "org.apache.spark"];

fn properties(reader: &Reader, out: &mut Out<'_>) {
    let mut properties = Captioned::default();
    for entry in reader.metadata().file_metadata().key_value_metadata().into_iter().flatten() {
        if let Some(value) = &entry.value
            && !OWN_KEYS.iter().any(|own| entry.key.starts_with(own))
        {
            properties.line(&entry.key, value, Meaning::Text, Party::Unknown);
        }
    }
    if !properties.is_empty() {
        out.passage(properties.into_record(Place::new(PlaceKind::Header, 1), Part::Properties));
    }
}

/// What has to be known of the columns at the bottom, by their paths.
#[derive(Default)]
struct Leaves {
    /// Times that are counted in billionths of a second, and identifiers of 16 bytes.
    kinds: HashMap<String, Kind>,
    /// The outermost columns that hold one that the library cannot convert.
    unreadable: Vec<String>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Nanoseconds,
    Uuid,
}

impl Leaves {
    fn of(reader: &Reader) -> Self {
        let mut leaves = Self::default();
        let schema = reader.metadata().file_metadata().schema_descr();
        for column in schema.columns() {
            let parts = column.path().parts();
            let kind = match column.logical_type_ref() {
                Some(LogicalType::Timestamp(kind)) if kind.unit == TimeUnit::NANOS => {
                    Some(Kind::Nanoseconds)
                }
                Some(LogicalType::Uuid) => Some(Kind::Uuid),
                _ => None,
            };
            if let Some(kind) = kind {
                leaves.kinds.insert(parts.join("."), kind);
            }
            if !is_readable(column)
                && let Some(first) = parts.first()
            {
                leaves.unreadable.push(first.clone());
            }
        }
        leaves
    }
}

/// Can the library convert a column's values? It stops at others.
fn is_readable(column: &ColumnDescriptor) -> bool {
    use ConvertedType as C;
    let converted = column.converted_type();
    match column.physical_type() {
        Physical::INT32 => matches!(
            converted,
            C::INT_8
                | C::INT_16
                | C::INT_32
                | C::NONE
                | C::UINT_8
                | C::UINT_16
                | C::UINT_32
                | C::DATE
                | C::TIME_MILLIS
                | C::DECIMAL
        ),
        Physical::INT64 => matches!(
            converted,
            C::INT_64
                | C::NONE
                | C::UINT_64
                | C::TIME_MICROS
                | C::TIMESTAMP_MILLIS
                | C::TIMESTAMP_MICROS
                | C::DECIMAL
        ),
        Physical::BYTE_ARRAY => {
            matches!(converted, C::UTF8 | C::ENUM | C::JSON | C::BSON | C::NONE | C::DECIMAL)
        }
        Physical::FIXED_LEN_BYTE_ARRAY => matches!(converted, C::NONE | C::DECIMAL),
        _ => true,
    }
}

/// How deep structures may be nested in columns of their own.
const MAX_DEPTH: usize = 16;

/// The captions of a column: of a structure one for each of its members.
fn name(field: &Type, before: &str, depth: usize, captions: &mut Vec<String>) {
    let path = if before.is_empty() {
        field.name().to_owned()
    } else {
        format!("{before}.{}", field.name())
    };
    if is_structure(field) && depth < MAX_DEPTH {
        for member in field.get_fields() {
            name(member, &path, depth + 1, captions);
        }
    } else {
        captions.push(path);
    }
}

fn is_structure(field: &Type) -> bool {
    let info = field.get_basic_info();
    let is_repeated =
        info.has_repetition() && info.repetition() == parquet::basic::Repetition::REPEATED;
    field.is_group() && !is_repeated && info.converted_type() == ConvertedType::NONE
}

fn rows(rows: RowIter<'_>, captions: &[String], leaves: &Leaves, out: &mut Out<'_>) {
    let (mut rows, mut number, mut trouble) = (rows, 0, false);
    let mut binary = Binary { leaves, files: Vec::new(), n_opaque: 0 };
    let next = || match rows.next()? {
        Ok(values) => {
            number += 1;
            let mut named = HashMap::new();
            binary.members(&values, "", number, &mut named);
            let cells = captions.iter().map(|caption| named.remove(caption).unwrap_or_default());
            Some(Row { number, cells: cells.collect(), hidden: None })
        }
        Err(_) => {
            trouble = true;
            None
        }
    };
    table::named(&Table::default(), captions, std::iter::from_fn(next), out);
    let Binary { files, n_opaque, .. } = binary;
    for (name, bytes) in files {
        out.child(&name, bytes);
    }
    if n_opaque > 0 {
        let note = format!("{n_opaque} binary values; of these the words were read");
        out.exception(Exception::part(Reason::Unsupported, None, note));
    }
    if trouble {
        let place = Place::new(PlaceKind::Row, number + 1);
        let note = "this row and those after it cannot be read";
        out.exception(Exception::part(Reason::Corrupt, Some(place), note));
    }
}

struct Binary<'l> {
    leaves: &'l Leaves,
    files: Vec<(String, Vec<u8>)>,
    n_opaque: usize,
}

impl Binary<'_> {
    /// The values of a row or structure by their captions.
    fn members(
        &mut self,
        values: &Values,
        before: &str,
        number: usize,
        named: &mut HashMap<String, String>,
    ) {
        for (name, field) in values.get_column_iter() {
            let path = if before.is_empty() { name.clone() } else { format!("{before}.{name}") };
            match field {
                Field::Group(group) if path.matches('.').count() < MAX_DEPTH => {
                    self.members(group, &path, number, named);
                }
                _ => {
                    let text = self.shown(field, &path, number, 0);
                    named.insert(path, text);
                }
            }
        }
    }

    /// A value as a person would write it; the members of a list are lines of it.
    fn shown(&mut self, field: &Field, path: &str, number: usize, depth: usize) -> String {
        if depth > 2 * MAX_DEPTH {
            return field.to_string();
        }
        match field {
            Field::Null => String::new(),
            Field::Str(text) => text.clone(),
            Field::Bytes(bytes) => self.bytes(bytes.data(), path, number),
            Field::Long(value) if self.kind(path) == Some(Kind::Nanoseconds) => moment(*value, 1),
            Field::Float(value) => value.to_string(),
            Field::Double(value) => value.to_string(),
            Field::TimestampMillis(value) => moment(*value, 1_000_000),
            Field::TimestampMicros(value) => moment(*value, 1_000),
            Field::Date(days) => day(*days),
            Field::ListInternal(list) => {
                let parts = list.elements().iter();
                let parts = parts.map(|field| self.shown(field, path, number, depth + 1));
                parts.collect::<Vec<_>>().join("\n")
            }
            Field::MapInternal(map) => {
                let entries = map.entries().iter().map(|(key, value)| {
                    let key = self.shown(key, path, number, depth + 1);
                    format!("{key}: {}", self.shown(value, path, number, depth + 1))
                });
                entries.collect::<Vec<_>>().join("\n")
            }
            Field::Group(group) => {
                let members = group.get_column_iter().map(|(name, value)| {
                    let path = format!("{path}.{name}");
                    (name, self.shown(value, &path, number, depth + 1))
                });
                let members = members.filter(|(_, value)| !value.is_empty());
                members
                    .map(|(name, value)| format!("{name}: {value}"))
                    .collect::<Vec<_>>()
                    .join("\n")
            }
            other => other.to_string(),
        }
    }

    fn kind(&self, path: &str) -> Option<Kind> {
        self.leaves.kinds.get(path).copied().or_else(|| {
            // Between a list and its members are levels that no value has.
            let prefix = format!("{path}.list.");
            let found = self.leaves.kinds.iter().find(|(name, _)| name.starts_with(&prefix));
            found.map(|(_, kind)| *kind)
        })
    }

    fn bytes(&mut self, bytes: &[u8], path: &str, number: usize) -> String {
        if self.kind(path) == Some(Kind::Uuid) {
            let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            return match digits.len() {
                32 => {
                    [&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]]
                        .join("-")
                }
                _ => digits,
            };
        }
        match blob::of(bytes) {
            Blob::Text(text) => text,
            Blob::File(ending) => {
                self.files.push((format!("{number}/{path}.{ending}"), bytes.to_vec()));
                String::new()
            }
            Blob::Words(words) => {
                self.n_opaque += usize::from(!bytes.is_empty());
                words
            }
        }
    }
}

fn moment(value: i64, nanoseconds: i64) -> String {
    let total = i128::from(value) * i128::from(nanoseconds);
    jiff::Timestamp::from_nanosecond(total)
        .map_or_else(|_| value.to_string(), |moment| moment.to_string())
}

fn day(days: i32) -> String {
    jiff::Timestamp::from_second(i64::from(days) * 86_400)
        .map(|moment| moment.to_string())
        .ok()
        .and_then(|moment| moment.split_once('T').map(|(day, _)| day.to_owned()))
        .unwrap_or_else(|| days.to_string())
}
