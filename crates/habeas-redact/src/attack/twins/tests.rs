use super::*;

fn check(one: &str, other: &str, shows: &[usize]) {
    let is_taken = |_: usize, text: &str| text.contains("Tom");
    let is_own = |word: &str| word == "harriet" || word == "vale";
    let found: Vec<usize> =
        twins(&[one, other], &is_taken, &is_own).found.into_iter().map(|twin| twin.shows).collect();
    assert_eq!(found, shows, "{one:?} {other:?}");
}

#[test]
fn a_twin_that_shows_what_was_taken_out_is_caught() {
    let taken = "Then on the first day [TP 001] came to see her about it.";
    check(taken, "> Then on the first day Tom came to see\n> her about it.", &[1]);
    check(taken, "> Then on the first day Tom Quill came to see\n> her about it.", &[1]);
    check("Yes, that was what I said to [TP 001]", "Yes, that was what I said to Tom", &[1]);
}

#[test]
fn a_nickname_in_a_copy_of_a_long_text_is_caught() {
    let text = |who: &str| {
        let before = "on 4 May at 10 we met in the small room behind the desk to talk about what was said there by";
        let after = "and nobody else who was there wished to add a word to it so that we left after an hour or two";
        format!("{before} {who} {after}")
    };
    check(&text("[TP 001]"), &text("Old Foxy"), &[1]);
    check(&text("[TP 001]"), &text("Harriet Vale"), &[]);
    check(&text("[TP 001]"), &text("somebody"), &[]);
}

#[test]
fn what_is_treated_alike_or_is_no_twin_passes() {
    let taken = "Then on the first day [TP 001] came to see her about it.";
    check(taken, taken, &[]);
    check(taken, "Then on the first day [TP 002] came to see her about it.", &[]);
    check(taken, "Then on the first day Ann came to see her about it.", &[]);
    check(taken, "Then on the last day Tom came to see her about it.", &[]);
    check("Dear [TP 001]", "Dear Tom", &[]);
}

#[test]
fn many_letters_of_one_template_take_no_longer_than_they_are_long() {
    let begun = std::time::Instant::now();
    let text = "We write to you about the visit to [TP 001] that was booked for you on Monday. ";
    let texts: Vec<String> = (0..400).map(|n| format!("{} {n}", text.repeat(50))).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let twins = twins(&texts, &|_, _| false, &|_| false);
    assert!(twins.found.is_empty());
    assert!(twins.n_skipped > 0, "a limit is never silent");
    assert!(begun.elapsed().as_secs() < 20, "{:?}", begun.elapsed());
}
