//! Which cases are there?

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use crate::files::private_dir;
use crate::{Case, CaseId, Error, Request};

/// The cases of one estate: its folder `cases`.
#[derive(Clone, Debug)]
pub struct Register {
    dir: PathBuf,
}

impl Register {
    /// The register of the estate in that folder; made if it is not there yet.
    ///
    /// # Errors
    /// If the folder cannot be made.
    pub fn open(estate_root: &Path) -> Result<Self, Error> {
        let dir = estate_root.join("cases");
        match private_dir(&dir) {
            Err(problem) if problem.kind() != std::io::ErrorKind::AlreadyExists => {
                Err(Error::File { file: dir, problem })
            }
            _ => Ok(Self { dir }),
        }
    }

    /// Opens a case for a request.
    ///
    /// It bears the request's own reference where that can be a case's name, else the next number in
    /// the year of receipt.
    ///
    /// # Errors
    /// If there is a case of that name, or its folder cannot be written.
    pub fn create(&self, request: Request) -> Result<Case, Error> {
        self.create_beside(request, &mut self.taken()?)
    }

    /// Opens a case for each of several requests, or for none if one of their names is taken.
    ///
    /// # Errors
    /// If a name is taken or stands twice, or a folder cannot be written.
    pub fn create_all(&self, requests: Vec<Request>) -> Result<Vec<Case>, Error> {
        let mut taken = self.taken()?;
        let mut own = HashSet::new();
        for id in requests.iter().filter_map(own_id) {
            if taken.has(&id) || !own.insert(lower(&id)) {
                return Err(Error::CaseExists(id.to_string()));
            }
        }
        requests.into_iter().map(|request| self.create_beside(request, &mut taken)).collect()
    }

    fn create_beside(&self, request: Request, taken: &mut Taken) -> Result<Case, Error> {
        if let Some(id) = own_id(&request) {
            if taken.has(&id) {
                return Err(Error::CaseExists(id.to_string()));
            }
            taken.add(&id);
            let dir = self.dir.join(id.as_str());
            return Case::create(id, request, dir);
        }
        loop {
            let id = taken.next(request.received.year());
            let dir = self.dir.join(id.as_str());
            match Case::create(id, request.clone(), dir) {
                // Another process took the number a moment ago.
                Err(Error::CaseExists(_)) => {}
                created => return created,
            }
        }
    }

    fn taken(&self) -> Result<Taken, Error> {
        let mut taken = Taken { names: HashSet::new(), numbers: HashMap::new() };
        self.folders()?.iter().for_each(|id| taken.add(id));
        Ok(taken)
    }

    /// Every case, sorted by name.
    ///
    /// # Errors
    /// If the folder cannot be read.
    pub fn list(&self) -> Result<Vec<CaseId>, Error> {
        let mut cases = self.folders()?;
        cases.retain(|id| Case::is_in(&self.dir.join(id.as_str())));
        Ok(cases)
    }

    /// Every folder that is named as a case, whether or not it was filled.
    fn folders(&self) -> Result<Vec<CaseId>, Error> {
        let mut found = Vec::new();
        for entry in std::fs::read_dir(&self.dir).map_err(Error::file(&self.dir))? {
            let entry = entry.map_err(Error::file(&self.dir))?;
            found.extend(entry.file_name().to_str().and_then(|name| CaseId::parse(name).ok()));
        }
        found.sort();
        Ok(found)
    }

    /// Opens the case of that name, or the only one whose name ends so: `7`, `0007` or `2026-0007` for
    /// `SAR-2026-0007`.
    ///
    /// # Errors
    /// If there is none or more than one, or the case cannot be read or its decisions were changed.
    pub fn get(&self, reference: &str) -> Result<Case, Error> {
        let id = self.resolve(reference)?;
        let dir = self.dir.join(id.as_str());
        Case::open(id, dir)
    }

    /// The folder of a case, for what can be seen of one that cannot be opened.
    pub fn folder(&self, id: &CaseId) -> PathBuf {
        self.dir.join(id.as_str())
    }

    /// The one case that a reference means.
    ///
    /// # Errors
    /// If there is none or more than one.
    pub fn resolve(&self, reference: &str) -> Result<CaseId, Error> {
        let reference = reference.trim();
        let cases = self.list()?;
        let same = |id: &&CaseId| id.as_str().eq_ignore_ascii_case(reference);
        if let Some(id) = cases.iter().find(same) {
            return Ok(id.clone());
        }
        let fits: Vec<&CaseId> =
            cases.iter().filter(|id| ends_so(id.as_str(), reference)).collect();
        match fits.as_slice() {
            [id] => Ok((*id).clone()),
            [] => {
                let near = cases
                    .iter()
                    .max_by(|a, b| likeness(a, reference).total_cmp(&likeness(b, reference)))
                    .map(ToString::to_string);
                Err(Error::UnknownCase { reference: shown(reference), near })
            }
            several => Err(Error::AmbiguousCase {
                reference: shown(reference),
                cases: several.iter().take(5).map(ToString::to_string).collect(),
            }),
        }
    }
}

/// The names that new cases cannot have.
struct Taken {
    /// In lower case: file systems that take `R1` and `r1` for the same would mix two cases up.
    names: HashSet<String>,
    /// The highest number of each year.
    numbers: HashMap<i16, u32>,
}

impl Taken {
    fn has(&self, id: &CaseId) -> bool {
        self.names.contains(&lower(id))
    }

    fn add(&mut self, id: &CaseId) {
        self.names.insert(lower(id));
        if let Some((year, number)) = id.numbered_as() {
            let highest = self.numbers.entry(year).or_default();
            *highest = number.max(*highest);
        }
    }

    /// The next number of a year.
    fn next(&mut self, year: i16) -> CaseId {
        let number = self.numbers.entry(year).or_default();
        *number = number.saturating_add(1);
        CaseId::numbered(year, *number)
    }
}

fn lower(id: &CaseId) -> String {
    id.as_str().to_ascii_lowercase()
}

/// The name that a request brings with it, if it can be a case's.
fn own_id(request: &Request) -> Option<CaseId> {
    request.reference.as_deref().and_then(|text| CaseId::parse(text).ok())
}

/// Does a case's name end so, at the beginning of one of its parts?
fn ends_so(id: &str, reference: &str) -> bool {
    let is_part = |c: char| matches!(c, '-' | '_' | '.');
    let last = id.rsplit(is_part).next().unwrap_or(id);
    let number =
        |text: &str| text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse::<u64>().ok());
    // The number of a case, without its zeros.
    if let (Some(Some(of_case)), Some(Some(asked))) = (number(last), number(reference)) {
        return of_case == asked;
    }
    let (id, reference) = (id.to_ascii_lowercase(), reference.to_ascii_lowercase());
    !reference.is_empty()
        && id.strip_suffix(&reference).is_some_and(|before| before.ends_with(is_part))
}

fn likeness(id: &CaseId, reference: &str) -> f64 {
    strsim::jaro_winkler(&id.as_str().to_lowercase(), &reference.to_lowercase())
}

/// What was typed, short enough for a sentence.
fn shown(reference: &str) -> String {
    reference.chars().take(64).flat_map(char::escape_debug).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Defaults;

    fn request(id: &str) -> Request {
        let defaults = Defaults {
            received: jiff::civil::date(2026, 7, 1),
            law: habeas_law::Law::Uk,
            calendar: habeas_law::Calendar::EnglandAndWales,
        };
        let value = serde_json::json!({"id": id, "name": "Amara Lind"});
        Request::from_json(&value, &defaults).unwrap()
    }

    #[test]
    fn cases_are_numbered_in_the_year_of_receipt() {
        let dir = tempfile::tempdir().unwrap();
        let register = Register::open(dir.path()).unwrap();
        let id = |request| register.create(request).map(|case| case.id.to_string());
        assert_eq!(id(request("")).unwrap(), "SAR-2026-0001");
        assert_eq!(id(request("not a name/")).unwrap(), "SAR-2026-0002");
        let mut older = request("");
        older.received = jiff::civil::date(2025, 12, 31);
        assert_eq!(id(older).unwrap(), "SAR-2025-0001");
        assert_eq!(id(request("SAR-2026-0041")).unwrap(), "SAR-2026-0041");
        assert_eq!(id(request("")).unwrap(), "SAR-2026-0042");
        assert_eq!(id(request("R1")).unwrap(), "R1");
        assert!(matches!(id(request("r1")), Err(Error::CaseExists(_))));
        // What a crash left half made is no case, and its number is not used again.
        std::fs::create_dir(dir.path().join("cases/SAR-2026-0043")).unwrap();
        assert_eq!(id(request("")).unwrap(), "SAR-2026-0044");
        assert_eq!(register.list().unwrap().len(), 7);
        let several = |ids: [&str; 2]| register.create_all(ids.map(request).into());
        assert!(matches!(several(["R2", "R1"]), Err(Error::CaseExists(_))));
        assert!(matches!(several(["R2", "r2"]), Err(Error::CaseExists(_))));
        assert_eq!(several(["R2", ""]).unwrap()[1].id.as_str(), "SAR-2026-0045");
    }

    #[test]
    fn a_case_is_found_by_the_end_of_its_name() {
        let dir = tempfile::tempdir().unwrap();
        let register = Register::open(dir.path()).unwrap();
        for id in ["SAR-2025-0007", "SAR-2026-0007", "SAR-2026-0017", "SAR-2026-0008", "R1"] {
            register.create(request(id)).unwrap();
        }
        let found = |text| register.get(text).map(|case| case.id.to_string());
        for (text, id) in [
            ("8", "SAR-2026-0008"),
            ("0008", "SAR-2026-0008"),
            ("2026-0007", "SAR-2026-0007"),
            ("sar-2026-0007", "SAR-2026-0007"),
            ("r1", "R1"),
        ] {
            assert_eq!(found(text).unwrap(), id, "{text}");
        }
        let said = |text| found(text).unwrap_err().to_string();
        assert_eq!(said("7"), "`7` may be SAR-2025-0007 or SAR-2026-0007; write one of them");
        let near = "there is no case `SAR-2026-0018`; did you mean SAR-2026-0017?";
        assert_eq!(said("SAR-2026-0018"), near);
        assert!(said("../../etc").starts_with("there is no case `../../etc`"));
        assert!(said("").starts_with("there is no case ``"));
    }

    #[test]
    #[cfg(unix)]
    fn a_case_is_private() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let case = Register::open(dir.path()).unwrap().create(request("")).unwrap();
        let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&dir.path().join("cases")), mode(&case.dir)), (0o700, 0o700));
        for entry in std::fs::read_dir(&case.dir).unwrap() {
            let path = entry.unwrap().path();
            assert_eq!(mode(&path), 0o600, "{path:?}");
        }
    }
}
