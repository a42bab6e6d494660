//! Makes the answer: exhibits, numbers, schedule, letters, portable copy and manifest.
