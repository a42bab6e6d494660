//! Does a relative path match a pattern of the configuration?

/// A pattern of relative paths, with `/` between folders.
///
/// `*` stands for anything within one name, `**` for anything across folders, `?` for one
/// character of a name. A pattern without `/` means that name in any folder (`*.tmp`); one with
/// `/` is matched against the whole relative path, from the source's root. What matches a folder
/// matches all in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Glob {
    parts: Vec<Part>,
}

/// One step of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// This character and no other.
    Is(char),
    /// One character other than `/`.
    One,
    /// Any number of characters other than `/`.
    Name,
    /// Any number of characters.
    Any,
    /// Nothing, or anything that ends with `/`: the `**/` of `**/name`.
    Folders,
}

impl Glob {
    /// Takes a pattern. Every text is one.
    pub fn new(pattern: &str) -> Self {
        let trimmed = pattern.trim_start_matches("./").trim_end_matches('/');
        let mut parts = Vec::new();
        if !trimmed.contains('/') {
            parts.push(Part::Folders);
        }
        let mut rest = trimmed.strip_prefix('/').unwrap_or(trimmed);
        while let Some(c) = rest.chars().next() {
            let at_name = matches!(parts.last(), None | Some(Part::Is('/') | Part::Folders));
            let (part, length) = if at_name && rest.starts_with("**/") {
                (Part::Folders, 3)
            } else if rest.starts_with("**") {
                (Part::Any, 2)
            } else {
                match c {
                    '*' => (Part::Name, 1),
                    '?' => (Part::One, 1),
                    _ => (Part::Is(c), c.len_utf8()),
                }
            };
            parts.push(part);
            rest = &rest[length..];
        }
        Self { parts }
    }

    /// Does this relative path match? Takes time of its length times that of the pattern, no more.
    pub fn matches(&self, path: &str) -> bool {
        let n = self.parts.len();
        let mut here = vec![false; n + 1];
        here[0] = true;
        self.skip(&mut here);
        let mut next = vec![false; n + 1];
        for c in path.chars() {
            next.fill(false);
            for (at, part) in self.parts.iter().enumerate().filter(|(at, _)| here[*at]) {
                match part {
                    Part::Is(wanted) => next[at + 1] |= c == *wanted,
                    Part::One => next[at + 1] |= c != '/',
                    Part::Name => next[at] |= c != '/',
                    Part::Any => next[at] = true,
                    Part::Folders => {
                        next[at] = true;
                        next[at + 1] |= c == '/';
                    }
                }
            }
            // `**/` lets go at a `/` only, so it is not skipped again on the way.
            for (at, part) in self.parts.iter().enumerate() {
                let lets_go = match part {
                    Part::Name | Part::Any => true,
                    Part::Folders => c == '/',
                    Part::Is(_) | Part::One => false,
                };
                next[at + 1] |= next[at] && lets_go;
            }
            std::mem::swap(&mut here, &mut next);
        }
        here[n]
    }

    /// Marks what can be reached before the first character.
    fn skip(&self, here: &mut [bool]) {
        for (at, part) in self.parts.iter().enumerate() {
            if here[at] && matches!(part, Part::Name | Part::Any | Part::Folders) {
                here[at + 1] = true;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_glob(pattern: &str, yes: &[&str], no: &[&str]) {
        let glob = Glob::new(pattern);
        for path in yes {
            assert!(glob.matches(path), "`{pattern}` should match {path}");
        }
        for path in no {
            assert!(!glob.matches(path), "`{pattern}` should not match {path}");
        }
    }

    #[test]
    fn a_pattern_means_what_a_person_expects() {
        check_glob("*.tmp", &["a.tmp", "x/y/a.tmp", ".tmp"], &["a.tmp.txt", "a.tmp/b"]);
        check_glob("cache", &["cache", "x/cache"], &["cached", "x/mycache"]);
        check_glob("cache/", &["cache", "x/cache"], &["cached"]);
        check_glob("x/*.txt", &["x/a.txt"], &["x/y/a.txt", "a.txt", "z/x/a.txt"]);
        check_glob("/top.txt", &["top.txt"], &["x/top.txt"]);
        check_glob("x/**", &["x/a", "x/y/a"], &["x", "y/x/a"]);
        check_glob("**/x/a", &["x/a", "q/x/a", "q/r/x/a"], &["qx/a", "q/x/ab"]);
        check_glob("x/**/a", &["x/a", "x/y/a", "x/y/z/a"], &["x/ya", "a"]);
        check_glob("x/**/*.a", &["x/.a", "x/b.a", "x/y/b.a"], &["x/y/b.ab", "xb.a"]);
        check_glob("a**b", &["ab", "axb"], &["a", "b"]);
        check_glob("?.txt", &["a.txt", "x/ä.txt"], &["ab.txt", ".txt"]);
        check_glob("Ä*", &["Ära", "x/Ä"], &["ära"]);
    }

    #[test]
    fn a_hostile_pattern_takes_no_time() {
        assert!(!Glob::new(&"*a".repeat(200)).matches(&"a".repeat(100)));
        assert!(Glob::new(&"**".repeat(200)).matches(&"a/".repeat(500)));
    }
}
