//! How does a command end, and what does it say when it cannot go on?

use std::fmt;
use std::process::ExitCode;

/// How a command ended that did what it was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Done. Exit code 0.
    Done,
    /// Done, and there is something to look at. Exit code 1.
    Exceptions,
    /// Done, and something is otherwise than in the earlier map. Exit code 4.
    Changed,
    /// Interrupted; the same command carries on. Exit code 130.
    Interrupted,
}

/// Why a command stopped: what happened, then what to do. It names paths and counts, nobody.
#[derive(Debug)]
pub struct Failure {
    code: u8,
    message: String,
    hint: Option<String>,
}

impl Failure {
    /// A wrong command or configuration. Exit code 2.
    pub fn usage(message: impl Into<String>) -> Self {
        Self { code: 2, message: message.into(), hint: None }
    }

    /// The work could not go on. Exit code 3.
    pub fn stopped(message: impl fmt::Display) -> Self {
        Self { code: 3, message: message.to_string(), hint: None }
    }

    /// A case could not be had: a wrong name is a wrong command, anything else stops the work.
    pub fn of_case(error: habeas_case::Error) -> Self {
        use habeas_case::Error;
        match error {
            Error::UnknownCase { .. }
            | Error::AmbiguousCase { .. }
            | Error::NotAllowed { .. }
            | Error::NoSuchPerson(_) => Self::usage(error.to_string()),
            Error::File { ref problem, .. } => match habeas_case::disk::advice(problem) {
                Some((words, advice)) => Self::stopped(format!("{error}: {words}")).hint(advice),
                None => Self::stopped(error),
            },
            _ => Self::stopped(error),
        }
    }

    /// What happened, and what to do about it.
    pub fn told(self) -> (String, Option<String>) {
        (self.message, self.hint)
    }

    /// Adds what to do about it.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

/// The text with control characters and direction marks shown, so that a name cannot play the
/// terminal.
pub fn shown(text: &str) -> String {
    text.chars()
        .flat_map(|c| {
            let is_bidi = matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
            let escape = (c.is_control() && c != '\n') || is_bidi;
            let shown: String = if escape { c.escape_unicode().collect() } else { c.into() };
            shown.chars().collect::<Vec<_>>()
        })
        .collect()
}

/// Prints a failure and gives the exit code of the command.
pub fn finish(result: Result<End, Failure>) -> ExitCode {
    match result {
        Ok(End::Done) => ExitCode::SUCCESS,
        Ok(End::Exceptions) => ExitCode::from(1),
        Ok(End::Changed) => ExitCode::from(4),
        Ok(End::Interrupted) => ExitCode::from(130),
        Err(failure) => {
            crate::say::talk(&format!("error: {}", shown(&failure.message)));
            // A library's own hint is already part of its message.
            if let Some(hint) = &failure.hint {
                crate::say::talk(&format!("hint: {}", shown(hint)));
            }
            ExitCode::from(failure.code)
        }
    }
}
