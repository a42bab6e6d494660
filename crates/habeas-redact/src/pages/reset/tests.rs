//! Lines that are set anew say nothing of what was taken out.

use super::*;

/// Lines of text in a font whose letters are all half as wide as high; `{…}` is taken out. A line is
/// (x, y, text).
fn tokens(lines: &[(f32, f32, &str)]) -> Vec<Token> {
    let (mut tokens, mut n_secrets) = (Vec::new(), 0);
    for (x, y, text) in lines {
        let (mut x, mut secret) = (*x, None);
        for c in text.chars() {
            match c {
                '{' => {
                    secret = Some(n_secrets);
                    n_secrets += 1;
                }
                '}' => secret = None,
                c => {
                    tokens.push(Token {
                        x,
                        y: *y,
                        width: 5.0,
                        em: 10.0,
                        is_space: c == ' ',
                        is_word: false,
                        is_bullet: false,
                        is_small: c.is_lowercase(),
                        filler: (c == '.').then_some(c),
                        secret,
                    });
                    x += 5.0;
                }
            }
        }
    }
    tokens
}

const ROOM: Room<'static> =
    Room { width: 500.0, height: 700.0, label: &|em| em * 5.0, boxes: Some(&[]) };

/// Where something stands, in tenths of a point.
type At = (i32, i32);

/// Where what stays stands, and the labels, without the numbers of letters that went.
fn places(lines: &[(f32, f32, &str)]) -> Result<(Vec<At>, Vec<At>), Refusal> {
    let tokens = tokens(lines);
    let reset = reset(&tokens, &ROOM)?;
    let tenth = |value: f32| (value * 10.0).round() as i32;
    let moved: std::collections::BTreeMap<usize, At> =
        reset.moved.iter().map(|m| (m.token, (tenth(m.x), tenth(m.y)))).collect();
    let stays = |(number, token): (usize, &Token)| {
        let here = moved.get(&number).copied().unwrap_or((tenth(token.x), tenth(token.y)));
        let stays = token.secret.is_none() && !token.is_space && !reset.dropped.contains(&number);
        stays.then_some(here)
    };
    let kept = tokens.iter().enumerate().filter_map(stays).collect();
    let labels = reset.labels.iter().map(|label| (tenth(label.x), tenth(label.y))).collect();
    Ok((kept, labels))
}

/// Both pages differ in a name; afterwards nothing tells which was which.
fn check_same(one: &[(f32, f32, &str)], other: &[(f32, f32, &str)]) {
    let (first, second) = (places(one).unwrap(), places(other).unwrap());
    assert_eq!(first, second);
    assert!(!first.1.is_empty(), "nothing was taken out");
}

const MORE: (f32, f32, &str) =
    (50.0, 300.0, "Another line further down that says nothing of anybody");

#[test]
fn a_gap_is_as_wide_as_a_label_whatever_the_name() {
    check_same(
        &[(50.0, 100.0, "Dear {Al Ox}, thank you."), MORE],
        &[(50.0, 100.0, "Dear {Bartholomew Featherstone}, thank you."), MORE],
    );
}

#[test]
fn a_page_with_a_name_in_a_centred_line_or_at_the_right_edge_is_refused() {
    for end in [450.0, 300.0] {
        let line = |text: &'static str| {
            let n = text.chars().filter(|c| !"{}".contains(*c)).count() as f32;
            let x = if end > 400.0 { end - n * 5.0 } else { 250.0 - n * 2.5 };
            (x, 100.0, text)
        };
        for name in ["seen by {Al Ox}", "seen by {Bartholomew Quill}"] {
            assert_eq!(places(&[line(name), MORE]), Err(Refusal::Loose));
        }
    }
}

#[test]
fn a_name_over_a_line_break_does_not_tell_where_the_line_broke() {
    let start = "It was then that somebody whom nobody knew called for";
    let one = format!("{start} {{Al Ox}} to say that it was");
    let other = format!("{start} {{Bartholomew Feather}}");
    check_same(
        &[(50.0, 100.0, &one), (50.0, 112.0, "so and not otherwise."), MORE],
        &[(50.0, 100.0, &other), (50.0, 112.0, "to say that it was so and not otherwise."), MORE],
    );
}

#[test]
fn dots_that_lead_to_a_number_are_as_many_whatever_the_name() {
    check_same(
        &[(50.0, 100.0, "{Al Ox}..................12"), MORE],
        &[(50.0, 100.0, "{Bartholomew}............12"), MORE],
    );
}

#[test]
fn stretched_spaces_are_not_kept() {
    let justified = |text: &'static str, gap: f32| {
        let mut all = tokens(&[(50.0, 100.0, text), MORE]);
        let mut by = 0.0;
        for token in all.iter_mut().filter(|token| token.y < MORE.1) {
            token.x += by;
            if token.is_space {
                by += gap;
            }
        }
        let reset = reset(&all, &ROOM).unwrap();
        reset.moved.iter().map(|moved| (moved.x * 10.0).round() as i32).collect::<Vec<_>>()
    };
    let text = "seen by {Al} today at noon";
    assert_eq!(justified(text, 4.0), justified(text, 1.0));
}

#[test]
fn a_line_that_is_stretched_far_is_one_line() {
    let check = |gaps: [f32; 3], n: usize| {
        let mut x = 50.0;
        let words = ["seen", "by", "them", "today"];
        let mut line = Vec::new();
        for (word, gap) in words.into_iter().zip([0.0].into_iter().chain(gaps)) {
            x += gap;
            line.push((x, 100.0, word));
            x += word.len() as f32 * 5.0;
        }
        assert_eq!(segments(&tokens(&line)).len(), n, "{gaps:?}");
    };
    check([15.0, 15.0, 15.0], 1);
    check([15.0, 60.0, 40.0], 4);
}

#[test]
fn a_field_whose_font_is_as_high_as_its_text_allows_is_refused() {
    let page = |em: f32| {
        let mut all = tokens(&[(50.0, 100.0, "{Al Ox}"), MORE, (50.0, 320.0, "So it was.")]);
        all.iter_mut().filter(|token| token.y < MORE.1).for_each(|token| token.em = em);
        reset(&all, &ROOM).err()
    };
    assert_eq!(page(10.0), None);
    assert_eq!(page(13.7), Some(Refusal::Loose));
}

#[test]
fn what_stands_below_a_paragraph_follows_its_end() {
    let start = "It was then that somebody whom nobody knew called for";
    let one = format!("{start} {{Al Ox}} to say that it was");
    let other = format!("{start} {{Bartholomew Featherstone}}");
    let below = "What follows says nothing of anybody and is as wide as the rest of it all.";
    check_same(
        &[
            (50.0, 100.0, &one),
            (50.0, 112.0, "so and not otherwise, and then it was all over, as they said."),
            (50.0, 140.0, below),
        ],
        &[
            (50.0, 100.0, other.as_str()),
            (50.0, 112.0, "to say that it was so and not otherwise, and then it was all"),
            (50.0, 124.0, "over, as they said."),
            (50.0, 152.0, below),
        ],
    );
}

#[test]
fn a_column_as_wide_as_a_name_is_refused() {
    let page = [
        (50.0, 100.0, "Name"),
        (180.0, 100.0, "Date"),
        (50.0, 115.0, "{Bartholomew Featherstone}"),
        (180.0, 115.0, "1 May"),
        (50.0, 130.0, "Harriet Vale"),
        (180.0, 130.0, "2 May"),
    ];
    assert_eq!(places(&page), Err(Refusal::Column));
}

#[test]
fn where_a_label_has_no_room_the_page_is_refused() {
    let page = [
        (50.0, 100.0, "{Al}"),
        (75.0, 100.0, "1 May"),
        (50.0, 115.0, "Jo"),
        (75.0, 115.0, "2 May"),
    ];
    assert_eq!(places(&page), Err(Refusal::Column));
}

#[test]
fn a_page_without_anything_taken_out_is_left_alone() {
    assert_eq!(reset(&tokens(&[MORE]), &ROOM), Ok(Reset::default()));
}
